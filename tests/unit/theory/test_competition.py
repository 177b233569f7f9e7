"""Competition of searchers, random order and liquidity just in time, against known figures."""

from __future__ import annotations

from fractions import Fraction

import pytest

from dexsim.theory.competition import full_tip, jit_multiple, random_order_mean, symmetric_searcher


def test_equal_searchers_share_what_one_wins_and_all_pay() -> None:
    revenue, cost = Fraction("0.93"), Fraction("0.01")
    shares = [symmetric_searcher(revenue, cost, n) for n in (2, 5, 10)]
    assert shares == [Fraction("0.455"), Fraction("0.176"), Fraction("0.083")]
    assert full_tip(revenue, cost) == Fraction("0.92")


@pytest.mark.parametrize(
    ("victim", "legs", "mean"), [(10, 10, -0.05929), (50, 10, -0.05900), (200, 100, 0.0869)]
)
def test_the_mean_of_the_six_orders_is_the_known_one(victim: int, legs: int, mean: float) -> None:
    assert float(random_order_mean(legs, victim, 1000)) == pytest.approx(mean, rel=1e-3)


def test_liquidity_just_in_time_has_an_optimum_above_the_threshold_only() -> None:
    assert round(jit_multiple(0.01) or 0, 5) == 1.87814
    assert jit_multiple(0.0030180) is None
    assert jit_multiple(0.0030182) is not None
