"""A searcher's contract on two pools of the same tokens, for tests of what it does and what it refuses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from dexsim import cpmm
from dexsim.chain.accounts import Account
from dexsim.chain.types import Receipt, Transaction
from dexsim.market.contract import Contract

E18 = 10**18
ALL = 2**256 - 1
HUNTER = Account.named("hunter")


@dataclass(frozen=True)
class Desk:
    """The searcher of HUNTER, who neither deployed it nor holds anything else.

    It has 100 of each token and 10 of money. pool: 1000 to 2000 at 30 bps. other: 1000 to 2300 at 5 bps.
    """

    dex: Any
    searcher: Contract
    pool: Contract
    other: Contract

    def send(self, name: str, *args: Any, sender: Any = HUNTER) -> Receipt:
        """One transaction."""
        return self.dex.send(self.tx(name, *args, sender=sender))

    def tx(self, name: str, *args: Any, sender: Any = HUNTER) -> Transaction:
        """Described."""
        return getattr(self.searcher.write, name)(sender, *args, gas_limit=3_000_000)

    def answer(self, name: str, *args: Any) -> Any:
        """What a transaction would answer."""
        return getattr(self.searcher.read, name)(*args, sender=HUNTER)

    def held(self, token: Contract, who: Any = None) -> int:
        """A balance; the searcher's own unless told."""
        return token.read.balanceOf(self.searcher if who is None else who)

    def money(self, who: Any = None) -> int:
        """Wei of somebody; the searcher's own unless told."""
        who = self.searcher if who is None else who
        return self.dex.chain.balance(getattr(who, "address", who))

    def out(self, pool: Contract, token_in: Contract, amount: int, fee_bps: int) -> int:
        """What a pool gives by the arithmetic of cpmm."""
        reserve0, reserve1, _ = pool.read.getReserves()
        sides = (reserve0, reserve1) if token_in is self.dex.token0 else (reserve1, reserve0)
        return cpmm.amount_out(amount, *sides, fee_bps)

    def block(self, *transactions: Transaction) -> list[Receipt]:
        """All in one block, or none where one is refused."""
        chain = self.dex.chain
        with chain.block(time_ms=chain.time_ms):
            return [chain.send(tx) for tx in transactions]


def open_desk(dex: Any, pool: Contract | None = None) -> Desk:
    """A desk; `pool` in the place of dexsim's own, empty still."""
    own = dex.on(pool or dex.pool)
    other = dex.on(dex.create_pool(dex.token0, dex.token1, dex.venue(5)))
    own.add(1_000 * E18, 2_000 * E18)
    other.add(1_000 * E18, 2_300 * E18)
    searcher = dex.deploy("searcher", HUNTER)
    dex.chain.set_balance(HUNTER, 10**24)
    dex.send(Transaction(sender=HUNTER.address, to=searcher.address, value=10 * E18))
    return fill(Desk(dex, searcher, own.pool, other.pool))


def fill(desk: Desk, amount0: int = 100 * E18, amount1: int = 100 * E18) -> Desk:
    """Give the searcher tokens of Alice's."""
    dex, alice = desk.dex, Account.named("alice")
    for token, amount in ((dex.token0, amount0), (dex.token1, amount1)):
        dex.send(token.write.transfer(alice, desk.searcher, amount))
    return desk
