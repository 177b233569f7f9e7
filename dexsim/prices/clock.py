"""When blocks are built: at fixed intervals, or at the times of a Poisson process."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from decimal import Decimal
from typing import ClassVar

from dexsim.description import Positive, description
from dexsim.prices.limits import check_range, whole_ms
from dexsim.streams import Streams

_DRAWN_AT_A_TIME = 256


@description
class FixedClock:
    """A block every `seconds`: the k-th one is k * seconds after the start, to the millisecond."""

    kind: ClassVar[str] = "fixed"

    seconds: Positive = Decimal(12)

    def __post_init__(self) -> None:
        check_range("seconds", self.seconds, "0.001", 86_400)
        whole_ms("seconds", self.seconds)

    @property
    def mean_seconds(self) -> Positive:
        """The time between blocks."""
        return self.seconds

    def start(self, streams: Streams, start_ms: int) -> Iterator[int]:
        """Times of the blocks; nothing is drawn."""
        interval_ms = whole_ms("seconds", self.seconds)
        return itertools.count(start_ms + interval_ms, interval_ms)


@description
class PoissonClock:
    """Blocks at the times of a Poisson process: the gaps are exponential and independent.

    Times are drawn in continuous time and then cut to whole milliseconds. A block that would
    fall into the millisecond of the block before it, or earlier, is moved to the next one, so
    that times strictly increase; the times drawn for later blocks stay where they are. At a mean
    of 12 s this moves about one block in 24 000, by a millisecond. About one block in 24 falls
    into the same second as the block before it.
    """

    kind: ClassVar[str] = "poisson"

    mean_seconds: Positive = Decimal(12)

    def __post_init__(self) -> None:
        check_range("mean_seconds", self.mean_seconds, "0.01", 86_400)

    def start(self, streams: Streams, start_ms: int) -> Iterator[int]:
        """Times of the blocks."""
        mean_ms = 1000 * float(self.mean_seconds)
        generator = streams.generator("block times")
        passed_ms, before = 0.0, start_ms
        while True:
            for gap in generator.standard_exponential(_DRAWN_AT_A_TIME).tolist():
                passed_ms += mean_ms * gap
                before = max(start_ms + math.floor(passed_ms), before + 1)
                yield before
