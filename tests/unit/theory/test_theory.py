"""The closed forms, against figures worked out elsewhere and against direct integer play."""

from __future__ import annotations

from fractions import Fraction
from math import isclose, sqrt

import pytest

from dexsim import cpmm
from dexsim.theory import buyout, emissions, manipulation, peg, tracking, treasury

TOKEN = 10**18


@pytest.mark.parametrize(
    ("issued", "price", "cash"),
    [(1, "0.25", "0.5"), (3, "0.0625", "0.75"), (9, "0.01", "0.9")],
)
def test_emission_lowers_the_price_and_cash_out_is_bounded(
    issued: int, price: str, cash: str
) -> None:
    assert emissions.price_kept(issued) == Fraction(price)
    assert emissions.cash_out(issued) == Fraction(cash)
    assert emissions.cash_out(issued) == issued * emissions.realised_share(issued)


def _sold(parts: int) -> tuple[Fraction, Fraction]:
    """(price kept, cash-out) of three times the reserve, sold in parts to a pool without a fee."""
    reward = money = 10**6 * TOKEN
    first, brought = Fraction(money, reward), 0
    for _ in range(parts):
        out = cpmm.amount_out(3 * 10**6 * TOKEN // parts, reward, money, fee_bps=0)
        reward, money, brought = reward + 3 * 10**6 * TOKEN // parts, money - out, brought + out
    return Fraction(money, reward) / first, Fraction(brought, 10**6 * TOKEN)


@pytest.mark.parametrize("parts", [1, 10, 1000])
def test_how_often_it_is_sold_makes_no_difference_without_a_fee(parts: int) -> None:
    price, brought = _sold(parts)
    assert abs(price - emissions.price_kept(3)) < Fraction(parts, 10**20)
    assert abs(brought - emissions.cash_out(3)) < Fraction(parts, 10**20)


def test_buying_gives_the_price_a_floor() -> None:
    reward, money = 10**6 * TOKEN, 10**6 * TOKEN
    for _ in range(4000):
        out = cpmm.amount_out(1000 * TOKEN, reward, money, fee_bps=0)
        reward, money = reward + 1000 * TOKEN, money - out
        out = cpmm.amount_out(200 * TOKEN, money, reward, fee_bps=0)
        reward, money = reward - out, money + 200 * TOKEN
    told = emissions.money_left(4000, emission=1000, bought=200, reward=1e6, money=1e6)
    assert isclose(told, 456_861.9, abs_tol=0.05)
    assert isclose(money / TOKEN, told, rel_tol=3e-4)
    assert emissions.floor_price(200, 1000) == 0.2
    assert isclose(money / reward, 0.2, rel_tol=0.06)


def test_money_rises_to_its_lasting_value_from_below() -> None:
    low = emissions.money_left(100, emission=1000, bought=200, reward=1e7, money=1e4)
    lasting = sqrt(200 * 1e11 / 1000)
    assert 1e4 < low < lasting
    assert isclose(
        emissions.money_left(1e6, emission=1000, bought=200, reward=1e7, money=1e4), lasting
    )
    assert emissions.money_left(9, emission=1000, bought=200, reward=5e8, money=4e5) < 4e5 + 9 * 200


def test_the_band_of_a_peg() -> None:
    low, high = peg.band(10, 10, 30)
    assert low == Fraction("0.996003")
    assert isclose(high, 1.004012036, rel_tol=1e-9)
    assert isclose(peg.upper_with_gas(10, 30, gas=50, reserve=1e6), 1.0182325, rel_tol=1e-7)
    assert peg.lifted_price(Fraction(20), Fraction(100)) == Fraction("1.44")


def test_tokens_to_redeem_mend_the_price() -> None:
    amount = peg.tokens_to_redeem(1e6, 0.9, 0.996003)
    assert isclose(amount, 49_415.06, abs_tol=0.01)
    tokens, money = 10**6 * TOKEN, 900_000 * TOKEN
    bought = int(amount * TOKEN)
    assert isclose(tokens * money / (tokens - bought) ** 2, 0.996003, rel_tol=1e-9)
    assert peg.blocks_to_redeem(49_416, 1000) == 50


def test_who_comes_first_is_paid_first_and_pro_rata_pays_alike() -> None:
    claims, coverage = [40, 40, 20], Fraction(9, 10)
    assert peg.first_come(coverage, claims) == [40, 40, 10]
    assert peg.pro_rata(coverage, claims) == [36, 36, 18]
    assert peg.pro_rata(Fraction(2), claims) == peg.first_come(Fraction(1), claims) == claims


@pytest.mark.parametrize(
    ("share", "cost"),
    [("0.5", 1.0030), ("0.9", 9.0271), ("0.99", 99.298), ("0.999", 1002.0), ("0.9999", 10029.1)],
)
def test_buying_everything_has_no_bound(share: str, cost: float) -> None:
    assert isclose(buyout.cost_to_buy(Fraction(share)), cost, rel_tol=5e-5)
    pool = 10**6 * TOKEN, 10**7 * TOKEN
    paid = cpmm.amount_in(int(pool[0] * Fraction(share)), pool[1], pool[0])
    assert isclose(paid / pool[1], buyout.cost_to_buy(Fraction(share)), rel_tol=1e-12)


def test_a_squeeze_makes_the_cost_finite() -> None:
    cost = buyout.cost_with_squeeze(
        Fraction("0.9"), Fraction(10), tokens=1_000_000, money=10_000_000
    )
    assert isclose(cost, 90.2708e6 + 1e6, rel_tol=1e-6)
    assert buyout.everybody_agrees(Fraction(1, 2), 10) == Fraction(1, 1024)
    with pytest.raises(ZeroDivisionError):
        buyout.cost_to_buy(Fraction(1))


def test_tracking_errors() -> None:
    assert isclose(tracking.linked_error(30, 0, 0.05 / sqrt(7200)) * 1e4, 19.34, abs_tol=0.005)
    assert isclose(tracking.linked_error(5, 0, 0.05 / sqrt(7200)) * 1e4, 3.989, abs_tol=0.0005)
    assert tracking.linked_error(30, 20, 0.001) > tracking.linked_error(30, 0, 0.001)
    assert tracking.free_error(3.0, 4.0, 4) == 10
    assert tracking.closed_error(0.02, 4) == 0.04


def test_what_treasuries_do() -> None:
    assert treasury.units_per_share(Fraction(2), Fraction(1, 10)) == Fraction(12, 11)
    assert treasury.units_per_share(Fraction(1), Fraction(1, 10)) == 1
    assert treasury.units_per_share(Fraction(1, 2), Fraction(1, 10)) < 1
    assert isclose(treasury.rebalancing_gain(0.6, 1), 0.045)
    assert isclose(treasury.trading_cost(2, 0.003, 0.001, 5), 5.008)
    assert treasury.slippage_with(Fraction(1, 4)) == Fraction(4, 5)


def test_moving_an_average_in_one_block_or_in_every_one() -> None:
    for blocks, one, every in ((150, 10.3696, 18.198), (50, 5.2815, 6.0660), (10, 1.6181, 1.2132)):
        assert isclose(manipulation.average_in_one_block(2, blocks), one, rel_tol=5e-5)
        assert isclose(manipulation.average_in_every_block(2, blocks), every, rel_tol=5e-5)
    assert isclose(manipulation.average_in_one_block(1.05, 150), 1.258, abs_tol=5e-4)
    assert isclose(manipulation.push_cost(4), 0.5)
    assert manipulation.capital(4) == 1
