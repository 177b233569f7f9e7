"""Highest tip first: the public mempool as most chains order it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from dexsim.blockspace.desk import Desk, route_all
from dexsim.blockspace.orders import Entry, Order, Pending
from dexsim.description import description
from dexsim.streams import Generator


@description
class Priority:
    """By effective tip per gas, highest first; ties by arrival, then by submission.

    A bundle stands where the tip of its sender's own legs puts it.
    """

    kind: ClassVar[str] = "priority"

    def settle(self, orders: Sequence[tuple[Order, str, str]], desk: Desk) -> list[Pending]:
        """Each order through its market's router."""
        return route_all(orders, desk)

    def sequence(
        self, entries: Sequence[Entry], *, base_fee: int, rng: Generator
    ) -> Sequence[Entry]:
        """Sorted by tip."""
        return sorted(entries, key=lambda entry: (-entry.tip(base_fee), entry.arrival_ms, entry.id))
