"""The real profit curve: its peak, and the interval in which it reaches a level."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from dexsim.cpmm import fee_fraction
from dexsim.cpmm.profit_curve import ProfitCurve

SIZES = st.integers(1, 400)
FEES = st.sampled_from([0, 1, 30, 100, 1000])


def profit(a: Fraction | int, v: int, x: int, fee_bps: int) -> Fraction:
    """The three swaps without rounding, in a pool of x against 7: the 7 must not matter."""
    g = Fraction(*fee_fraction(fee_bps))
    o = 7 * g * a / (x + g * a)
    q = (7 - o) * g * v / (x + a + g * v)
    return g * o * (x + a + v) / (7 - o - q + g * o) - a


@given(SIZES, SIZES, FEES, st.integers(0, 1000))
def test_the_coefficients_are_those_of_the_three_swaps(
    v: int, x: int, fee_bps: int, a: int
) -> None:
    curve = ProfitCurve.of(v, x, *fee_fraction(fee_bps))
    value = Fraction(
        a * (curve.up2 * a + curve.up1), curve.down2 * a * a + curve.down1 * a + curve.down0
    )
    assert value == profit(a, v, x, fee_bps)


@given(SIZES, SIZES, FEES, st.integers(1, 16))
def test_inputs_that_reach_a_level_are_within_the_interval_and_its_ends_are_close(
    v: int, x: int, fee_bps: int, sixteenths: int
) -> None:
    curve = ProfitCurve.of(v, x, *fee_fraction(fee_bps))
    peak = curve.peak() if curve.peak() is not None else 10**6
    level = max(1, int(profit(peak, v, x, fee_bps) * sixteenths / 16))

    def reaches(a: int) -> bool:
        return profit(a, v, x, fee_bps) >= level

    window = curve.at_least(level)
    grid = [*range(40), *range(40, 2000, 37), *(10**k for k in range(4, 15)), peak]
    if window is None:
        assert not any(map(reaches, grid))
        return
    low, high = window
    assert all(low <= a and (high is None or a <= high) for a in grid if reaches(a))
    assert not any(reaches(a) for a in range(max(0, low - 5), low + 1) if a < low)
    assert reaches(low + 1) or reaches(low + 2) or (high is not None and high <= low + 2)
    if high is not None:
        assert not any(reaches(a) for a in range(high + 1, high + 6))
        assert reaches(high - 1) or reaches(high - 2) or high <= low + 2


@given(SIZES, SIZES, FEES)
def test_the_peak_is_the_greatest(v: int, x: int, fee_bps: int) -> None:
    curve = ProfitCurve.of(v, x, *fee_fraction(fee_bps))
    peak = curve.peak()
    grid = [Fraction(a, 4) for a in range(1, 4000, 61)] + [Fraction(2**k) for k in range(40)]
    gains = [profit(a, v, x, fee_bps) for a in grid]
    if peak is None:
        assert profit(10**30, v, x, fee_bps) > profit(10**29, v, x, fee_bps) > 0
    elif curve.up1 <= 0:
        assert peak == 0
        assert max(gains) <= 0
    else:
        best = max(profit(peak, v, x, fee_bps), profit(peak + 1, v, x, fee_bps))
        inside = profit(peak + Fraction(1, 2), v, x, fee_bps)
        assert all(gain <= max(best, inside) for a, gain in zip(grid, gains, strict=True)
                   if not peak <= a <= peak + 1)  # fmt: skip


def test_profit_never_rises_above_its_tangent_where_it_rises() -> None:
    """The concavity that the bound of `sandwich` rests on: P'(0) is the steepest slope."""
    for v in (1, 4, 10, 70, 700, 5000):
        for fee_bps in (0, 1, 30, 1000):
            g, u = Fraction(*fee_fraction(fee_bps)), Fraction(v, 1000)
            steepest = g * g * (1 + u) * (1 + g * u) - 1
            values = [profit(a, v, 1000, fee_bps) for a in range(0, 4000, 5)]
            slopes = [(b - a) / 5 for a, b in pairwise(values)]
            assert max(slopes) <= max(0, steepest)
