"""What a price process, the path it takes in a run, and a block clock are.

A process and a clock are descriptions: values without memory. `begin` and `start` make what
lives during a run. Whoever starts several of them gives each streams of its own, for instance
`streams.named("prices", "WETH")`: then adding one changes no other.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Protocol, runtime_checkable

from dexsim.description import Positive
from dexsim.streams import Streams


class PricePath(Protocol):
    """The price of one whole token in whole numeraire tokens, at any time of one run."""

    @property
    def first_ms(self) -> int | None:
        """The time of the first recorded price; None for a process that starts whenever asked."""

    @property
    def end_ms(self) -> int | None:
        """The last instant for which there is data, which ends the run; None: never ends."""

    def at(self, time_ms: int) -> Decimal:
        """The price at a time (Unix time in milliseconds).

        Times may be asked in any order: the answer for a time never depends on what was asked
        before. Before the first observation the first price holds, after the last one the last.
        """


@runtime_checkable
class PriceProcess(Protocol):
    """A description of an outside price.

    The method is not called `start`, as it is for agents and clocks, because `start` is the
    name of the price at which several processes begin.
    """

    def begin(self, streams: Streams, start_ms: int) -> PricePath:
        """The path that this process takes with these streams, from `start_ms` on.

        Recorded prices have times of their own: they ignore `start_ms` and tell `first_ms`.
        """


@runtime_checkable
class BlockClock(Protocol):
    """A description of when blocks are built."""

    @property
    def mean_seconds(self) -> Positive:
        """The mean time between blocks; a Decimal once the description is made."""

    def start(self, streams: Streams, start_ms: int) -> Iterator[int]:
        """Times of the blocks, in integer milliseconds after `start_ms`, strictly increasing."""
