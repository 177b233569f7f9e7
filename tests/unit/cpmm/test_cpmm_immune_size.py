"""The size below which a swap cannot be sandwiched, in integers."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import pytest

from dexsim import cpmm
from dexsim.cpmm.closed_forms import first_threshold
from dexsim.cpmm.profit_curve import ProfitCurve
from dexsim.cpmm.swaps import fee_fraction

E18 = 10**18


@pytest.mark.parametrize("fee_bps", [0, 1, 5, 30, 100, 1000])
@pytest.mark.parametrize("reserve", [1, 333, 10**12 + 7, 1000 * E18, 2**111])
def test_the_immune_amount_is_the_largest_from_which_no_front_run_gains(
    reserve: int, fee_bps: int
) -> None:
    n, d = fee_fraction(fee_bps)
    most = cpmm.immune_amount(reserve, fee_bps)
    assert ProfitCurve.of(most, reserve, n, d).up1 <= 0
    assert ProfitCurve.of(most + 1, reserve, n, d).up1 > 0
    assert most == int(Fraction(first_threshold(fee_bps)) * reserve)


def test_at_30_bps_it_is_the_known_part_of_the_reserve() -> None:
    assert round(cpmm.immune_amount(10**27) / 10**25, 9) == 0.301354741


def test_without_a_limit_the_immune_amount_brings_an_attacker_rounding_at_most() -> None:
    x = 10**25
    most = cpmm.immune_amount(x)
    assert cpmm.optimal_frontrun(most, 0, x, x).profit <= 2
    assert cpmm.optimal_frontrun(most * 10_001 // 10_000, 0, x, x).profit > 10**6


def test_splitting_costs_the_fee_of_a_longer_path_m15() -> None:
    """M15: 10 in a pool of 1000, as one swap or as parts below u1, with nobody else there."""
    whole = cpmm.amount_out(10 * E18, 1000 * E18, 1000 * E18)
    got: dict[int, int] = {}
    for parts in (1, 2, 4, 8):
        x = y = 1000 * E18
        for _ in range(parts):
            out = cpmm.amount_out(10 * E18 // parts, x, y)
            x, y = x + 10 * E18 // parts, y - out
        got[parts] = 1000 * E18 - y
    assert got[1] == whole
    assert all(more > less for more, less in pairwise(got.values()))
    for parts, each in got.items():
        expected = 0.003 * 0.01 * (1 - 1 / parts) / 2  # f*d*(n - 1)/(2*n), to first order in d
        assert (whole - each) / whole == pytest.approx(expected, rel=0.02)
