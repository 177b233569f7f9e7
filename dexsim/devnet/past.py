"""The states of earlier blocks, found by executing the history again."""

from __future__ import annotations

from collections.abc import Callable

from dexsim.chain.chain import Chain, Snapshot
from dexsim.chain.types import Block
from dexsim.devnet.ledger import Ledger
from dexsim.errors import EngineError


class Past:
    """A second chain that goes back and forth in the history of the first.

    Back is by a mark that is kept of every block, ahead by executing the next
    one again: nothing is done, and nothing kept, before somebody asks.
    """

    def __init__(self, ledger: Ledger, begin: Callable[[], Chain]) -> None:
        self._ledger = ledger
        self._begin = begin
        self._chain: Chain | None = None
        self._marks: list[Snapshot] = []

    def at(self, number: int) -> Chain:
        """The chain as it was after a block; for reading, and until the next question."""
        if self._chain is None:
            self._chain = self._begin()
            self._marks = [self._chain.snapshot()]
        self._back_to(self._chain, number)
        while self._chain.number < number:
            _repeat(self._chain, self._ledger.blocks[self._chain.number + 1])
            self._marks.append(self._chain.snapshot())
        return self._chain

    def forget_after(self, number: int) -> None:
        """The history changes above this number."""
        if self._chain is not None:
            self._back_to(self._chain, number)

    def _back_to(self, chain: Chain, number: int) -> None:
        if number < chain.number:
            chain.restore(self._marks[number])
            del self._marks[number + 1 :]


def _repeat(chain: Chain, block: Block) -> None:
    env = block.env
    with chain.block(
        time_ms=env.timestamp * 1000, base_fee=env.base_fee, gas_limit=env.gas_limit
    ) as again:
        for receipt in block.receipts:
            if again.execute(receipt.transaction) != receipt:
                raise EngineError(f"block {env.number} does not come out the same a second time")
