"""Encrypted orders: their places are fixed before anybody can read them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from dexsim.blockspace.bundles import Entry
from dexsim.blockspace.orders import Visibility
from dexsim.blockspace.pending import Pending
from dexsim.blockspace.queues import merge_heads
from dexsim.description import AtLeastOne, description
from dexsim.streams import Generator


@description
class CommitReveal:
    """What is committed in one block is opened and executed in a later one, by commitment.

    No order can be read before its place is fixed: everything that was committed
    stands at the block's top, in the order of arrival, and what others send once
    they can read it stands behind, by tip. delay_blocks: how much later.
    """

    kind: ClassVar[str] = "commit-reveal"
    visibility: ClassVar[Visibility] = "encrypted"
    delay_blocks: AtLeastOne = 1

    def sequence(
        self, entries: Sequence[Entry], *, base_fee: int, rng: Generator
    ) -> Sequence[Entry]:
        """Commitments, then the rest."""

        def key(entry: Entry) -> tuple[int, int, int]:
            if isinstance(entry, Pending) and entry.visibility == "encrypted":
                return (entry.submitted_block, 0, entry.arrival_ms)
            return (2**63, -entry.tip(base_fee), entry.arrival_ms)

        return merge_heads(entries, key)
