"""First come, first served: tips buy nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from dexsim.blockspace.desk import Desk, route_all
from dexsim.blockspace.orders import Entry, Order, Pending
from dexsim.description import description
from dexsim.streams import Generator


@description
class Fifo:
    """By arrival, then by submission. A bundle arrives after what it has seen."""

    kind: ClassVar[str] = "fifo"

    def settle(self, orders: Sequence[tuple[Order, str, str]], desk: Desk) -> list[Pending]:
        """Each order through its market's router."""
        return route_all(orders, desk)

    def sequence(
        self, entries: Sequence[Entry], *, base_fee: int, rng: Generator
    ) -> Sequence[Entry]:
        """Sorted by arrival."""
        return sorted(entries, key=lambda entry: (entry.arrival_ms, entry.id))
