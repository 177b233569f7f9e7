"""First come, first served: tips buy nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from dexsim.blockspace.bundles import Entry
from dexsim.blockspace.queues import merge_heads
from dexsim.description import description
from dexsim.streams import Generator


@description
class Fifo:
    """By arrival, then by submission. A bundle arrives after what it has seen."""

    kind: ClassVar[str] = "fifo"

    def sequence(
        self, entries: Sequence[Entry], *, base_fee: int, rng: Generator
    ) -> Sequence[Entry]:
        """Sorted by arrival."""
        return merge_heads(entries, lambda entry: entry.arrival_ms)
