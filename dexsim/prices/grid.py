"""A path of a log price drawn on a grid of time of its own.

The grid starts with the run and has a fixed step; it knows nothing of blocks. Between two grid
points the last value holds. Steps are drawn in chunks, each from a generator keyed by the
chunk's number, so that neither the order nor the reach of the questions changes a value, and
only the value at each chunk's beginning has to be remembered.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from decimal import Decimal

import numpy as np
import numpy.typing as npt

from dexsim.errors import ScenarioError
from dexsim.prices.limits import LEAST_PRICE, MOST_PRICE
from dexsim.streams import Streams

Steps = npt.NDArray[np.float64]

CHUNK = 4096
"""Steps drawn at a time; part of what a seed means, so changing it changes every path."""

DrawChunk = Callable[[int, float], Steps]
"""(number of the chunk, log return on entering it) -> log return after each of its steps."""


class GridPath:
    """`start * exp(x)`, where x is zero at the start and then as `draw` has it."""

    first_ms: int | None = None
    end_ms: int | None = None

    def __init__(self, *, start: float, start_ms: int, step_ms: int, draw: DrawChunk) -> None:
        self._start = start
        self._start_ms = start_ms
        self._step_ms = step_ms
        self._draw = draw
        self._entries = [0.0]  # the log return on entering each chunk drawn so far
        self._held: tuple[int, Steps] = (-1, np.empty(0))
        self._known: dict[int, Decimal] = {}  # by step, of the chunk that is held and before it

    def at(self, time_ms: int) -> Decimal:
        step = max(0, (time_ms - self._start_ms) // self._step_ms)
        price = self._known.get(step)
        if price is None:
            price = rounded_price(self._start, self._log_return(step))
            self._known[step] = price
        return price

    def _log_return(self, step: int) -> float:
        if step <= 0:
            return 0.0
        chunk, offset = divmod(step - 1, CHUNK)
        return float(self._chunk(chunk)[offset])

    def _chunk(self, index: int) -> Steps:
        for earlier in range(len(self._entries) - 1, index):
            self._entries.append(float(self._drawn(earlier)[-1]))
        return self._drawn(index)

    def _drawn(self, index: int) -> Steps:
        if self._held[0] != index:
            self._held = (index, self._draw(index, self._entries[index]))
            self._known.clear()
        return self._held[1]


def rounded_price(start: float, log_return: float) -> Decimal:
    """`start * exp(log_return)` to 12 significant digits.

    The float nearest to the price is rounded half-even, from its exact binary value: what
    `f"{price:.11e}"` prints. The last digits of a float, which differ between machines, are so
    kept out of whatever is computed from the price.
    """
    price = start * math.exp(min(log_return, 700.0))
    if not float(LEAST_PRICE) <= price <= float(MOST_PRICE):
        raise ScenarioError(
            f"the price has left the range from {LEAST_PRICE} to {MOST_PRICE}; "
            "lower its volatility or drift, or simulate a shorter time"
        )
    return Decimal(f"{price:.11e}")


def diffusion(streams: Streams, chunk: int) -> Steps:
    """The standard normals of one chunk.

    The same for every process, so that two arms that differ in a parameter (not in the step), or
    in having jumps, live through the same shocks.
    """
    return streams.generator("diffusion", chunk).standard_normal(CHUNK)
