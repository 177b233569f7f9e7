"""What traders draw is what their description says, within five standard errors."""

from __future__ import annotations

from math import exp, log, sqrt
from statistics import fmean, stdev

import pytest

from dexsim.results.arm import Arm
from dexsim.scenario.run import run
from tests.scenarios import small

COUNT, RATE, BLOCKS = 20, 0.5, 60
SIGMA, MEDIAN, BUYS = 0.5, 0.01, 0.3


@pytest.fixture(scope="module")
def arm() -> Arm:
    users = small.retail(
        count=COUNT,
        trades_per_block=RATE,
        median_size=str(MEDIAN),
        size_sigma=SIGMA,
        buy_share=BUYS,
        slippage_bps=75,
        tip_gwei="3",
    )
    return run(small.scenario(agents={"retail": users}, blocks=BLOCKS), seed=1).arms[0]


def test_arrivals_have_the_rate_of_a_poisson_process(arm: Arm) -> None:
    expected = COUNT * RATE * BLOCKS
    assert abs(len(arm.rows("orders")) - expected) < 5 * sqrt(expected)


def test_arrivals_are_spread_over_the_users_and_the_time(arm: Arm) -> None:
    orders = arm.rows("orders")
    start = arm.rows("blocks")[0]["time_ms"]
    half = start + BLOCKS * 12_000 // 2
    early = sum(row["arrival_ms"] <= half for row in orders)
    assert abs(early - len(orders) / 2) < 5 * sqrt(len(orders)) / 2
    assert len({row["account"] for row in orders}) == COUNT
    blocks = {row["block"]: row["time_ms"] for row in arm.rows("blocks")}
    for row in orders:
        assert blocks[row["block"] - 1] < row["arrival_ms"] <= blocks[row["block"]]


def test_sides_are_drawn_with_their_share(arm: Arm) -> None:
    orders = arm.rows("orders")
    buys = sum(row["token_in"] == "USDC" for row in orders)
    assert abs(buys / len(orders) - BUYS) < 5 * sqrt(BUYS * (1 - BUYS) / len(orders))


def test_sizes_are_log_normal_around_their_median(arm: Arm) -> None:
    sold = [log(r["amount_in_tokens"]) for r in arm.rows("orders") if r["token_in"] == "WETH"]
    error = SIGMA / sqrt(len(sold))
    assert abs(exp(fmean(sold)) / MEDIAN - 1) < 6 * error
    assert abs(stdev(sold) - SIGMA) < 5 * error / sqrt(2)


def test_orders_carry_their_tolerance_and_their_tip(arm: Arm) -> None:
    assert {row["slippage_bps"] for row in arm.rows("orders")} == {75}
    assert {row["tip_per_gas"] for row in arm.rows("orders")} == {3 * 10**9}


def test_buyers_pay_the_outside_price_of_the_size_that_they_drew() -> None:
    one = small.retail(
        count=1, trades_per_block="1", size_sigma="0", buy_share="1", median_size="2"
    )
    arm = run(small.scenario(agents={"retail": one}, blocks=10), seed=1).arms[0]
    prices = [float(r["price"]) for r in arm.rows("prices") if r["token"] == "WETH"]
    for row in arm.rows("orders"):
        assert 2 * min(prices) * 0.99 < row["amount_in_tokens"] < 2 * max(prices) * 1.01
