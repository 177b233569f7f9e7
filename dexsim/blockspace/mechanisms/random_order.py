"""A random order: nobody can buy or run for a place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from dexsim.blockspace.bundles import Entry, PendingBundle
from dexsim.blockspace.queues import merge_heads
from dexsim.description import description
from dexsim.streams import Generator


@description
class RandomOrder:
    """A random permutation; a bundle is one entry, and a sender's nonces keep their order."""

    kind: ClassVar[str] = "random"

    def sequence(
        self, entries: Sequence[Entry], *, base_fee: int, rng: Generator
    ) -> Sequence[Entry]:
        """Shuffled by the block's own stream."""
        # Bundles draw last, so that the others stand as they would without them.
        drawing = sorted(entries, key=lambda entry: (isinstance(entry, PendingBundle), entry.id))
        places = {entry.id: rng.random() for entry in drawing}
        return merge_heads(entries, lambda entry: places[entry.id])
