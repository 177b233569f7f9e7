"""Engines that are given the same, and what they tell held against what the first one tells."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any

from dexsim.chain.engine import Engine
from dexsim.chain.types import Address, BlockEnv, CallFrame, CallResult, Receipt, Transaction
from dexsim.errors import DexsimError, TransactionRejected

SHOWN = 600
"""Characters of a value that a message shows; the seed gives the rest."""


class Different(AssertionError):
    """Two engines differ."""


@dataclass(frozen=True)
class Refusal:
    """An error of dexsim in the place of an answer."""

    error: str
    text: str

    @classmethod
    def of(cls, error: DexsimError) -> Refusal:
        """Class and text: both are the same on every engine."""
        return cls(type(error).__name__, str(error))


class Gate:
    """Some engines, asked and told together; the first one's answers are returned.

    story: what the messages call this sequence, so that one can have it again.
    Every method raises Different, saying what differs, and at which transaction.
    """

    def __init__(self, engines: Sequence[Engine], story: str = "") -> None:
        self.engines = tuple(engines)
        self.story = story
        self.executed = 0
        self.compared: Counter[str] = Counter()

    @property
    def first(self) -> Engine:
        """The engine that the others are held against."""
        return self.engines[0]

    # --- executions -----------------------------------------------------------

    def execute(self, tx: Transaction, block: BlockEnv) -> Receipt | Refusal:
        """One transaction for good."""
        self.executed += 1
        told: Receipt | Refusal = self._same(
            "execute", lambda engine: engine.execute(tx, block), (tx, block)
        )
        return told

    def execute_block(
        self, txs: Sequence[Transaction], block: BlockEnv
    ) -> list[Receipt | Refusal] | Refusal:
        """A block at once, each transaction compared by itself."""
        answers = [
            _refused_or(lambda e=engine: [*map(_plain, e.execute_block(txs, block))])
            for engine in self.engines
        ]
        sizes = [each if isinstance(each, Refusal) else len(each) for each in answers]
        self._compare("how execute_block ends", sizes, (block,))
        if isinstance(answers[0], Refusal):
            return answers[0]
        for index, (tx, *told) in enumerate(zip(txs, *answers, strict=True)):
            self.executed += 1
            self._compare(f"execute_block, transaction {index}", told, (tx, block))
        return list(answers[0])

    def call(self, tx: Transaction, block: BlockEnv) -> CallResult | Refusal:
        """A read."""
        told: CallResult | Refusal = self._same(
            "call", lambda engine: engine.call(tx, block), (tx, block)
        )
        return told

    def trace(
        self, tx: Transaction, block: BlockEnv, *, steps: bool = False
    ) -> CallFrame | Refusal:
        """A call tree."""
        told: CallFrame | Refusal = self._same(
            "trace", lambda engine: engine.trace(tx, block, steps=steps), (tx, block)
        )
        return told

    # --- marks and decrees ----------------------------------------------------

    def snapshot(self) -> tuple[int, ...]:
        """A mark on each of them; their numbers may differ."""
        return tuple(engine.snapshot() for engine in self.engines)

    def restore(self, marks: tuple[int, ...]) -> bool:
        """Go back to a mark, or be refused alike: whether it was there."""
        return self._marked("restore", marks, lambda engine, mark: engine.restore(mark))

    def release(self, marks: tuple[int, ...]) -> bool:
        """Forget a mark, or be refused alike: whether it was there."""
        return self._marked("release", marks, lambda engine, mark: engine.release(mark))

    def set_balance(self, address: Address, wei: int) -> None:
        """Give everywhere."""
        self._same("set_balance", lambda engine: engine.set_balance(address, wei), (address, wei))

    def set_code(self, address: Address, code: bytes) -> None:
        """Put code everywhere."""
        self._same("set_code", lambda engine: engine.set_code(address, code), (address, code))

    def set_storage(self, address: Address, slot: int, value: int) -> None:
        """Write a slot everywhere."""
        self._same(
            "set_storage",
            lambda engine: engine.set_storage(address, slot, value),
            (address, slot, value),
        )

    # --- reads ----------------------------------------------------------------

    def nonce(self, address: Address) -> int:
        """The nonce on the first engine."""
        return self.first.nonce(address)

    def compare_accounts(self, addresses: Iterable[Address]) -> None:
        """Balance, nonce and code of each, and the sum of all money."""
        for address in addresses:
            self._same("balance", lambda engine, a=address: engine.balance(a), (address,))
            self._same("nonce", lambda engine, a=address: engine.nonce(a), (address,))
            self._same("code", lambda engine, a=address: engine.code(a), (address,))
        self._same("native_supply", lambda engine: engine.native_supply(), ())

    def compare_storage(self, places: Iterable[tuple[Address, int]]) -> None:
        """Slots of accounts."""
        for place in places:
            self._same("storage", lambda engine, p=place: engine.storage(*p), place)

    def compare_roots(self) -> None:
        """The whole state."""
        self._same("state_root", lambda engine: engine.state_root(), ())

    # --- comparing ------------------------------------------------------------

    def _marked(self, what: str, marks: tuple[int, ...], do: Callable[[Engine, int], None]) -> bool:
        told = [
            _refused_or(lambda e=engine, m=mark: do(e, m))
            for engine, mark in zip(self.engines, marks, strict=True)
        ]
        # What is open is listed by numbers, which are an engine's own.
        kinds = [each.error if isinstance(each, Refusal) else None for each in told]
        self._compare(what, kinds, marks)
        return kinds[0] is None

    def _same(self, what: str, ask: Callable[[Engine], Any], about: tuple[Any, ...]) -> Any:
        told = [_refused_or(lambda e=engine: ask(e)) for engine in self.engines]
        self._compare(what, told, about)
        return told[0]

    def _compare(self, what: str, told: list[Any], about: tuple[Any, ...]) -> None:
        self.compared[what.split(",", maxsplit=1)[0]] += 1
        for engine, other in zip(self.engines[1:], told[1:], strict=True):
            if other != told[0]:
                raise Different(self._message(what, about, told[0], other, engine))

    def _message(
        self, what: str, about: tuple[Any, ...], one: Any, other: Any, engine: Engine
    ) -> str:
        return "\n".join(
            [
                f"{what} differs, story {self.story}, after {self.executed} transactions",
                *(f"  {_shown(each)}" for each in about),
                f"  what differs, {self.first.name} before {engine.name}:",
                *(f"    {line}" for line in differences(one, other)),
                f"  all that {self.first.name} tells: {_shown(one)}",
                f"  all that {engine.name} tells: {_shown(other)}",
            ]
        )


def differences(one: Any, other: Any, where: str = "") -> list[str]:
    """Every field in which two answers differ, down to the leaves."""
    if one == other:
        return []
    if is_dataclass(one) and type(one) is type(other):
        pairs = [(f".{f.name}", getattr(one, f.name), getattr(other, f.name)) for f in fields(one)]
    elif _is_row(one) and _is_row(other) and len(one) == len(other):
        pairs = [(f"[{n}]", *each) for n, each in enumerate(zip(one, other, strict=True))]
    else:
        return [f"{where or 'answer'}: {_shown(one)} before {_shown(other)}"]
    return [line for name, a, b in pairs for line in differences(a, b, where + name)]


def _is_row(value: Any) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, (str, bytes))


def _refused_or(ask: Callable[[], Any]) -> Any:
    try:
        return ask()
    except DexsimError as error:
        return Refusal.of(error)


def _plain(told: Receipt | TransactionRejected) -> Receipt | Refusal:
    return Refusal.of(told) if isinstance(told, TransactionRejected) else told


def _shown(value: Any) -> str:
    if isinstance(value, Transaction):
        # Data is shown alone, where it is not cut off with all that follows it.
        data = value.data.hex()
        cut = f"{data[:SHOWN]}... ({len(value.data)} bytes)" if len(data) > SHOWN else data
        return f"{replace(value, data=b'')!r} with data {cut!r}"
    text = repr(value)
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}... ({len(text)} characters)"
