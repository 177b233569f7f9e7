"""What a market structure has to say."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Protocol

from dexsim.blockspace.desk import Desk
from dexsim.blockspace.orders import Entry, Order, Pending
from dexsim.streams import Generator


class Mechanism(Protocol):
    """A market structure: a value that turns orders into a block's sequence.

    The builder executes the sequence from the top. A bundle takes its victims
    with it: where it lands, their own entries are passed over; where one of
    them stands before it, it can no longer land.
    """

    kind: ClassVar[str]

    def settle(self, orders: Sequence[tuple[Order, str, str]], desk: Desk) -> list[Pending]:
        """Orders, each with its agent and role, as transactions."""

    def sequence(
        self, entries: Sequence[Entry], *, base_fee: int, rng: Generator
    ) -> Sequence[Entry]:
        """The order in which the builder tries the entries. rng: this block's own stream."""
