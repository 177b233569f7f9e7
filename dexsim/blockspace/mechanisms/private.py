"""A private relay for users: nobody sees their orders, and what would fail is left out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from dexsim.blockspace.bundles import Entry
from dexsim.blockspace.mechanisms.priority import by_tip
from dexsim.blockspace.orders import Visibility
from dexsim.description import AtLeastOne, description
from dexsim.streams import Generator


@description
class Private:
    """All orders go to the builder alone; ordered by tip.

    A transaction that would revert is not included and costs nothing; it waits
    for a block in which it passes, and is given up after `lifetime_blocks` (25:
    docs.flashbots.net, Protect).
    """

    kind: ClassVar[str] = "private"
    visibility: ClassVar[Visibility] = "private"
    reverting: ClassVar[bool] = False
    lifetime_blocks: AtLeastOne = 25

    def sequence(
        self, entries: Sequence[Entry], *, base_fee: int, rng: Generator
    ) -> Sequence[Entry]:
        """Sorted by tip."""
        return by_tip(entries, base_fee)
