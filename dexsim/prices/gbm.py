"""Geometric Brownian motion."""

from __future__ import annotations

import math
from decimal import Decimal
from typing import ClassVar

import numpy as np

from dexsim.description import Number, Positive, Rate, description
from dexsim.prices.grid import GridPath, Steps, diffusion
from dexsim.prices.limits import MS_PER_DAY, Real, check_price, check_range, check_step, whole_ms
from dexsim.prices.process import PricePath
from dexsim.streams import Streams


@description
class Gbm:
    """Geometric Brownian motion (Samuelson 1965; Black & Scholes 1973).

        dS / S = daily_drift dt + daily_volatility dW          (t in days)
        ln S_t - ln S_0 ~ N((daily_drift - daily_volatility**2 / 2) t, daily_volatility**2 t)

    The drift is that of the price: E[S_t] = S_0 exp(daily_drift t). Without drift the price is a
    martingale and its logarithm falls by daily_volatility**2 / 2 a day. Volatility is that of the
    log price for the square root of a day: 0.05 is 5 % a day.

    The transition is drawn exactly, on a grid of `step_seconds` that has nothing to do with
    blocks; between grid points the last price holds. The step is therefore the resolution at
    which blocks see the price: choose it well below the mean block time. Prices have 12
    significant digits (see `rounded_price`).
    """

    kind: ClassVar[str] = "gbm"

    start: Positive
    daily_volatility: Rate
    daily_drift: Number = Decimal(0)
    step_seconds: Positive = Decimal(1)

    def __post_init__(self) -> None:
        check_price("start", self.start)
        check_range("daily_volatility", self.daily_volatility, 0, 100)
        check_range("daily_drift", self.daily_drift, -100, 100)
        check_step(self.step_seconds)

    def begin(self, streams: Streams, start_ms: int) -> PricePath:
        """The path from `start_ms` on."""
        step_ms = whole_ms("step_seconds", self.step_seconds)
        mean, sd = log_step(self.daily_drift, self.daily_volatility, step_ms)

        def draw(chunk: int, entry: float) -> Steps:
            return entry + np.cumsum(mean + sd * diffusion(streams, chunk))

        return GridPath(start=float(self.start), start_ms=start_ms, step_ms=step_ms, draw=draw)


def log_step(daily_drift: Real, daily_volatility: Real, step_ms: int) -> tuple[float, float]:
    """Mean and standard deviation of the log return of one step."""
    days = step_ms / MS_PER_DAY
    drift, volatility = float(daily_drift), float(daily_volatility)
    return (drift - volatility**2 / 2) * days, volatility * math.sqrt(days)
