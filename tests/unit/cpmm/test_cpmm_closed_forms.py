"""The formulas over the reals, each against the integers of the pool."""

from __future__ import annotations

from decimal import Context, Decimal, localcontext

import pytest

from dexsim.cpmm import amount_out, max_frontrun, minimum_out, optimal_frontrun, swap
from dexsim.cpmm import closed_forms as forms
from dexsim.cpmm.sandwich import _Pool
from dexsim.errors import ScenarioError

E18 = 10**18
E25 = 10**25
X = 1000 * E18
D = Decimal


@pytest.mark.parametrize(
    ("size", "slippage_bps", "move_bps"),
    [("0.01", "130.0903", "200.697"), ("0.1", "1030.09", "2096.7")],
)
def test_price_impact(size: str, slippage_bps: str, move_bps: str) -> None:
    reserve, paid = 10**33, int(D(size) * 10**33)
    x, y = swap(paid, reserve, reserve)
    with localcontext(Context(prec=60)):
        effective = D(paid) / D(reserve - y)
        moved = D(x) / D(y)
        assert abs(forms.effective_price(D(size)) / effective - 1) < D("1e-15")
        assert abs(forms.price_move(D(size)) / moved - 1) < D("1e-15")
        assert abs(forms.k_growth(D(size)) / (D(x) * y / reserve**2) - 1) < D("1e-15")
        back = amount_out(reserve - y, y, x)
        assert abs(forms.round_trip(D(size)) / (D(back) / paid) - 1) < D("1e-15")
    places = D(1).scaleb(D(slippage_bps).as_tuple().exponent)
    assert ((forms.effective_price(D(size)) - 1) * 10_000).quantize(places) == D(slippage_bps)
    places = D(1).scaleb(D(move_bps).as_tuple().exponent)
    assert ((forms.price_move(D(size)) - 1) * 10_000).quantize(places) == D(move_bps)


def test_growth_of_k_and_the_loss_of_a_round_trip() -> None:
    assert round(forms.k_growth(D("0.05")), 11) == D("1.00014287755")
    assert round((1 - forms.round_trip(D("0.1"))) * 10_000, 4) == D("54.4933")


def test_closed_profit_is_what_integers_give() -> None:
    reserve = 1000 * E18
    for v in (E18, 5 * E18, 10 * E18, 100 * E18):
        pool = _Pool.of(v, 1, reserve, 2 * reserve, 30)
        for a in (E18, 7 * E18, 50 * E18, 1000 * E18, 3000 * E18):
            assert abs(pool.gain(a) - forms.sandwich_profit(a, v, reserve)) < 10


@pytest.mark.parametrize("v", [4, 5, 7, 10, 20, 50, 100, 500])
def test_closed_optimum_is_what_integers_give(v: int) -> None:
    a = forms.unlimited_frontrun(v * E18, X)
    real = forms.sandwich_profit(a, v * E18, X)
    found = optimal_frontrun(v * E18, 0, X, X)
    assert 0 <= real - found.profit < 12
    assert abs(found.frontrun_in / a - 1) < D("1e-5")


def test_known_sandwich_numbers() -> None:
    a = forms.unlimited_frontrun(10, 1000)
    assert round(a, 3) == D("2329.928")
    assert round(forms.sandwich_profit(a, 10, 1000) / 10, 6) == D("0.487663")
    g = D("0.997")
    assert abs(forms.sandwich_profit(10**30, 10, 1000) - (10 - 1000 * (1 / g**2 - 1))) < D("1e-6")


def test_profit_rises_for_ever_without_a_fee_or_for_a_huge_victim() -> None:
    assert forms.unlimited_frontrun(10, 1000, 0) == D("Infinity")
    g = D("0.997")
    edge = (1 + g) / g**2 * 1000
    assert forms.unlimited_frontrun(edge * D("1.000001"), 1000) == D("Infinity")
    assert forms.unlimited_frontrun(edge * D("0.999999"), 1000) < 10**12
    assert forms.unlimited_frontrun(1, 1000) == 0


def test_limited_frontrun_is_the_largest_that_integers_allow() -> None:
    assert round(forms.limited_frontrun(10, 1000, D("0.01")), 6) == D("5.070448")
    for slippage_bps in (1, 10, 50, 100, 500, 2000, 9000):
        least = minimum_out(amount_out(10 * E18, X, X), slippage_bps)
        real = forms.limited_frontrun(10 * E18, X, D(slippage_bps) / 10_000)
        assert abs(max_frontrun(10 * E18, least, X, X) - real) < D("1e-14") * X
    assert forms.limited_frontrun(10, 1000, 0) == 0
    with pytest.raises(ScenarioError, match="slippage"):
        forms.limited_frontrun(10, 1000, 1)


@pytest.mark.parametrize(
    ("fee_bps", "first", "second"),
    [(1, "0.0100015", "0.0200030"), (5, "0.0500375", "0.1000751"),
     (30, "0.301354741", "0.602710841"), (100, "1.0151770", "2.0304051")],
)  # fmt: skip
def test_thresholds(fee_bps: int, first: str, second: str) -> None:
    for text, value in (
        (first, forms.first_threshold(fee_bps)),
        (second, forms.second_threshold(fee_bps)),
    ):
        assert (value * 100).quantize(D(1).scaleb(D(text).as_tuple().exponent)) == D(text)


@pytest.mark.parametrize("fee_bps", [1, 5, 30, 100])
def test_no_size_pays_below_the_first_threshold_and_some_size_pays_above(fee_bps: int) -> None:
    edge = forms.first_threshold(fee_bps) * E25
    below, above = int(edge * (1 - D("1e-6"))), int(edge * (1 + D("1e-6")))
    assert optimal_frontrun(below, 0, E25, E25, fee_bps).profit == 0
    assert optimal_frontrun(above, 0, E25, E25, fee_bps).profit > 0
    pool = _Pool.of(below, 1, E25, E25, fee_bps)
    sizes = [2**k * m for k in range(84) for m in (1, 3, 5)]
    assert max(pool.gain(a) for a in sizes) <= 0


def test_every_size_pays_above_the_second_threshold_and_not_below() -> None:
    edge = forms.second_threshold() * E25
    above = _Pool.of(int(edge * (1 + D("1e-6"))), 1, E25, E25, 30)
    below = _Pool.of(int(edge * (1 - D("1e-6"))), 1, E25, E25, 30)
    assert all(above.gain(10**k) > 0 for k in range(10, 33))
    assert below.gain(10**32) < 0


def test_between_the_thresholds_only_small_sizes_pay() -> None:
    v = 31 * E18 // 10
    zero = forms.largest_gaining(v, X)
    pool = _Pool.of(v, 1, X, X, 30)
    assert pool.gain(int(zero * (1 - D("1e-6")))) > 0
    assert pool.gain(int(zero * (1 + D("1e-6")))) < 0
    assert forms.largest_gaining(1, 1000) == 0
    assert forms.largest_gaining(10, 1000) == D("Infinity")


def test_break_even_slippage_is_where_the_attack_begins_to_pay() -> None:
    edge = forms.break_even_slippage(10, 1000, D("0.01"))
    assert round(edge * 100, 7) == D("0.1423837")
    quoted = amount_out(10 * E18, X, X)
    for factor, pays in ((1 - D("1e-6"), False), (1 + D("1e-6"), True)):
        least = int(quoted * (1 - edge * factor))
        assert (optimal_frontrun(10 * E18, least, X, X, cost=E18 // 100).profit > 0) is pays


def test_without_cost_the_smallest_victim_is_the_first_threshold_at_every_tolerance() -> None:
    edge = forms.first_threshold() * 1000
    assert round(edge, 6) == D("3.013547")
    assert forms.break_even_slippage(edge * D("1.000001"), 1000) == 0
    assert forms.break_even_slippage(edge * D("0.999999"), 1000) == 1
    assert forms.break_even_slippage(10, 1000, 6) == 1  # the cost exceeds what can be gained


@pytest.mark.parametrize("slippage_bps", [1, 50, 1000, 5000, 10_000])
def test_a_victim_of_a_thousandth_is_safe_at_every_tolerance(slippage_bps: int) -> None:
    least = minimum_out(amount_out(E18, X, X), slippage_bps)
    assert optimal_frontrun(E18, least, X, X).profit == 0


@pytest.mark.parametrize("factor", ["0.999", "1.001"])
def test_a_blind_frontrun_loses_below_its_threshold(factor: str) -> None:
    assert round(forms.blind_threshold() * 100, 4) == D("5.6486")
    reserve = 10**30
    v, a = int(forms.blind_threshold() * reserve * D(factor)), reserve // 10**7
    along = _Pool.of(v, 1, reserve, reserve, 30).gain(a)
    x1, y1 = swap(a, reserve, reserve)
    y2, x2 = swap(v, y1, x1)  # the victim trades the other way
    _, x3 = swap(reserve - y1, y2, x2)
    assert (along + (x2 - x3 - a) > 0) is (factor > "1")


def test_results_do_not_depend_on_the_callers_context() -> None:
    with localcontext(Context(prec=3)):
        value = forms.first_threshold()
    assert value == forms.first_threshold()
    assert len(value.as_tuple().digits) > 50
