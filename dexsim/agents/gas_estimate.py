"""What a swap will cost in gas, learnt from one's own receipts."""

from __future__ import annotations

from collections.abc import Iterable

from dexsim.chain.types import Receipt

_FIRST_GUESS = 140_000  # a swap that writes a fresh balance slot, and a pool's first average prices


class GasEstimate:
    """The largest gas that a swap of one's own has used, or a first guess."""

    def __init__(self) -> None:
        self._seen = 0

    def learn(self, receipts: Iterable[Receipt]) -> None:
        """Take note of one's own transactions."""
        for receipt in receipts:
            if receipt.status:
                self._seen = max(self._seen, receipt.gas_used)

    def of(self, swaps: int) -> int:
        """Gas for so many swaps."""
        return swaps * (self._seen or _FIRST_GUESS)
