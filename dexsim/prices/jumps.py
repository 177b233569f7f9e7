"""Geometric Brownian motion with jumps."""

from __future__ import annotations

import math
from decimal import Decimal
from typing import ClassVar

import numpy as np

from dexsim.description import Number, Positive, Rate, description
from dexsim.prices.gbm import log_step
from dexsim.prices.grid import CHUNK, GridPath, Steps, diffusion
from dexsim.prices.limits import MS_PER_DAY, check_price, check_range, check_step, whole_ms
from dexsim.prices.process import PricePath
from dexsim.streams import Streams


@description
class JumpDiffusion:
    """Geometric Brownian motion with log-normal jumps at Poisson times (Merton 1976).

        ln S_t - ln S_0 = (daily_drift - daily_volatility**2 / 2 - jumps_per_day m) t
                          + daily_volatility W_t + the sum of N_t jumps
        N_t ~ Poisson(jumps_per_day t),  each jump ~ N(jump_mean, jump_volatility**2)
        m = exp(jump_mean + jump_volatility**2 / 2) - 1

    (t in days). m, the mean relative jump, is taken out of the drift, so that the drift keeps its
    meaning: E[S_t] = S_0 exp(daily_drift t) with or without jumps. `jump_mean` and
    `jump_volatility` are of the logarithm of a jump; `daily_volatility` is that of the diffusion
    alone, and the log price has the variance
    daily_volatility**2 + jumps_per_day (jump_mean**2 + jump_volatility**2) a day.

    Drawn exactly on a grid, as `Gbm` is and from the same shocks: with `jumps_per_day` 0 it is
    the very path of that process. A jump shows at the grid point that ends its step.

    R. C. Merton, "Option pricing when underlying stock returns are discontinuous", Journal of
    Financial Economics 3 (1976), 125-144.
    """

    kind: ClassVar[str] = "jumps"

    start: Positive
    daily_volatility: Rate
    jumps_per_day: Rate
    jump_volatility: Rate
    jump_mean: Number = Decimal(0)
    daily_drift: Number = Decimal(0)
    step_seconds: Positive = Decimal(1)

    def __post_init__(self) -> None:
        check_price("start", self.start)
        check_range("daily_volatility", self.daily_volatility, 0, 100)
        check_range("jumps_per_day", self.jumps_per_day, 0, 1_000_000)
        check_range("jump_volatility", self.jump_volatility, 0, 10)
        check_range("jump_mean", self.jump_mean, -10, 10)
        check_range("daily_drift", self.daily_drift, -100, 100)
        check_step(self.step_seconds)

    def begin(self, streams: Streams, start_ms: int) -> PricePath:
        """The path from `start_ms` on."""
        step_ms = whole_ms("step_seconds", self.step_seconds)
        mean, sd = log_step(self.daily_drift, self.daily_volatility, step_ms)
        rate = float(self.jumps_per_day) * step_ms / MS_PER_DAY
        mean -= rate * self._mean_relative_jump()

        def draw(chunk: int, entry: float) -> Steps:
            shocks = mean + sd * diffusion(streams, chunk)
            return entry + np.cumsum(shocks + self._jumps(streams, chunk, rate))

        return GridPath(start=float(self.start), start_ms=start_ms, step_ms=step_ms, draw=draw)

    def _mean_relative_jump(self) -> float:
        return math.expm1(float(self.jump_mean) + float(self.jump_volatility) ** 2 / 2)

    def _jumps(self, streams: Streams, chunk: int, rate: float) -> Steps:
        """The sum of the log jumps of each step: n of them are N(n mean, n volatility**2)."""
        # Apart from each other, so that another rate leaves the sizes' draws where they were.
        counts = streams.generator("jump counts", chunk).poisson(rate, CHUNK)
        sizes = streams.generator("jump sizes", chunk).standard_normal(CHUNK)
        mean, sd = float(self.jump_mean), float(self.jump_volatility)
        jumps: Steps = mean * counts + sd * np.sqrt(counts) * sizes
        return jumps
