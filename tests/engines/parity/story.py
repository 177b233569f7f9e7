"""A story: random blocks, transactions, reads, decrees and marks, told to all engines of a gate."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from functools import cache

from eth.vm import opcode_values as op

from dexsim.chain.address import from_bytes
from dexsim.chain.engine import Engine
from dexsim.chain.pyevm import PyEvm
from dexsim.chain.types import BlockEnv, CallResult, Receipt, Transaction
from dexsim.market.deploying.plan import created_address
from parity.gate import Gate, Refusal
from parity.market import ETHER, Market, all_slots, copy_accounts, first_block, open_market
from parity.precompiles import address, forwarder
from parity.transactions import FORWARDERS, PROGRAMS, Writer

MOST_IN_A_BLOCK = 25
SLOTS_LOOKED_AT = 30


@cache
def _opened_on_cancun() -> tuple[PyEvm, Market]:
    engine = PyEvm(fork="cancun")
    return engine, open_market(engine)


class Story:
    """One sequence; the same name tells the same one.

    name: seed and number, for example "7/3". fork: of the engines.
    traced: the share of transactions that are traced before they are executed, and stepped: the
        share of those that are traced with every instruction. roots_every: after how many
        transactions the whole state is compared. proofs: see `precompiles.drawn`.
    """

    def __init__(
        self,
        engines: list[Engine],
        name: str,
        fork: str,
        *,
        traced: float = 0.0,
        stepped: float = 0.0,
        roots_every: int = 200,
        proofs: bool = False,
    ) -> None:
        self.gate = Gate(engines, f"{name} on {fork}")
        self.rng = random.Random(f"{name} {fork}")
        self.fork, self.traced, self.stepped = fork, traced, stepped
        self.roots_every = roots_every
        self.seen: Counter[str] = Counter()
        self.done: Counter[str] = Counter()
        self.marks: list[tuple[int, ...]] = []
        self.block = first_block()
        self.market = self._opened()
        self.writer = Writer(f"{name} {fork}", self.market, self.gate, fork, proofs=proofs)
        self.touched: set[str] = set()
        self._people()
        self.gate.compare_roots()
        self._next_root = self.gate.executed + roots_every

    def tell(self, transactions: int) -> None:
        """So many transactions, a few more or less. Raises Different."""
        last = self.gate.executed + transactions
        while self.gate.executed < last:
            self._next_block()
            self._maybe((self.rng.random() < 0.5, self._decree), (True, self._mark))
            (self._at_once if self.rng.random() < 0.2 else self._one_by_one)()
            self._compare_block()
        self.gate.compare_roots()
        self._compare_all_storage()

    # --- beginnings -----------------------------------------------------------

    def _opened(self) -> Market:
        if self.fork != "shanghai":
            return open_market(self.gate)
        # The contracts are compiled for Cancun: their constructors stop at Shanghai's.
        engine, market = _opened_on_cancun()
        copy_accounts(engine, self.gate)
        return market

    def _people(self) -> None:
        for program in PROGRAMS:
            self.gate.set_code(program, self.writer.programmer.program(20))
            self.gate.set_balance(program, self.rng.choice((0, 50, ETHER)))
        for target, kind in zip(FORWARDERS, (op.CALL, op.STATICCALL), strict=True):
            self.gate.set_code(target, forwarder(kind))
        for engine in self.gate.engines:
            engine.impersonated = frozenset({PROGRAMS[1]})
        self.gate.set_balance(PROGRAMS[1], 10 * ETHER)

    # --- blocks ---------------------------------------------------------------

    def _next_block(self) -> None:
        choice = self.rng.choice
        waited = choice((0, 1, 12, 3_600, self.rng.randrange(1, 200_000)))
        known = [self._at(name) for name in ("builder", "weth", "alice")]
        coinbase = choice(
            (*known, from_bytes(self.rng.randbytes(20)), PROGRAMS[0], address(4), address(0))
        )
        self.block = BlockEnv(
            number=self.block.number + choice((1, 1, 1, 300)),
            timestamp=self.block.timestamp + waited,
            base_fee=choice((0, 7, 10**9)),
            gas_limit=choice((30_000_000, 8_000_000, 2**40)),
            coinbase=coinbase,
            prev_randao=choice((0, self.rng.getrandbits(256))),
        )
        self.touched = {coinbase}

    def _one_by_one(self) -> None:
        for _ in range(self.rng.randrange(1, MOST_IN_A_BLOCK)):
            for draft in self.writer.some(self.block):
                self._maybe((self.rng.random() < 0.06, self._mark))
                tx = self._completed(draft, {})
                self._look(tx)
                self._note(tx, self.gate.execute(tx, self.block))

    def _at_once(self) -> None:
        nonces: dict[str, int] = {}
        txs = [
            self._completed(draft, nonces)
            for _ in range(self.rng.randrange(1, MOST_IN_A_BLOCK))
            for draft in self.writer.some(self.block)
        ]
        answers = self.gate.execute_block(txs, self.block)
        assert not isinstance(answers, Refusal)
        for tx, told in zip(txs, answers, strict=True):
            self._note(tx, told)

    def _completed(self, draft: Transaction, nonces: dict[str, int]) -> Transaction:
        if self.rng.random() < 0.02:
            draft = replace(draft, sender=PROGRAMS[1])
        nonce = nonces.get(draft.sender, self.gate.nonce(draft.sender))
        tx = draft.complete(nonce=nonce, base_fee=self.block.base_fee)
        if self.rng.random() < 0.06:
            return self.writer.spoilt(tx, self.block)
        nonces[tx.sender] = nonce + 1
        return tx

    def _look(self, tx: Transaction) -> None:
        if self.rng.random() < 0.05:
            asked = replace(
                tx,
                gas_limit=self.rng.choice((tx.gas_limit, 1_000_000, 20_000)),
                value=self.rng.choice((tx.value, tx.value, tx.value, 10**40)),
            )
            told = self.gate.call(asked, self.block)
            self._count("call", told.halt if isinstance(told, CallResult) else told.error)
        if self.rng.random() < self.traced:
            # A read in one case of ten, which needs no nonce.
            asked = replace(tx, nonce=None) if self.rng.random() < 0.1 else tx
            steps = self.rng.random() < self.stepped
            told_frame = self.gate.trace(asked, self.block, steps=steps)
            self._count("trace", "refused" if isinstance(told_frame, Refusal) else "told")

    # --- what happens between transactions -------------------------------------

    def _decree(self) -> None:
        kind = self.rng.randrange(7)
        programs = PROGRAMS[:-2]
        if kind < 3:
            self.gate.set_code(self.rng.choice(programs), self.writer.programmer.program(20))
        elif kind == 3:
            whom = self.rng.choice((*programs, self._at("stranger"), self._at("pauper")))
            self.gate.set_balance(whom, self.rng.choice((0, 1, 10**15, 10**22)))
        elif kind == 4:
            self._decree_slot()
        elif kind == 5:
            # Where the next creation of this account would go.
            who = self._at(self.writer.desk.person())
            place = created_address(who, self.gate.nonce(who) + self.rng.randrange(3))
            if place not in self.market.address.values():
                self.gate.set_code(place, self.rng.choice((b"\x00", b"\x60\x00")))
        else:
            # EIP-7702's designation: an account that runs another's code, from Prague on.
            target = bytes.fromhex(self.rng.choice((programs[2], self._at("red")))[2:])
            designation = b"\xef\x01\x00" + target
            self.gate.set_code(self._at("stranger"), self.rng.choice((designation, b"")))
            self.gate.set_balance(self._at("stranger"), 10**22)

    def _decree_slot(self) -> None:
        where, slot = self.rng.choice(PROGRAMS[:-2]), self.rng.randrange(4)
        if self.rng.random() < 0.2:
            where, slot = self._at("stall"), self.rng.getrandbits(256)
        self.gate.set_storage(where, slot, self.rng.choice((0, 1, 2**256 - 1)))

    def _mark(self) -> None:
        kind = self.rng.random()
        if kind < 0.4:
            self.marks.append(self.gate.snapshot())
            self._count("mark", "set")
        elif self.marks:
            # Sometimes one that is gone: then both refuse.
            mark = self.rng.choice(self.marks[-4:])
            back = kind < 0.75
            there = (self.gate.restore if back else self.gate.release)(mark)
            self._count("mark", "refused" if not there else "restored" if back else "released")
            if self.rng.random() < 0.9:
                del self.marks[self.marks.index(mark) + back :]

    # --- comparing ------------------------------------------------------------

    def _compare_block(self) -> None:
        self.gate.compare_accounts(sorted(self.touched))
        # The slots that the first engine has of accounts that the block touched.
        lower = {each.lower() for each in self.touched}
        places = [(who, slot) for who, slot, _ in self._slots() if who in lower]
        self.gate.compare_storage(self.rng.sample(places, min(len(places), SLOTS_LOOKED_AT)))
        if self.gate.executed >= self._next_root:
            self.gate.compare_roots()
            self._next_root += self.roots_every

    def _compare_all_storage(self) -> None:
        self.gate.compare_storage((who, slot) for who, slot, _ in self._slots())

    def _slots(self) -> list[tuple[str, int, int]]:
        first = self.gate.first
        return list(all_slots(first)) if isinstance(first, PyEvm) else []

    def _note(self, tx: Transaction, told: Receipt | Refusal) -> None:
        self.touched |= {tx.sender} | ({tx.to} if tx.to else set())
        if isinstance(told, Refusal):
            self._count("rejected", rejection(told))
            return
        self.touched |= {log.address for log in told.logs}
        if told.contract_address:
            self.touched.add(told.contract_address)
        if told.status:
            self.done[tx.what] += 1
        self._count("executed", "success" if told.status else told.halt or "revert")
        self._count("kind", tx.what.split(".")[0].split()[0])

    def _count(self, what: str, how: str) -> None:
        self.seen[f"{what}: {how}"] += 1

    def _maybe(self, *chances: tuple[bool, Callable[[], None]]) -> None:
        for happens, do in chances:
            if happens:
                do()

    def _at(self, name: str) -> str:
        return self.market.address[name]


REASONS = {
    "too low": "nonce too low",
    "too high": "nonce too high",
    "sender has": "funds",
    "asks for": "fee below base fee",
    "tips": "tip above fee",
    "has a gas limit of": "gas limit above the block's",
    "to begin with": "gas limit below the intrinsic gas",
    "comes from a contract": "contract as sender",
    "bytes of initcode": "initcode size",
}


def rejection(told: Refusal) -> str:
    """Why a transaction was rejected, in a word."""
    if told.error != "TransactionRejected":
        return told.error
    fitting = [word for text, word in REASONS.items() if text in told.text]
    return "gas limit below the intrinsic gas" if len(fitting) == 2 else fitting[0]
