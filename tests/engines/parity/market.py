"""Every contract that ships with dexsim, deployed as they are used together, for random calls."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Protocol

from dexsim.artifacts.abi import Interface
from dexsim.artifacts.library import shipped
from dexsim.chain.accounts import Account
from dexsim.chain.pyevm import PyEvm
from dexsim.chain.types import BlockEnv, CallResult, Receipt, Transaction
from dexsim.market.contract import blueprint_creation, creation

PEOPLE = ("alice", "bob", "carol", "dave")
TOKENS = ("red", "green", "blue")
NOBODY = "0x" + "00" * 20
FOREVER = 2**256 - 1
START = 1_600_000_000
ETHER = 10**18
GAS = 3_000_000
FIRST_BLOCK = 1_000


class Ledger(Protocol):
    """What a market is put on: an engine, or a gate with several behind it."""

    def execute(self, tx: Transaction, block: BlockEnv) -> Any: ...
    def call(self, tx: Transaction, block: BlockEnv) -> Any: ...
    def nonce(self, address: str) -> int: ...
    def set_balance(self, address: str, wei: int) -> None: ...
    def set_code(self, address: str, code: bytes) -> None: ...
    def set_storage(self, address: str, slot: int, value: int) -> None: ...


def first_block() -> BlockEnv:
    """The block in which everything is deployed."""
    return BlockEnv(
        number=FIRST_BLOCK,
        timestamp=START,
        base_fee=0,
        gas_limit=30_000_000,
        coinbase=Account.named("builder").address,
    )


@dataclass
class Market:
    """Contracts and people by name.

    kinds: which shipped contract stands behind a name.
    """

    address: dict[str, str] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)

    def of(self, kind: str) -> list[str]:
        """Names of all contracts of a kind."""
        return [name for name, each in self.kinds.items() if each == kind]

    def interface(self, name: str) -> Interface:
        """How a contract is called."""
        return shipped(self.kinds[name]).interface

    def plain(self, value: Any) -> Any:
        """Names replaced by their addresses, in lists and tuples too."""
        if isinstance(value, (list, tuple)):
            return type(value)(self.plain(each) for each in value)
        return self.address.get(value, value) if isinstance(value, str) else value

    def calldata(self, name: str, function: str, args: Iterable[Any]) -> bytes:
        """Selector and arguments."""
        values = [self.plain(each) for each in args]
        return self.interface(name).function(function, len(values)).encode(values)


def open_market(ledger: Ledger) -> Market:
    """Deploy everything by transactions in one block, and give everybody something of it."""
    return _Opening(ledger).market


def copy_accounts(engine: PyEvm, ledger: Ledger) -> None:
    """All balances, codes and slots by decree, for a fork on which the contracts cannot be deployed."""
    store = engine._store
    for address in sorted({*store.balances, *store.codes}):
        name = "0x" + address.hex()
        ledger.set_balance(name, store.get_balance(address))
        ledger.set_code(name, store.get_code(address))
    for name, slot, value in all_slots(engine):
        ledger.set_storage(name, slot, value)


def all_slots(engine: PyEvm) -> Iterator[tuple[str, int, int]]:
    """Every slot that is not zero, in a fixed order."""
    for address, slots in sorted(engine._store.slots.items()):
        yield from (("0x" + address.hex(), slot, slots[slot]) for slot in sorted(slots))


class _Opening:
    def __init__(self, ledger: Ledger) -> None:
        self.ledger, self.block, self.market = ledger, first_block(), Market()
        for name in (*PEOPLE, "builder", "stranger", "pauper"):
            self.market.address[name] = Account.named(name).address
            rich = name in PEOPLE
            ledger.set_balance(self.market.address[name], 10**6 * ETHER if rich else 0)
        ledger.set_balance(self.market.address["pauper"], 10**15)
        self._exchange()
        self._rewards()
        self._issued()
        self._hand_out()
        self._open_positions()

    def _exchange(self) -> None:
        for token in TOKENS:
            self._create(token, "token", token, token, 18, 10**36)
        self._create("weth", "weth")
        blueprint = self._send(blueprint_creation(shipped("pool"), self._at("alice")))
        code_hash = shipped("pool").init_code_hash
        for name, fee in (("factory", 30), ("cheap", 5)):
            self._create(name, "factory", "alice", fee, blueprint, code_hash)
        self._create("router", "router", "factory", "weth")
        for pool, factory, tokens in (
            ("red/green", "factory", ("red", "green")),
            ("green/blue", "factory", ("green", "blue")),
            ("red/weth", "factory", ("red", "weth")),
            ("red/green cheap", "cheap", ("red", "green")),
        ):
            self._do("alice", factory, "createPair", *tokens)
            self.market.address[pool] = self._ask(factory, "getPair", *tokens)
            self.market.kinds[pool] = "pool"
        self._create("oracle", "oracle_window", "factory", 86_400, 24)
        self._create("auction", "batch_auction", "red/green")
        self._create("searcher", "searcher", "alice")
        self._create("lens", "lens")
        self._create("multicall", "multicall3")

    def _rewards(self) -> None:
        schedule = (START - 100_000, 1, 86_400 * 30, [10**18, 5 * 10**17], 10**17, 0)
        self._create("reward", "incentive_token", "Reward", "RWD", 10**30, 10**32, schedule)
        self._create("bonus", "incentive_token", "Bonus", "BNS", 10**30, 10**32, schedule)
        self._create("spare", "incentive_token", "Spare", "SPR", 10**30, 10**32, schedule)
        self._create("minter", "minter", "reward", "alice")
        self._create("gauge", "gauge", "red/green", "minter", "alice")
        self._create("farm", "gauge", "blue", "minter", "alice")
        self._create("stall", "gauge", "green", NOBODY, "alice")
        self._create("staking", "staking_rewards", "blue", "bonus", 86_400, "carol")
        self._do("alice", "reward", "set_minter", "minter")
        self._do("alice", "bonus", "set_minter", "alice")
        for gauge, weight in (("gauge", 3), ("farm", 1)):
            self._do("alice", "minter", "add_gauge", gauge, weight)
        for gauge in ("gauge", "farm"):
            self._do("alice", gauge, "add_reward", "bonus", "carol", 86_400)

    def _issued(self) -> None:
        hours = (0, 0, 127)
        at_once = (10, 20, 0, 0, 0, 1_000, hours, True, False, False)
        later = (0, 5, 3_600, 10**24, 10**24, 5_000, (18_000, 79_200, 127), False, True, True)
        self._create("house", "issuer", "House", "HSE", 18, "blue", "alice", at_once)
        self._create("share", "issuer", "Share", "SHR", 18, "blue", "alice", at_once)
        self._create("bond", "issuer", "Bond", "BND", 18, "blue", "alice", later)
        offer = (11 * 10**17, 10**18, 0, 1, START + 43_200)
        self._create("tender", "tender", "house", "green", "bob", offer)
        offer = (11 * 10**17, 10**18, 0, 1, START + 1_000 * 86_400)
        self._create("takeover", "tender", "bond", "green", "bob", offer)
        for name in (*PEOPLE, "takeover"):
            self._do("alice", "bond", "set_whitelisted", name, True)

    def _hand_out(self) -> None:
        spenders = (
            *("router", "gauge", "farm", "staking", "auction", "alice"),
            *("house", "share", "bond", "tender", "takeover"),
        )
        for person in PEOPLE:
            for token in (*TOKENS, "reward", "bonus", "spare"):
                self._do("alice", token, "transfer", person, 10**28)
            self._do(person, "weth", "deposit", value=10**5 * ETHER)
            for token in (*TOKENS, "weth", "bonus"):
                for spender in spenders:
                    self._do(person, token, "approve", spender, FOREVER)
        for token in (*TOKENS, "bonus", "weth"):
            self._do("alice", token, "transfer", "searcher", 10**22)
        self._transfer("alice", "searcher", 10**20)

    def _open_positions(self) -> None:
        for tokens in (("red", "green"), ("green", "blue"), ("red", "weth")):
            for person in PEOPLE:
                amounts = (2 * 10**22, 10**22, 0, 0)
                self._do(person, "router", "addLiquidity", *tokens, *amounts, person, FOREVER)
        for token in ("red", "green"):
            self._do("alice", token, "transfer", "red/green cheap", 10**23)
        self._do("alice", "red/green cheap", "mint", "alice")
        for person in PEOPLE:
            for pool in self.market.of("pool"):
                for spender in ("router", "gauge", "alice"):
                    self._do(person, pool, "approve", spender, FOREVER)
            self._do(person, "gauge", "deposit", 10**20)
            self._do(person, "farm", "deposit", 10**20)
            self._do(person, "staking", "stake", 10**20)
            for issuer in ("house", "share", "bond"):
                self._do("alice", issuer, "mint_at_par", 10**21, person)
            for token in ("house", "share", "bond", "reward", "spare"):
                self._do(person, token, "approve", "alice", FOREVER)
            self._do(person, "house", "approve", "tender", FOREVER)
            self._do(person, "bond", "approve", "takeover", FOREVER)
            self._do(person, "bond", "request", 10**20)
        for gauge in ("gauge", "farm"):
            self._do("carol", gauge, "notify", "bonus", 10**24)
        self._do("carol", "bonus", "transfer", "staking", 10**24)
        self._do("carol", "staking", "notify", 10**24)
        for issuer, tender in (("house", "tender"), ("bond", "takeover")):
            self._do("alice", issuer, "set_tender", tender)
        self._do("bob", "tender", "open")
        for person in PEOPLE:
            self._do(person, "tender", "accept", 10**19)
        self._do("alice", "factory", "setFeeTo", "builder")

    # --- the ways to do it ----------------------------------------------------

    def _at(self, name: str) -> str:
        return self.market.address[name]

    def _create(self, name: str, kind: str, *args: Any) -> None:
        values = [self.market.plain(each) for each in args]
        tx = creation(shipped(kind), self._at("alice"), *values)
        self.market.address[name] = self._send(tx)
        self.market.kinds[name] = kind

    def _do(self, sender: str, name: str, function: str, *args: Any, value: int = 0) -> None:
        data = self.market.calldata(name, function, args)
        fields = {"data": data, "value": value, "gas_limit": GAS, "what": f"{name}.{function}"}
        self._send(Transaction(sender=self._at(sender), to=self._at(name), **fields))

    def _transfer(self, sender: str, to: str, wei: int) -> None:
        self._send(Transaction(sender=self._at(sender), to=self._at(to), value=wei, gas_limit=GAS))

    def _ask(self, name: str, function: str, *args: Any) -> Any:
        data = self.market.calldata(name, function, args)
        told: CallResult = self.ledger.call(
            Transaction(sender=NOBODY, to=self._at(name), data=data), self.block
        )
        return self.market.interface(name).function(function, len(args)).decode_output(told.output)

    def _send(self, tx: Transaction) -> Any:
        draft = tx.complete(nonce=self.ledger.nonce(tx.sender), base_fee=0)
        told = self.ledger.execute(draft, self.block)
        assert isinstance(told, Receipt), f"{tx.what}: {told}"
        assert told.status, f"{tx.what} fails: {told.halt} {told.output!r}"
        return told.contract_address
