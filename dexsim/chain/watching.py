"""Looking on while a chain works: every transaction and read, with every instruction.

An engine around the engine does it, so that a chain that nobody watches pays nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from inspect import signature
from typing import Any, TypeAlias, cast

from dexsim.chain.engine import Engine
from dexsim.chain.intrinsic import intrinsic_gas
from dexsim.chain.types import BlockEnv, CallFrame, CallResult, Receipt, Transaction
from dexsim.errors import TransactionRejected


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """Something that a chain has executed.

    transaction: complete. frame: its call tree, with steps. receipt: None for a read.
    """

    transaction: Transaction
    frame: CallFrame
    receipt: Receipt | None


Observer: TypeAlias = Callable[[Seen], None]

_EVERYWHERE: list[Observer] = []


@contextmanager
def watching(observer: Observer) -> Iterator[None]:
    """Until the `with` ends, every chain that is made inside it tells this observer what it executes.

    For a chain that is there already: `Chain.watched_by`.
    """
    _EVERYWHERE.append(observer)
    try:
        yield
    finally:
        _EVERYWHERE.remove(observer)


def watched(engine: Engine) -> Engine:
    """The engine for a new chain: itself, or one that tells whoever watches.

    Engines that cannot trace instructions (those of nodes) stay as they are.
    """
    if not _EVERYWHERE or "steps" not in signature(engine.trace).parameters:
        return engine
    return cast(Engine, WatchedEngine(engine, _EVERYWHERE))


class WatchedEngine:
    """An engine that traces what it executes, beforehand, and tells the observers."""

    def __init__(self, engine: Engine, observers: Sequence[Observer]) -> None:
        self._engine = engine
        self._observers = observers

    def __getattr__(self, name: str) -> Any:
        return getattr(self._engine, name)

    def execute(self, tx: Transaction, block: BlockEnv) -> Receipt:
        """As the engine. Raises TransactionRejected."""
        frame = self._engine.trace(tx, block, steps=True)
        receipt = self._engine.execute(tx, block)
        self._tell(Seen(transaction=tx, frame=frame, receipt=receipt))
        return receipt

    def execute_block(
        self, txs: Iterable[Transaction], block: BlockEnv
    ) -> Sequence[Receipt | TransactionRejected]:
        """As the engine."""
        return [self._receipt_or_rejection(tx, block) for tx in txs]

    def call(self, tx: Transaction, block: BlockEnv) -> CallResult:
        """As the engine. What has no gas for its own data is not told: nothing ran."""
        result = self._engine.call(tx, block)
        if result.status or result.gas_used >= intrinsic_gas(tx):
            frame = self._engine.trace(replace(tx, nonce=None), block, steps=True)
            self._tell(Seen(transaction=tx, frame=frame, receipt=None))
        return result

    def _receipt_or_rejection(
        self, tx: Transaction, block: BlockEnv
    ) -> Receipt | TransactionRejected:
        try:
            return self.execute(tx, block)
        except TransactionRejected as rejection:
            return rejection

    def _tell(self, seen: Seen) -> None:
        for observer in self._observers:
            observer(seen)
