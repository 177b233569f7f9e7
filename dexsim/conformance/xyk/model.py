"""A venue in plain integers: what its pools and tokens have to do, written from the table of behaviour.

Every action names who acts first, and has a twin of the same name and arguments on the `Stage`.
It changes the model and tells what must be logged, or raises `Refused` with the reason in the
words of contracts/README.md; then the model is spoiled, and the caller goes back to a copy.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from math import isqrt
from typing import Any

from dexsim.conformance.xyk.state import ZERO, Pair, PoolState, State

UINT112 = 2**112
UINT256 = 2**256
UINT32 = 2**32
LOCKED_SHARES = 1000


class Refused(Exception):
    """The contracts must refuse this, for this reason."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def insist(condition: bool, reason: str) -> None:
    """Go on only if it holds."""
    if not condition:
        raise Refused(reason)


@dataclass
class ModelPool:
    """The fields of `PoolState`, as they change."""

    name: str
    tokens: tuple[str, str]
    reserves: Pair = (0, 0)
    since: int = 0
    sums: Pair = (0, 0)
    k_last: int = 0
    supply: int = 0
    shares: dict[str, int] = field(default_factory=dict)
    locked: bool = False

    def seen(self) -> PoolState:
        """As it is seen from outside."""
        fields = {**vars(self), "shares": dict(self.shares)}
        del fields["locked"]
        return PoolState(**fields)


@dataclass
class Model:
    """Pools and tokens. A swap keeps `fee / base` of what it is paid; `taxes` are burned on transfer."""

    now: int
    fee: int
    base: int
    setter: str
    pools: dict[str, ModelPool]
    tokens: dict[str, dict[str, int]]
    taxes: dict[str, int] = field(default_factory=dict)
    fee_to: str = ZERO
    told: list[tuple[Any, ...]] = field(default_factory=list)

    def copy(self) -> Model:
        """Another one in the same state."""
        return deepcopy(self)

    def seen(self) -> State:
        """As it is seen from outside."""
        pools = {name: pool.seen() for name, pool in self.pools.items()}
        tokens = {name: dict(holders) for name, holders in self.tokens.items()}
        return State(self.now, self.fee_to, pools, tokens)

    # Tokens and shares

    def transfer(self, who: str, token: str, to: str, amount: int) -> None:
        """Move tokens; a taxed one burns its part first."""
        holders = self.tokens[token]
        tax = amount * self.taxes.get(token, 0) // 10_000
        insist(holders.get(who, 0) >= amount, "token: insufficient balance")
        holders[who] = holders.get(who, 0) - amount
        holders[to] = holders.get(to, 0) + amount - tax
        if token in self.taxes:
            self._tell(token, "Transfer", who, ZERO, tax)
        self._tell(token, "Transfer", who, to, amount - tax)

    def give_shares(self, who: str, pool: str, to: str, amount: int) -> None:
        """Move liquidity; to anybody, the zero address too, and while the pool is locked."""
        shares = self.pools[pool].shares
        insist(shares.get(who, 0) >= amount, "pool: insufficient balance")
        shares[who] = shares.get(who, 0) - amount
        shares[to] = shares.get(to, 0) + amount
        self._tell(pool, "Transfer", who, to, amount)

    def take_shares(self, who: str, pool: str, owner: str, to: str, amount: int) -> None:
        """Move somebody else's liquidity: only the router was ever allowed to."""
        insist(who == "router" or amount == 0, "pool: insufficient allowance")
        self.give_shares(owner, pool, to, amount)

    # The pool

    def mint(self, who: str, pool: str, to: str) -> None:
        """Shares for what the pool was paid."""
        with self._locking(pool) as p:
            amounts = self.surplus(pool)
            fee_on = self._mint_protocol_share(p)
            if p.supply == 0:
                minted = isqrt(amounts[0] * amounts[1]) - LOCKED_SHARES
                self._issue(p, ZERO, LOCKED_SHARES)
            else:
                minted = min(a * p.supply // r for a, r in zip(amounts, p.reserves, strict=True))
            insist(minted > 0, "pool: insufficient liquidity minted")
            self._issue(p, to, minted)
            self._update(p)
            if fee_on:
                p.k_last = p.reserves[0] * p.reserves[1]
            self._tell(pool, "Mint", who, *amounts)

    def burn(self, who: str, pool: str, to: str) -> None:
        """The pool's own shares, for their part of the balances."""
        with self._locking(pool) as p:
            liquidity = p.shares.get(pool, 0)
            fee_on = self._mint_protocol_share(p)
            paid = self.worth(pool, liquidity)
            insist(min(paid) > 0, "pool: insufficient liquidity burned")
            p.shares[pool] -= liquidity
            p.supply -= liquidity
            self._tell(pool, "Transfer", pool, ZERO, liquidity)
            for token, amount in zip(p.tokens, paid, strict=True):
                self.transfer(pool, token, to, amount)
            self._update(p)
            if fee_on:
                p.k_last = p.reserves[0] * p.reserves[1]
            self._tell(pool, "Burn", who, *paid, to)

    def swap(
        self, who: str, pool: str, out0: int, out1: int, to: str, script: Sequence[Any] = ()
    ) -> None:
        """Outputs first, then whatever the receiver does, then the check of k."""
        with self._locking(pool) as p:
            outs = (out0, out1)
            insist(max(outs) > 0, "pool: insufficient output")
            enough = out0 < p.reserves[0] and out1 < p.reserves[1]
            insist(enough, "pool: insufficient liquidity")
            insist(to not in p.tokens, "pool: invalid to")
            for token, out in zip(p.tokens, outs, strict=True):
                if out > 0:
                    self.transfer(pool, token, to, out)
            self._call_back(who, to, outs, script)
            ins = self._paid(p, outs)
            insist(max(ins) > 0, "pool: insufficient input")
            insist(self._k_holds(p, ins), "pool: k")
            self._update(p)
            self._tell(pool, "Swap", who, *ins, *outs, to)

    def skim(self, who: str, pool: str, to: str) -> None:
        """Everything above the reserves to somebody."""
        with self._locking(pool) as p:
            for token, amount in zip(p.tokens, self.surplus(pool), strict=True):
                self.transfer(pool, token, to, amount)

    def sync(self, who: str, pool: str) -> None:
        """Balances become reserves."""
        with self._locking(pool) as p:
            self._update(p)

    def set_fee_to(self, who: str, receiver: str) -> None:
        """The protocol fee on, or off with the zero address."""
        insist(who == self.setter, "factory: forbidden")
        self.fee_to = receiver

    # What can be known beforehand

    def balances(self, pool: str) -> Pair:
        """What a pool holds."""
        first, second = self.pools[pool].tokens
        return self.tokens[first].get(pool, 0), self.tokens[second].get(pool, 0)

    def surplus(self, pool: str) -> Pair:
        """What a pool holds above its reserves."""
        balances, reserves = self.balances(pool), self.pools[pool].reserves
        return balances[0] - reserves[0], balances[1] - reserves[1]

    def worth(self, pool: str, liquidity: int) -> Pair:
        """What burning so many shares pays, of the supply as it stands."""
        supply = max(self.pools[pool].supply, 1)
        first, second = self.balances(pool)
        return liquidity * first // supply, liquidity * second // supply

    def pending_share(self, pool: str) -> int:
        """What the protocol gets at the next mint or burn: S*(r-l) // (5r+l), roots rounded down."""
        p = self.pools[pool]
        root, root_last = isqrt(p.reserves[0] * p.reserves[1]), isqrt(p.k_last)
        if self.fee_to == ZERO or p.k_last == 0 or root <= root_last:
            return 0
        return p.supply * (root - root_last) // (5 * root + root_last)

    def most_out(self, pool: str, side: int) -> int:
        """The most that the pool would pay of one token for what it holds above its reserves."""
        p, ins = self.pools[pool], self.surplus(pool)
        kept = [
            r * self.base + i * (self.base - self.fee) for r, i in zip(p.reserves, ins, strict=True)
        ]
        least = p.reserves[0] * p.reserves[1] * self.base**2
        needed = -(-least // kept[1 - side])
        return min((kept[side] - needed) // self.base, p.reserves[side] - 1)

    def answer(self, pool: str, question: str) -> tuple[int, ...]:
        """What a view says, which is the same inside a callback."""
        p = self.pools[pool]
        views = {
            "getReserves": (*p.reserves, p.since),
            "totalSupply": (p.supply,),
            "kLast": (p.k_last,),
            "price0CumulativeLast": (p.sums[0],),
            "price1CumulativeLast": (p.sums[1],),
        }
        return views[question]

    def ask(self, who: str, pool: str, question: str) -> None:
        """A view, asked by a contract in the middle of something."""

    # Inside

    @contextmanager
    def _locking(self, pool: str) -> Iterator[ModelPool]:
        p = self.pools[pool]
        insist(not p.locked, "pool: locked")
        p.locked = True
        yield p
        p.locked = False

    def _tell(self, contract: str, event: str, *fields: Any) -> None:
        self.told.append((f"{contract}.{event}", *fields))

    def _issue(self, p: ModelPool, to: str, amount: int) -> None:
        p.supply += amount
        p.shares[to] = p.shares.get(to, 0) + amount
        self._tell(p.name, "Transfer", ZERO, to, amount)

    def _mint_protocol_share(self, p: ModelPool) -> bool:
        share = self.pending_share(p.name)
        if share > 0:
            self._issue(p, self.fee_to, share)
        if self.fee_to == ZERO:
            p.k_last = 0
        return self.fee_to != ZERO

    def _paid(self, p: ModelPool, outs: Pair) -> Pair:
        balances = self.balances(p.name)
        rests = [r - o for r, o in zip(p.reserves, outs, strict=True)]
        return max(balances[0] - rests[0], 0), max(balances[1] - rests[1], 0)

    def _k_holds(self, p: ModelPool, ins: Pair) -> bool:
        balances = self.balances(p.name)
        kept = [b * self.base - i * self.fee for b, i in zip(balances, ins, strict=True)]
        return kept[0] * kept[1] >= p.reserves[0] * p.reserves[1] * self.base**2

    def _update(self, p: ModelPool) -> None:
        balances = self.balances(p.name)
        insist(max(balances) < UINT112, "pool: overflow")
        elapsed = (self.now - p.since) % UINT32
        if min(p.reserves) > 0:
            r0, r1 = p.reserves
            prices = ((r1 << 112) // r0, (r0 << 112) // r1)
            p.sums = (
                (p.sums[0] + prices[0] * elapsed) % UINT256,
                (p.sums[1] + prices[1] * elapsed) % UINT256,
            )
        p.reserves, p.since = balances, self.now % UINT32
        self._tell(p.name, "Sync", *balances)

    def _call_back(self, who: str, to: str, outs: Pair, script: Sequence[Any]) -> None:
        if not script:
            return
        self._tell(to, "Called", who, *outs)
        for name, target, *args in script:
            if name == "ask":
                words = self.answer(target, args[0])
                answer = b"".join(word.to_bytes(32, "big") for word in words)
            else:
                getattr(self, name)(to, target, *args)
                answer = _ANSWERS.get(name, b"")
            self._tell(to, "Answered", target, answer)


_TRUE = (1).to_bytes(32, "big")
_ANSWERS = {"transfer": _TRUE, "give_shares": _TRUE}
