"""What many seeds of an experiment say about its claim."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from math import inf, isfinite, sqrt
from statistics import NormalDist, fmean, stdev

from dexsim.results.effects import Effect


class Outcome(Enum):
    """Where the 95 % interval of the effect lies, against the margin."""

    SUPPORTED = "supported"
    REFUTED = "refuted"
    UNDECIDED = "undecided"


@dataclass(frozen=True)
class Finding:
    """An effect over seeds: all arms of a seed see the same random numbers.

    values: the effect in each seed. low, high: 95 % interval of its mean
    (Student's t; a point where all seeds agree). outcome: supported when the
    whole interval lies above the margin, refuted when it lies below or on it,
    else undecided; and undecided with one seed.
    """

    effect: Effect
    measure: str
    margin: float
    values: tuple[float, ...]
    mean: float
    low: float
    high: float
    outcome: Outcome


def find(effect: Effect, measure: str, margin: float, values: Sequence[float]) -> Finding:
    """The finding from the values of all seeds, one or more; undecided where one is no number."""
    mean, spread = interval(values)
    return Finding(
        effect=effect,
        measure=measure,
        margin=margin,
        values=tuple(values),
        mean=mean,
        low=mean - spread,
        high=mean + spread,
        outcome=_outcome(mean - spread, mean + spread, margin, len(values)),
    )


def interval(values: Sequence[float]) -> tuple[float, float]:
    """The mean, and half the width of its 95 % interval: 0 where all agree, infinite for one value."""
    return fmean(values), _half_width(values)


def _outcome(low: float, high: float, margin: float, seeds: int) -> Outcome:
    if seeds < 2:
        return Outcome.UNDECIDED
    if low > margin:
        return Outcome.SUPPORTED
    return Outcome.REFUTED if high <= margin else Outcome.UNDECIDED


def _half_width(values: Sequence[float]) -> float:
    if len(values) < 2 or not all(map(isfinite, values)):
        return inf
    if min(values) == max(values):
        return 0.0
    return t_quantile(len(values) - 1) * stdev(values) / sqrt(len(values))


# The 97.5 % quantile of Student's t for 1 to 4 degrees of freedom, where the series is too coarse.
_FEW = (12.706205, 4.302653, 3.182446, 2.776445)


def t_quantile(freedom: int) -> float:
    """The 97.5 % quantile of Student's t (Abramowitz and Stegun 26.7.5, to 2e-3 and better)."""
    if freedom <= len(_FEW):
        return _FEW[freedom - 1]
    x = NormalDist().inv_cdf(0.975)
    terms = (
        x,
        (x**3 + x) / 4,
        (5 * x**5 + 16 * x**3 + 3 * x) / 96,
        (3 * x**7 + 19 * x**5 + 17 * x**3 - 15 * x) / 384,
        (79 * x**9 + 776 * x**7 + 1482 * x**5 - 1920 * x**3 - 945 * x) / 92_160,
    )
    return sum((term / float(freedom**power) for power, term in enumerate(terms)), 0.0)
