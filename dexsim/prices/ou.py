"""A price that returns to where it began."""

from __future__ import annotations

import itertools
import math
from decimal import Decimal
from typing import ClassVar

import numpy as np

from dexsim.description import Positive, Rate, description
from dexsim.prices.grid import GridPath, Steps, diffusion
from dexsim.prices.limits import MS_PER_DAY, check_price, check_range, check_step, whole_ms
from dexsim.prices.process import PricePath
from dexsim.streams import Streams


@description
class OrnsteinUhlenbeck:
    """A log price x = ln(S / start) that reverts to zero (Uhlenbeck & Ornstein 1930; Doob 1942).

        dx = -k x dt + daily_volatility dW,      k = 24 ln 2 / half_life_hours   (t in days)
        x_(t+h) given x_t ~ N(x_t exp(-k h), daily_volatility**2 (1 - exp(-2 k h)) / (2 k))

    Half of a deviation is gone, in expectation, after `half_life_hours`. The path begins at
    `start` itself, not at a draw of the stationary law, whose standard deviation is
    daily_volatility / sqrt(2 k). It is the log price whose mean is that of `start`: the price
    itself has the mean start * exp(var(x_t) / 2). Not a martingale.

    The transition is drawn exactly, on a grid as that of `Gbm` and from the same shocks.

    G. E. Uhlenbeck, L. S. Ornstein, "On the theory of the Brownian motion", Physical Review 36
    (1930), 823-841. J. L. Doob, "The Brownian movement and stochastic equations", Annals of
    Mathematics 43 (1942), 351-369.
    """

    kind: ClassVar[str] = "ou"

    start: Positive
    daily_volatility: Rate
    half_life_hours: Positive
    step_seconds: Positive = Decimal(1)

    def __post_init__(self) -> None:
        check_price("start", self.start)
        check_range("daily_volatility", self.daily_volatility, 0, 100)
        check_range("half_life_hours", self.half_life_hours, "1e-6", 1_000_000)
        check_step(self.step_seconds)

    def begin(self, streams: Streams, start_ms: int) -> PricePath:
        """The path from `start_ms` on."""
        step_ms = whole_ms("step_seconds", self.step_seconds)
        kept, sd = self._transition(step_ms)

        def draw(chunk: int, entry: float) -> Steps:
            shocks = (sd * diffusion(streams, chunk)).tolist()
            path = itertools.accumulate(shocks, lambda x, shock: kept * x + shock, initial=entry)
            return np.fromiter(itertools.islice(path, 1, None), dtype=np.float64)

        return GridPath(start=float(self.start), start_ms=start_ms, step_ms=step_ms, draw=draw)

    def _transition(self, step_ms: int) -> tuple[float, float]:
        """What is kept of the deviation over one step, and the sd of what is added."""
        days = step_ms / MS_PER_DAY
        reversion = 24 * math.log(2) / float(self.half_life_hours)
        variance = -math.expm1(-2 * reversion * days) / (2 * reversion)
        return math.exp(-reversion * days), float(self.daily_volatility) * math.sqrt(variance)
