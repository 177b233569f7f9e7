"""Arbitrage to an outside price, and the split over pools."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from math import isqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dexsim import cpmm
from dexsim.cpmm.closed_forms import impermanent_loss
from dexsim.errors import AmountTypeError, Reverted, ScenarioError

E18 = 10**18
MAX = 2**256 - 1
RESERVES = st.integers(10**6, 2**108)
PRICES = st.integers(1, 10**12)
FEES = st.integers(0, 1000)


def after(x: int, y: int, num: int, den: int, fee_bps: int = 30) -> tuple[int, int]:
    """The reserves after the arbitrage."""
    first, amount = cpmm.arbitrage(x, y, num, den, fee_bps)
    if amount == 0:
        return x, y
    if first:
        return cpmm.swap(amount, x, y, fee_bps)
    y, x = cpmm.swap(amount, y, x, fee_bps)
    return x, y


@pytest.mark.parametrize(  # Uniswap/v2-periphery, test/ExampleSwapToPrice.spec.ts
    ("num", "den", "first", "amount", "out"),
    [
        (90, 1, True, 526682316179835569, 49890467170695440744),
        (110, 1, False, 47376582963642643588, 451039908682851138),
    ],
)
def test_published_trades_to_a_price(
    num: int, den: int, first: bool, amount: int, out: int
) -> None:
    x, y = 10 * E18, 1000 * E18
    assert cpmm.arbitrage(x, y, num, den) == (first, amount)
    assert cpmm.arbitrage(y, x, den, num) == (not first, amount)
    assert cpmm.amount_out(amount, *((x, y) if first else (y, x))) == out


@pytest.mark.parametrize(  # Uniswap/v2-periphery, test/ExampleComputeLiquidityValue.spec.ts
    ("num", "den", "reserves"),
    [
        (400, 1, (5007516917298542016, 1999997739838173075192)),
        (200, 1, (7081698338256310291, 1413330640570018326894)),
        (100, 1, (10000000000000000000, 1000000000000000000000)),
        (50, 1, (14133306405700183269, 708169833825631029041)),
        (25, 1, (19999977398381730752, 500751691729854201595)),
        (1, 25, (500721601459041764285, 20030067669194168064)),
        (
            (2**256 - 1) // 1000,
            (2**256 - 1) // 1000,
            (100120248075158403008, 100150338345970840319),
        ),
    ],
)
def test_published_reserves_after_arbitrage(num: int, den: int, reserves: tuple[int, int]) -> None:
    assert after(10 * E18, 1000 * E18, num, den) == reserves


@pytest.mark.parametrize("fee_bps", [0, 1, 30, 100, 1000])
def test_the_edges_of_the_fee_band(fee_bps: int) -> None:
    n, d = cpmm.fee_fraction(fee_bps)
    x = y = 10**24
    wide = 10**9
    assert cpmm.arbitrage(x, y, n, d, fee_bps) == (False, 0)
    assert cpmm.arbitrage(x, y, d, n, fee_bps) == (False, 0)
    first, amount = cpmm.arbitrage(x, y, n * wide - d, d * wide, fee_bps)
    assert first
    assert amount > 0
    first, amount = cpmm.arbitrage(x, y, d * wide, n * wide - d, fee_bps)
    assert not first
    assert amount > 0


@given(RESERVES, RESERVES, PRICES, PRICES, FEES)
def test_amount_is_the_real_optimum_within_a_wei_and_gains(
    x: int, y: int, num: int, den: int, fee_bps: int
) -> None:
    first, amount = cpmm.arbitrage(x, y, num, den, fee_bps)
    sold, bought, price = (x, y, Fraction(num, den)) if first else (y, x, Fraction(den, num))
    g = Fraction(*cpmm.fee_fraction(fee_bps))
    if amount == 0:
        assert g * y <= x * Fraction(num, den) * (1 + Fraction(2, isqrt(x)))
        assert g * x * Fraction(num, den) <= y * (1 + Fraction(2, isqrt(y)))
        return
    assert cpmm.amount_out(amount, sold, bought, fee_bps) > amount * price
    if sold + amount == cpmm.MAX_RESERVE:
        return
    real = sold * bought / (g * price)  # the square of amount + sold/g
    assert (amount - 1 + sold / g) ** 2 < real < (amount + 1 + sold / g) ** 2


@given(RESERVES, RESERVES, PRICES, PRICES, FEES)
def test_a_second_arbitrage_finds_next_to_nothing(
    x: int, y: int, num: int, den: int, fee_bps: int
) -> None:
    once = after(x, y, num, den, fee_bps)
    assert sum(cpmm.arbitrage(*once, num, den, fee_bps)[1:]) <= 2


def test_a_trade_that_rounding_makes_a_loss_is_not_made() -> None:
    x, y, num, den = 1000, 10, 1, 111
    n, d = cpmm.fee_fraction(30)
    untouched = isqrt(y * x * d * num // (n * den)) - y * d // n
    for reserve in range(2, 200):
        first, amount = cpmm.arbitrage(1000, reserve, num, den)
        sold, bought = (1000, reserve) if first else (reserve, 1000)
        if amount:
            worth = Fraction(num, den) if first else Fraction(den, num)
            assert cpmm.amount_out(amount, sold, bought) > amount * worth
    assert untouched <= 0


def test_reserves_stay_within_112_bits() -> None:
    first, amount = cpmm.arbitrage(2**112 - 10, 2**112 - 1, 1, 1000)
    assert (first, amount) == (True, 9)


@pytest.mark.parametrize("price", [(0, 1), (1, 0), (-1, 1)])
def test_a_price_must_be_positive(price: tuple[int, int]) -> None:
    with pytest.raises(ScenarioError, match="price_"):
        cpmm.arbitrage(10, 10, *price)


def test_bad_reserves_are_refused() -> None:
    with pytest.raises(AmountTypeError):
        cpmm.arbitrage(1.5, 10, 1, 1)  # type: ignore[arg-type]
    with pytest.raises(Reverted, match="insufficient liquidity"):
        cpmm.arbitrage(0, 10, 1, 1)


@pytest.mark.parametrize(
    ("ratio", "percent"),
    [((5, 4), -0.61920), ((3, 2), -2.02041), ((2, 1), -5.71910), ((3, 1), -13.39746),
     ((4, 1), -20.0), ((5, 1), -25.46440)],
)  # fmt: skip
def test_impermanent_loss_of_a_pool_without_fee(ratio: tuple[int, int], percent: float) -> None:
    r = Fraction(*ratio)
    x, y = after(10**30, 10**30, *ratio, 0)
    loss = (x * r + y) / (10**30 * r + 10**30) - 1
    assert abs(loss - Fraction(impermanent_loss(Decimal(r.numerator) / r.denominator))) < 1e-12
    assert round(float(loss) * 100, 5) == percent


def test_impermanent_loss_after_one_arbitrage_with_the_fee() -> None:
    x, y = after(10**30, 10**30, 2, 1)
    assert round(((x * 2 + y) / (3 * 10**30) - 1) * 100, 5) == -5.67766


def test_a_split_over_pools_of_one_price_is_the_merged_pool() -> None:
    pools = [(1000 * E18, 1000 * E18), (250 * E18, 250 * E18), (50 * E18, 50 * E18)]
    inputs = cpmm.optimal_split(130 * E18, pools)
    assert all(abs(a - b * E18) < 10 for a, b in zip(inputs, (100, 25, 5), strict=True))
    total = sum(cpmm.amount_out(a, *pool) for a, pool in zip(inputs, pools, strict=True))
    merged = cpmm.amount_out(130 * E18, 1300 * E18, 1300 * E18)
    assert 0 <= merged - total <= 5
    assert round(total / E18, 12) == 117.859416204419
    assert round(cpmm.amount_out(130 * E18, *pools[0]) / E18, 4) == 114.7387
    assert round(cpmm.amount_out(130 * E18, *pools[2]) / E18, 4) == 36.0810


def test_a_pool_that_is_too_dear_gets_nothing() -> None:
    assert cpmm.optimal_split(E18, [(1000 * E18, 900 * E18), (1000 * E18, 1000 * E18)]) == (0, E18)


def test_a_split_of_one_wei_goes_to_the_best_pool() -> None:
    assert cpmm.optimal_split(1, [(10, 10), (10, 90), (10, 30)]) == (0, 1, 0)


def test_a_split_is_never_worse_than_one_pool_alone() -> None:
    for amount in range(1, 120):
        pools = [(100, 95), (90, 88), (37, 36)]
        inputs = cpmm.optimal_split(amount, pools)
        total = sum(cpmm.amount_out(a, *pool) for a, pool in zip(inputs, pools, strict=True) if a)
        assert sum(inputs) == amount
        assert total >= max(cpmm.amount_out(amount, *pool) for pool in pools)


def test_a_split_needs_a_pool() -> None:
    with pytest.raises(ScenarioError, match="pools"):
        cpmm.optimal_split(1, [])


@given(st.integers(1, 2**90), st.lists(st.tuples(RESERVES, RESERVES), min_size=1, max_size=5), FEES)
def test_a_split_spends_everything_and_no_shift_gains(
    amount: int, pools: list[tuple[int, int]], fee_bps: int
) -> None:
    inputs = cpmm.optimal_split(amount, pools, fee_bps)

    def total(parts: list[int] | tuple[int, ...]) -> int:
        return sum(
            cpmm.amount_out(a, *pool, fee_bps) for a, pool in zip(parts, pools, strict=True) if a
        )

    assert sum(inputs) == amount
    assert min(inputs) >= 0
    assert total(inputs) >= max(cpmm.amount_out(amount, *pool, fee_bps) for pool in pools)
    best_price = max(Fraction(y, x) for x, y in pools)
    tolerance = len(pools) * (1 + best_price)
    for giver in range(len(pools)):
        for taker in range(len(pools)):
            for part in (2, 10, 1000):
                moved = list(inputs)
                moved[giver] -= inputs[giver] // part
                moved[taker] += inputs[giver] // part
                assert total(moved) <= total(inputs) + tolerance
