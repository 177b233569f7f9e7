"""Highest tip first: the public mempool as most chains order it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from dexsim.blockspace.bundles import Entry
from dexsim.blockspace.queues import merge_heads
from dexsim.description import AtLeastOne, description
from dexsim.streams import Generator


def by_tip(entries: Sequence[Entry], base_fee: int) -> list[Entry]:
    """By effective tip per gas, highest first; ties by arrival, then by submission."""
    return merge_heads(entries, lambda entry: (-entry.tip(base_fee), entry.arrival_ms))


@description
class Priority:
    """By effective tip per gas, highest first, never against a sender's nonces; ties by arrival.

    A bundle stands where the tip of its sender's own legs puts it. rounds: how
    often searchers may answer each other before the block is built; above 1 their
    bids make a priority gas auction.
    """

    kind: ClassVar[str] = "priority"
    rounds: AtLeastOne = 1

    def sequence(
        self, entries: Sequence[Entry], *, base_fee: int, rng: Generator
    ) -> Sequence[Entry]:
        """Sorted by tip."""
        return by_tip(entries, base_fee)
