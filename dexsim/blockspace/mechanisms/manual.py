"""The order that somebody wrote down."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from dexsim.blockspace.bundles import Entry, PendingBundle
from dexsim.blockspace.queues import merge_heads
from dexsim.description import Text, description
from dexsim.streams import Generator


@description
class Manual:
    """Agents in the order of a list; whoever is not in it comes behind, by arrival.

    order: names of agents. One that stands there twice gets a transaction at each place,
    and the rest of its own at the last.
    """

    kind: ClassVar[str] = "manual"
    order: tuple[Text, ...]

    def sequence(
        self, entries: Sequence[Entry], *, base_fee: int, rng: Generator
    ) -> Sequence[Entry]:
        """Sorted by the list."""
        places = self._places(entries)
        return merge_heads(entries, lambda entry: (places[entry.id], entry.arrival_ms))

    def _places(self, entries: Sequence[Entry]) -> dict[int, int]:
        free = {
            name: [i for i, each in enumerate(self.order) if each == name] for name in self.order
        }
        places = {}
        for entry in sorted(entries, key=_in_time):
            mine = free.get(entry.agent, [len(self.order)])
            places[entry.id] = mine.pop(0) if len(mine) > 1 else mine[0]
        return places


def _in_time(entry: Entry) -> tuple[bool, int, int]:
    return isinstance(entry, PendingBundle), entry.arrival_ms, entry.id
