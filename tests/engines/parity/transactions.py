"""Random transactions of every kind, on a market and beside it."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from dexsim.artifacts.library import shipped
from dexsim.chain.address import from_bytes
from dexsim.chain.intrinsic import floor_gas, intrinsic_gas
from dexsim.chain.types import BlockEnv, Transaction
from dexsim.market.contract import creation
from parity.abi_values import value_of
from parity.desk import Call, Desk
from parity.market import PEOPLE, Ledger, Market
from parity.other_calls import CALLS
from parity.precompiles import address, drawn
from parity.programs import WildProgrammer, creation_code

PROGRAMS = tuple(from_bytes(bytes([0xC0 + n]) * 20) for n in range(8))
FORWARDERS = PROGRAMS[-2:]
"""The last two of them ask precompiles: by CALL, and by STATICCALL."""

GAS = 3_000_000
PROGRAM_GAS = (60_000, 150_000, 400_000)
"""py-evm takes long for what burns more."""


class Writer:
    """Writes transactions for a market as it is; the same seed writes the same ones."""

    def __init__(
        self, seed: str, market: Market, ledger: Ledger, fork: str, *, proofs: bool = False
    ) -> None:
        self.rng = random.Random(seed)
        self.market = market
        self.ledger = ledger
        self.desk = Desk(self.rng, market, ledger)
        self.rows: list[str] = []
        self.proofs = proofs
        coded = [market.address[name] for name in ("red", "weth", "multicall", "lens")]
        self.programmer = WildProgrammer(
            f"programs {seed}",
            [bytes.fromhex(each[2:]) for each in (*PROGRAMS, *PROGRAMS[:4], *coded)],
            transient=fork != "shanghai",
            proofs=proofs,
        )
        self.addresses = [
            *market.address.values(),
            *PROGRAMS,
            address(0),
            address(1),
            from_bytes(b"\xab" * 20),
        ]
        self._kinds: list[tuple[int, Callable[[], list[Transaction]]]] = [
            (50, self.market_call),
            (6, self.wild_call),
            (6, self.view),
            (7, self.transfer),
            (3, self.shipped_creation),
            (6, self.creation),
            (15, self.program),
            (8, self.precompile),
        ]

    def some(self, block: BlockEnv) -> list[Transaction]:
        """One transaction, or a few that belong together; nonces and most fees are open."""
        self.desk.block = block
        weights = [weight for weight, _ in self._kinds]
        kind = self.rng.choices(self._kinds, weights)[0][1]
        return [self.dressed(tx, block) for tx in kind()]

    # --- kinds ----------------------------------------------------------------

    def market_call(self) -> list[Transaction]:
        """A call as people make it, or one that is a little wrong."""
        key, name = self._next_row()
        written = CALLS[key](self.desk, name)
        if isinstance(written, tuple):
            written = [Call(name, key.split(".")[1], written)]
        calls = [replace(each, sender=each.sender or self.desk.person()) for each in written]
        if self.rng.random() < 0.15:
            calls[-1] = self._wrong(calls[-1])
        txs = [self._called(each) for each in calls]
        if self.rng.random() < 0.05:
            txs[-1] = self._garbled(txs[-1])
        return txs

    def wild_call(self) -> list[Transaction]:
        """Any function with values that fit its types and nothing else."""
        return [self._wild(payable=self.rng.random() < 0.3)]

    def view(self) -> list[Transaction]:
        """The same for a function that only reads, sent as a transaction."""
        return [self._wild(view=True)]

    def transfer(self) -> list[Transaction]:
        """Money to somebody new, to nobody, to a contract or to a precompile."""
        to = self.rng.choice(
            (
                from_bytes(self.rng.randbytes(20)),
                self.rng.choice(self.addresses),
                address(self.rng.randrange(20)),
                self.market.address[self.desk.person()],
            )
        )
        wei = self.rng.choice((0, 1, self.desk.amount(10**20)))
        data = self.rng.choice((b"", b"", b"\x00" * 5, self.rng.randbytes(70)))
        return [self._tx("transfer", to, data, value=wei, gas_limit=GAS)]

    def shipped_creation(self) -> list[Transaction]:
        """One of the shipped contracts, with arguments of its constructor's types."""
        name = self.rng.choice(
            ("token", "weth", "lens", "multicall3", "searcher", "issuer", "gauge")
        )
        artifact = shipped(name)
        args = [self._value(kind) for kind in artifact.interface.constructor.input_types]
        if name == "token":
            args = ["Name", "SYM", 18, self.desk.amount()]
        tx = creation(artifact, self._sender(), *args, gas_limit=6_000_000)
        return [replace(tx, what=f"create {name}")]

    def creation(self) -> list[Transaction]:
        """Init code of any kind."""
        value = self.rng.choice((0, 0, 0, 3))
        gas = self.rng.choice((*PROGRAM_GAS, 6_000_000 if self.rng.random() < 0.5 else 400_000))
        data = creation_code(self.programmer)
        return [self._tx("creation", None, data, value=value, gas_limit=gas)]

    def program(self) -> list[Transaction]:
        """A call of a contract that nobody would write."""
        to, data = self.rng.choice(PROGRAMS[:-2]), self.rng.randbytes(self.rng.randrange(80))
        value = self.rng.choice((0, 0, 1, 1_000))
        gas = self.rng.choice(PROGRAM_GAS)
        return [self._tx("program", to, data, value=value, gas_limit=gas)]

    def precompile(self) -> list[Transaction]:
        """Input for a precompile, sent to it, or handed to it by a contract."""
        number, data = drawn(self.rng, proofs=self.proofs)
        what = f"precompile {number:#x}"
        if self.rng.random() < 0.4:
            return [self._tx(what, address(number), data, gas_limit=300_000)]
        return [
            self._tx(what, self.rng.choice(FORWARDERS), bytes([number]) + data, gas_limit=300_000)
        ]

    # --- how they are sent ----------------------------------------------------

    def dressed(self, tx: Transaction, block: BlockEnv) -> Transaction:
        """With a gas limit, fees and an access list, of which some are enough."""
        fields: dict[str, Any] = {}
        if self.rng.random() < 0.2:
            least = max(intrinsic_gas(tx), floor_gas(tx.data))
            fields["gas_limit"] = least + self.rng.choice((0, self.desk.amount(300_000)))
        if self.rng.random() < 0.3:
            fields["max_priority_fee_per_gas"] = self.rng.choice((1, 3, 10**9))
        if self.rng.random() < 0.3:
            tip = fields.get("max_priority_fee_per_gas", 0)
            fields["max_fee_per_gas"] = max(tip, block.base_fee) + self.rng.choice((0, 1, 10**9))
        if self.rng.random() < 0.1:
            fields["access_list"] = self._access_list(tx)
        return replace(tx, **fields)

    def spoilt(self, tx: Transaction, block: BlockEnv) -> Transaction:
        """A complete transaction that no block may hold, or that only just can be held."""
        fee, contract = tx.max_fee_per_gas or 0, self.rng.choice((PROGRAMS[0], self._at("red")))
        least = max(intrinsic_gas(tx), floor_gas(tx.data) if self.rng.random() < 0.3 else 0)
        nonce = tx.nonce or 0
        return replace(
            tx,
            **self.rng.choice(
                (
                    {"nonce": nonce + self.rng.choice((1, 2**63))},
                    {"nonce": max(0, nonce - 1)},
                    {"nonce": 2**64 - 1},
                    {"value": 10**40},
                    {"sender": self._at("pauper"), "nonce": self.ledger.nonce(self._at("pauper"))},
                    {"max_fee_per_gas": max(0, block.base_fee - 1), "max_priority_fee_per_gas": 0},
                    {"max_priority_fee_per_gas": fee + 1},
                    {"gas_limit": block.gas_limit + 1},
                    {"gas_limit": least - self.rng.choice((0, 1, 1, 20_000))},
                    {"sender": contract, "nonce": self.ledger.nonce(contract)},
                    {"to": None, "data": bytes(49_153), "gas_limit": 6_000_000},
                )
            ),
        )

    def _access_list(self, tx: Transaction) -> tuple[tuple[str, tuple[int, ...]], ...]:
        places = [self.rng.choice(self.addresses) for _ in range(self.rng.randrange(1, 4))]
        if tx.to is not None and self.rng.random() < 0.5:
            places += [tx.to]
        return tuple(
            (place, tuple(self.rng.choices((0, 1, 2, 3, 2**256 - 1), k=self.rng.randrange(4))))
            for place in places
        )

    # --- parts ----------------------------------------------------------------

    def _called(self, each: Call) -> Transaction:
        what = f"{self.market.kinds[each.to]}.{each.function}"
        data = self.market.calldata(each.to, each.function, each.args)
        fields = {"value": each.value, "gas_limit": GAS, "what": what}
        to = self._at(each.to)
        return Transaction(sender=self._at(each.sender), to=to, data=data, **fields)

    def _wrong(self, call: Call) -> Call:
        kind = self.rng.randrange(3)
        if kind == 0 or not call.args:
            return replace(call, sender=self.rng.choice((*PEOPLE, "pauper")))
        if kind == 1:
            return replace(call, value=call.value + 1)
        function = self.market.interface(call.to).function(call.function, len(call.args))
        place = self.rng.randrange(len(call.args))
        other = self._value(function.input_types[place])
        return replace(call, args=(*call.args[:place], other, *call.args[place + 1 :]))

    def _garbled(self, tx: Transaction) -> Transaction:
        noise = self.rng.randbytes(self.rng.randrange(1, 40))
        cut = tx.data[: self.rng.randrange(len(tx.data))]
        data = self.rng.choice((cut, noise + tx.data[4:], tx.data + noise, tx.data[:4] + noise))
        return replace(tx, data=data)

    def _wild(self, *, view: bool = False, payable: bool = False) -> Transaction:
        name = self.rng.choice([*self.market.kinds])
        every = [each for same in self.market.interface(name).functions.values() for each in same]
        fitting = [each for each in every if (each.mutability in ("view", "pure")) == view]
        function = self.rng.choice(fitting or every)
        args = [self._value(kind) for kind in function.input_types]
        value = self.rng.choice((0, 1)) if payable else 0
        what = f"{self.market.kinds[name]}.{function.name}"
        return self._tx(what, self._at(name), function.encode(args), value=value, gas_limit=GAS)

    def _value(self, kind: str) -> Any:
        return value_of(self.rng, kind, [*self.market.address.values()] * 3 + self.addresses)

    def _tx(self, what: str, to: str | None, data: bytes, **fields: Any) -> Transaction:
        return Transaction(sender=self._sender(), to=to, data=data, what=what, **fields)

    def _sender(self) -> str:
        return self._at(self.desk.person())

    def _at(self, name: str) -> str:
        return self.market.address[name]

    def _next_row(self) -> tuple[str, str]:
        # Every function once before any comes again.
        if not self.rows:
            self.rows = self.rng.sample([*CALLS], len(CALLS))
        key = self.rows.pop()
        return key, self.rng.choice(self.market.of(key.split(".")[0]))
