"""A random order: nobody can buy or run for a place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from dexsim.blockspace.desk import Desk, route_all
from dexsim.blockspace.orders import Entry, Order, Pending
from dexsim.description import description
from dexsim.streams import Generator


@description
class RandomOrder:
    """A uniform permutation of the entries; a bundle is one entry."""

    kind: ClassVar[str] = "random"

    def settle(self, orders: Sequence[tuple[Order, str, str]], desk: Desk) -> list[Pending]:
        """Each order through its market's router."""
        return route_all(orders, desk)

    def sequence(
        self, entries: Sequence[Entry], *, base_fee: int, rng: Generator
    ) -> Sequence[Entry]:
        """Shuffled by the block's own stream."""
        return [entries[index] for index in rng.permutation(len(entries))]
