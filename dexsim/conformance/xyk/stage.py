"""A venue on a chain, under the same names as in the model: people, tokens and pools are words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from eth_abi.abi import encode
from eth_hash.auto import keccak

from dexsim.chain.accounts import Account
from dexsim.chain.address import checksum, to_bytes
from dexsim.chain.chain import Chain
from dexsim.chain.types import Receipt, Transaction
from dexsim.conformance.keeping import Broken
from dexsim.conformance.xyk.model import ModelPool
from dexsim.conformance.xyk.panel import Panel
from dexsim.conformance.xyk.routing import RoutedModel
from dexsim.conformance.xyk.state import ZERO, Pair, PoolState, State
from dexsim.conformance.xyk.subject import Subject, mock
from dexsim.conformance.xyk.words import Words, heard
from dexsim.errors import Reverted
from dexsim.market.contract import Contract, deploy

PEOPLE = ("alice", "bob", "carol")
SETTER, TREASURY, BORROWER, ROUTER, POOL = "setter", "treasury", "borrower", "router", "pool"
FAR, TAXED = "far pool", "taxed pool"
TAX_BPS = 100
WEALTH = 2**113
"""What everybody has of every token: more than a pool can hold."""
BIRTH = 1_500_000_000
_NOBODY = "0x" + "00" * 20
_GAS = 3_000_000


@dataclass(frozen=True, eq=False)
class Stage:
    """Factory, router, tokens A, B, C (by address), T that burns a part, and the pools asked for.

    Every action of the model is a method here that describes the transaction.
    """

    subject: Subject
    chain: Chain
    contracts: dict[str, Contract]
    pools: dict[str, tuple[str, str]]
    refusals: list[Reverted] = field(default_factory=list)
    """The last one."""

    @classmethod
    def build(cls, subject: Subject, *, wide: bool) -> Stage:
        """On a chain of its own. wide: with the pools of two hops and of the taxed token."""
        chain = Chain("pyevm", base_fee=0, time_ms=BIRTH * 1000, trace_reverts=False)
        factory, router = subject.make(chain, Account.named(SETTER))
        contracts = {"factory": factory, ROUTER: router}
        contracts |= _tokens(chain, subject, wide)
        contracts[BORROWER] = deploy(chain, mock("scripted_borrower"), Account.named(SETTER))
        half = cls(subject, chain, contracts, {})
        pairs = {POOL: "AB", FAR: "BC", TAXED: "AT"} if wide else {POOL: "AB"}
        for name, pair in pairs.items():
            half.open_pool(name, *pair)
        half.endow()
        return half

    # Setting up

    def open_pool(self, name: str, token_a: str, token_b: str) -> None:
        """Have the factory create a pool, and know it by a name."""
        self.chain.send(self._call(SETTER, "factory", "createPair", token_a, token_b))
        address = self.contracts["factory"].read.getPair(self.there(token_a), self.there(token_b))
        self.contracts[name] = Contract(self.subject.pool.abi, address, self.chain, name=name)
        a_first = int(self.there(token_a), 16) < int(self.there(token_b), 16)
        self.pools[name] = (token_a, token_b) if a_first else (token_b, token_a)

    def endow(self) -> None:
        """Tokens for everybody, and leave for the router to move them."""
        for token in self.tokens:
            for who in (*PEOPLE, BORROWER):
                self.chain.send(self._call(SETTER, token, "mint", who, WEALTH))
        for who in PEOPLE:
            for approved in (*self.tokens, *self.pools):
                self.chain.send(self._call(who, approved, "approve", ROUTER, 2**256 - 1))

    def model(self) -> RoutedModel:
        """A model of the venue as it is after setting up."""
        everybody = dict.fromkeys((*PEOPLE, BORROWER), WEALTH)
        return RoutedModel(
            now=self.now,
            fee=self.subject.fee_bps,
            base=10_000,
            setter=SETTER,
            pools={name: ModelPool(name, tokens) for name, tokens in self.pools.items()},
            tokens={token: dict(everybody) for token in self.tokens},
            taxes={"T": TAX_BPS} if "T" in self.tokens else {},
        )

    # Names

    @property
    def now(self) -> int:
        """The time of the last block, in seconds."""
        return self.chain.time_ms // 1000

    @cached_property
    def tokens(self) -> tuple[str, ...]:
        """The names of the tokens that there are."""
        return tuple(name for name in "ABCT" if name in self.contracts)

    @cached_property
    def holders(self) -> tuple[str, ...]:
        """Everybody who can hold anything."""
        return (*PEOPLE, TREASURY, BORROWER, ROUTER, *self.pools, ZERO)

    def there(self, name: str) -> str:
        """The address of a name."""
        if name == ZERO:
            return _NOBODY
        known = self.contracts.get(name)
        return known.address if known else Account.named(name).address

    @cached_property
    def names(self) -> dict[str, str]:
        """What everybody and everything is called, by address."""
        known = (*self.contracts, *PEOPLE, TREASURY, SETTER, ZERO)
        return {self.there(name): name for name in known}

    def _plain(self, value: Any) -> Any:
        if isinstance(value, str):
            return self.there(value)
        return [self._plain(each) for each in value] if isinstance(value, list | tuple) else value

    # Actions

    def _call(self, who: str, contract: str, function: str, *args: Any) -> Transaction:
        write = getattr(self.contracts[contract].write, function)
        tx: Transaction = write(self.there(who), *map(self._plain, args), gas_limit=_GAS)
        return tx

    def transfer(self, who: str, token: str, to: str, amount: int) -> Transaction:
        """Move tokens."""
        return self._call(who, token, "transfer", to, amount)

    give_shares = transfer

    def take_shares(self, who: str, pool: str, owner: str, to: str, amount: int) -> Transaction:
        """Move somebody else's liquidity."""
        return self._call(who, pool, "transferFrom", owner, to, amount)

    def mint(self, who: str, pool: str, to: str) -> Transaction:
        """Shares for what the pool was paid."""
        return self._call(who, pool, "mint", to)

    def burn(self, who: str, pool: str, to: str) -> Transaction:
        """The pool's own shares."""
        return self._call(who, pool, "burn", to)

    def swap(
        self, who: str, pool: str, out0: int, out1: int, to: str, script: Sequence[Any] = ()
    ) -> Transaction:
        """Outputs, a script for the receiver, and the check of k."""
        calls = [
            (self.there(target), self._step(to, *step)) for step in script for target in step[1:2]
        ]
        data = encode(["(address,bytes)[]"], [calls]) if script else b""
        return self._call(who, pool, "swap", out0, out1, to, data)

    def _step(self, who: str, name: str, target: str, *args: Any) -> bytes:
        if name == "ask":
            return self._call(who, target, args[0]).data
        tx: Transaction = getattr(self, name)(who, target, *args)
        return tx.data

    def skim(self, who: str, pool: str, to: str) -> Transaction:
        """Everything above the reserves."""
        return self._call(who, pool, "skim", to)

    def sync(self, who: str, pool: str) -> Transaction:
        """Balances become reserves."""
        return self._call(who, pool, "sync")

    def set_fee_to(self, who: str, receiver: str) -> Transaction:
        """The protocol fee on, or off."""
        return self._call(who, "factory", "setFeeTo", receiver)

    def sell(
        self, who: str, path: Sequence[str], amount: int, least: int, to: str, deadline: int
    ) -> Transaction:
        """All of an input."""
        name = "swapExactTokensForTokens"
        return self._call(who, ROUTER, name, amount, least, list(path), to, deadline)

    def sell_measured(
        self, who: str, path: Sequence[str], amount: int, least: int, to: str, deadline: int
    ) -> Transaction:
        """All of an input, of tokens that may be taxed."""
        name = "swapExactTokensForTokensSupportingFeeOnTransferTokens"
        return self._call(who, ROUTER, name, amount, least, list(path), to, deadline)

    def buy(
        self, who: str, path: Sequence[str], amount: int, most: int, to: str, deadline: int
    ) -> Transaction:
        """An exact output."""
        name = "swapTokensForExactTokens"
        return self._call(who, ROUTER, name, amount, most, list(path), to, deadline)

    def provide(
        self, who: str, tokens: Sequence[str], desired: Pair, least: Pair, to: str, deadline: int
    ) -> Transaction:
        """Liquidity through the router."""
        return self._call(who, ROUTER, "addLiquidity", *tokens, *desired, *least, to, deadline)

    def withdraw(
        self, who: str, tokens: Sequence[str], liquidity: int, least: Pair, to: str, deadline: int
    ) -> Transaction:
        """Liquidity back through the router."""
        return self._call(who, ROUTER, "removeLiquidity", *tokens, liquidity, *least, to, deadline)

    # What comes of them

    def send(self, tx: Transaction) -> tuple[str | None, list[tuple[Any, ...]]]:
        """Execute at the time of the block before: why it was refused or None, and what was logged."""
        try:
            with self.chain.block(time_ms=self.chain.time_ms):
                return None, self._told(self.chain.send(tx))
        except Reverted as error:
            self.refusals[:] = [error]
            return error.reason, []

    def _told(self, receipt: Receipt) -> list[tuple[Any, ...]]:
        told = []
        for log in receipt.logs:
            name = self.names.get(log.address)
            if name is None:  # of a contract that the pool uses
                continue
            event = self.contracts[name].decode_log(log)
            if event is None:
                raise Broken(f"P28: events of the ABI of {name}, and no others")
            values = (
                self.names.get(v, v) if isinstance(v, str) else v for v in event.fields.values()
            )
            told.append((f"{name}.{event.name}", *values))
        return told

    @cached_property
    def words(self) -> Words:
        """Whose words the contracts refuse in: found by asking for a few things that must be refused."""
        stranger, late = "alice", 0
        asked = {
            "pool": [
                self.swap(stranger, POOL, 0, 0, stranger),
                self.mint(stranger, POOL, stranger),
                self.burn(stranger, POOL, stranger),
            ],
            "factory": [
                self.set_fee_to(stranger, stranger),
                self._call(stranger, "factory", "createPair", "A", "A"),
            ],
            ROUTER: [
                self.sell(stranger, "AB", 1, 1, stranger, late),
                self.buy(stranger, "AB", 1, 0, stranger, self.now),
            ],
        }
        return Words({name: heard(name, self._refusals(txs)) for name, txs in asked.items()})

    def _refusals(self, txs: Sequence[Transaction]) -> list[str]:
        with self.chain.anchor():
            return [self.send(tx)[0] or "" for tx in txs]

    # The factory

    def create(self, who: str, token_a: str, token_b: str) -> str:
        """Have the factory create a pool: the address that it logs, or why it refuses."""
        refused, told = self.send(self._call(who, "factory", "createPair", token_a, token_b))
        pools = [address for name, _, _, address, _ in told if name == "factory.PairCreated"]
        return refused if refused is not None else pools[0]

    def computed_address(self, token_a: str, token_b: str) -> str:
        """Where the pool of two tokens is or will be (CREATE2), without asking anybody."""
        salt = keccak(b"".join(sorted(to_bytes(self.there(each)) for each in (token_a, token_b))))
        factory = to_bytes(self.contracts["factory"].address)
        parts = b"\xff" + factory + salt + self.subject.pool.init_code_hash
        return checksum("0x" + keccak(parts)[12:].hex())

    # Seeing

    @cached_property
    def _panel(self) -> Panel:
        panel = Panel(self.chain)
        panel.add(self.contracts["factory"], "feeTo")
        for name in self.pools:
            pool = self.contracts[name]
            panel.add(pool, "getReserves", words=3)
            for view in ("price0CumulativeLast", "price1CumulativeLast", "kLast", "totalSupply"):
                panel.add(pool, view)
        for name in (*self.pools, *self.tokens):
            for holder in self.holders:
                panel.add(self.contracts[name], "balanceOf", self.there(holder))
        return panel

    def seen(self) -> State:
        """Everything that can be seen now."""
        words = iter(self._panel.read())
        fee_to = next(words)
        pools = {name: [next(words) for _ in range(7)] for name in self.pools}
        held = {
            name: {holder: next(words) for holder in self.holders}
            for name in (*self.pools, *self.tokens)
        }
        return State(
            now=self.now,
            fee_to=next((n for a, n in self.names.items() if int(a, 16) == fee_to), hex(fee_to)),
            pools={
                name: PoolState(
                    name,
                    self.pools[name],
                    (r0, r1),
                    since,
                    (sum0, sum1),
                    k_last,
                    supply,
                    held[name],
                )
                for name, (r0, r1, since, sum0, sum1, k_last, supply) in pools.items()
            },
            tokens={name: held[name] for name in self.tokens},
        )


def _tokens(chain: Chain, subject: Subject, wide: bool) -> dict[str, Contract]:
    owner = Account.named(SETTER)
    plain = [
        deploy(chain, subject.token, owner, "Token", "TOK", 18, 0) for _ in range(3 if wide else 2)
    ]
    plain.sort(key=lambda token: int(token.address, 16))
    tokens = dict(zip("ABC", plain, strict=False))
    if wide:
        tokens["T"] = deploy(chain, mock("fee_on_transfer"), owner, TAX_BPS)
    return tokens


def interface_has(contract: Contract, function: str) -> bool:
    """Whether a contract's ABI has a function of this name."""
    return function in contract.interface.functions
