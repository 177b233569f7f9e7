"""The experiments of depth and of fragmentation against their closed forms, exactly."""

from __future__ import annotations

from math import log
from typing import Any

import pytest

from dexsim import cpmm
from dexsim.cpmm.closed_forms import first_threshold
from dexsim.results.arm import Arm
from dexsim.results.measures import MEASURES
from dexsim.results.run import Run
from dexsim.scenario.reading import load
from dexsim.scenario.run import run
from dexsim.scenario.scenario import Experiment
from dexsim.scenario.settings import apply

BTC, USDC = 10**8, 10**6
PRICE = 100_000
DEPTHS = (50, 250, 1000, 5000)
KNOWN_PERCENT = {50: 25.38, 250: 4.480, 1000: 1.314, 5000: 0.502}


@pytest.fixture(scope="module")
def depth() -> dict[str, Arm]:
    done = run(load("depth"), seed=0)
    assert done.summary().closes
    return {arm.name: arm for arm in done.arms}


def bought(arm: Arm) -> dict[str, Any]:
    (row,) = (row for row in arm.rows("swaps") if row["role"] == "buyer")
    return row


@pytest.mark.parametrize("base", DEPTHS)
def test_ten_coins_cost_what_the_pool_s_arithmetic_says_s1(
    depth: dict[str, Arm], base: int
) -> None:
    row = bought(depth[f"depth-{base}"])
    asked = cpmm.amount_in(10 * BTC, base * PRICE * USDC, base * BTC)
    assert row["amount_in"] == asked
    assert row["amount_out"] == cpmm.amount_out(asked, base * PRICE * USDC, base * BTC)
    assert row["amount_out"] - 10 * BTC in {0, 1}
    premium = MEASURES["premium_bps"](depth[f"depth-{base}"])
    assert premium == pytest.approx(10_000 * (base / ((base - 10) * 0.997) - 1), abs=1e-4)
    assert round(premium / 100, 2) == round(KNOWN_PERCENT[base], 2)


@pytest.mark.parametrize("base", DEPTHS)
def test_only_the_deepest_pool_leaves_nothing_to_attack_s1_a12(
    depth: dict[str, Arm], base: int
) -> None:
    calm, hunted = depth[f"depth-{base}"], depth[f"hunted-{base}"]
    share = bought(calm)["amount_in"] / (base * PRICE * USDC)
    immune = share < first_threshold()
    assert immune == (base == 5000)
    assert len(hunted.rows("sandwiches")) == (0 if immune else 1)
    victim = bought(hunted)
    if immune:
        assert victim["amount_out"] == bought(calm)["amount_out"]
    else:
        assert victim["amount_out"] - victim["min_amount_out"] in {0, 1}


def test_no_tolerance_and_no_free_gas_make_the_deepest_pool_attackable() -> None:
    changes = {"gas.base_fee_gwei": "0", "agents.buyer.slippage_bps": 10_000}
    done = run(apply(load("depth"), changes), seed=0)
    assert len(done.arms[-1].rows("sandwiches")) == 0
    assert len(done.arms[-2].rows("sandwiches")) == 1


def fragments(**changes: Any) -> Run:
    done = run(apply(load("fragmentation"), changes), seed=0)
    assert done.summary().closes
    return done


@pytest.fixture(scope="module")
def first() -> dict[str, Arm]:
    """A lone purchase, so that all pools have one price."""
    lone = {"agents.noise.enabled": False, "agents.buyer.starts_block": 1, "blocks": 1}
    return {arm.name: arm for arm in fragments(**lone).arms}


def spent(arm: Arm) -> int:
    return sum(row["amount_in"] for row in arm.rows("swaps") if row["role"] == "buyer")


def got(arm: Arm) -> int:
    return sum(row["amount_out"] for row in arm.rows("swaps") if row["role"] == "buyer")


@pytest.mark.parametrize("parts", [5, 20, 100])
def test_at_home_one_pays_what_a_small_pool_asks_s2(first: dict[str, Arm], parts: int) -> None:
    base = 5000 * 10**18 // parts
    assert spent(first[f"isolated-{parts}"]) == cpmm.amount_in(10 * 10**18, base * PRICE, base)


@pytest.mark.parametrize("parts", [5, 20])
def test_the_router_pays_what_the_merged_pool_asks_to_a_wei_a_pool_s2_a16(
    first: dict[str, Arm], parts: int
) -> None:
    base = 5000 * 10**18
    merged = cpmm.amount_in(10 * 10**18, base * PRICE, base)
    assert spent(first["merged"]) == merged
    arm = first[f"router-{parts}"]
    assert len({row["market"] for row in arm.rows("swaps")}) == parts
    assert 0 <= spent(arm) - merged <= parts * (1 + 2 * PRICE)  # a wei of BTC costs 10^5 of USDC
    assert 10 * 10**18 <= got(arm) <= 10 * 10**18 + parts


def only(*arms: str) -> Experiment:
    """The experiment of fragmentation with these arms alone."""
    whole = load("fragmentation")
    assert isinstance(whole, Experiment)
    return whole.replace(arms={name: whole.arms[name] for name in arms}, effect="")


def test_with_noise_the_router_still_equals_the_merged_pool_and_isolation_does_not_s2() -> None:
    names = ("merged", "isolated-5", "isolated-20", "router-5", "router-20")
    done = run(apply(only(*names), {"blocks": 12}), seed=0)
    cost = {arm.name: MEASURES["fair_premium_bps"](arm) for arm in done.arms}
    assert cost["router-5"] == pytest.approx(cost["merged"], abs=1e-9)
    assert cost["router-20"] == pytest.approx(cost["merged"], abs=1e-9)
    assert cost["merged"] < cost["isolated-5"] < cost["isolated-20"]
    gap = {arm.name: MEASURES["price_gap_bps"](arm) for arm in done.arms}
    assert gap["merged"] == 0
    assert gap["router-20"] < 1e-9 < gap["isolated-20"]


def test_arbitrage_between_pools_lies_between_isolation_and_the_router_s2() -> None:
    every_three = {"agents.buyer.every_blocks": 3, "agents.buyer.starts_block": 2, "blocks": 9}
    done = run(apply(only("isolated-5", "arbitrage-5", "router-5"), every_three), seed=0)
    isolated, arbitrage, router = (MEASURES["fair_premium_bps"](arm) for arm in done.arms)
    assert isolated > arbitrage > router


def test_arbitrage_leaves_a_gap_of_the_fees_of_a_cycle_and_no_more_s2() -> None:
    """A cycle a block, until none gains."""
    lone = {"agents.noise.enabled": False, "agents.buyer.starts_block": 1, "blocks": 6}
    (arm,) = run(apply(only("arbitrage-5"), lone), seed=0).arms
    prices = [float(row["price"]) for row in arm.at_block("pools", arm.last_block)]
    gap = log(max(prices) / min(prices))
    assert 0.98 * -2 * log(0.997) < gap <= -2 * log(0.997) + 1e-9
    assert max(prices) > 100_000 / 0.997
