"""Liquidity just in time: what lands, what it takes from whom, and whom it serves."""

from __future__ import annotations

from collections import defaultdict
from math import isqrt
from typing import Any

import pytest

from dexsim import cpmm
from dexsim.agents import JustInTime
from dexsim.blockspace.mechanisms import BundleAuction, CommitReveal, MevShare, Priority
from dexsim.results.arm import Arm
from dexsim.results.detector_measures import scores
from tests.scenarios import small
from tests.scenarios.test_backrunners import DOLLAR, ETHER, X, Y, play, selling, two_pools

CAPITAL = {"WETH": "5000", "USDC": "10000000"}


def provider(**changes: Any) -> JustInTime:
    return JustInTime(**({"capital": CAPITAL, "market": "main"} | changes))


def expected(sold: int) -> cpmm.JustInTime:
    """The optimum at 2000 dollars, as far as the capital goes."""
    pool = cpmm.JitPool(X, Y, isqrt(X * Y), sold)
    capital = {"max_in": 5_000 * ETHER, "max_out": 10_000_000 * DOLLAR}
    return cpmm.optimal_jit(pool, 1, 500_000_000, **capital)


def parts(arm: Arm) -> list[tuple[str, str, int]]:
    return [(row["kind"], row["part"], row["position"]) for row in arm.rows("attacks")]


@pytest.mark.parametrize("mechanism", [BundleAuction(), Priority()], ids=lambda each: each.kind)
def test_it_stands_around_a_large_swap_with_the_optimum_to_the_wei(mechanism: Any) -> None:
    arm = play(mechanism, retail=selling(10 * ETHER), searcher=provider())
    assert parts(arm) == [("jit", "mint", 0), ("jit", "victim", 1), ("jit", "burn", 2)]
    best = expected(10 * ETHER)
    (row,) = [each for each in arm.rows("swaps") if each["agent"] == "retail"]
    assert int(row["amount_out"]) == best.victim_out > cpmm.amount_out(10 * ETHER, X, Y)
    gained = {
        each["token"]: int(each["amount"])
        for each in arm.rows("effects")
        if each["part"] == "attacker"
    }
    assert gained["WETH"] == best.back_in - best.amount_in
    assert gained["USDC"] == best.back_out - best.amount_out
    assert (
        abs(best.amount_in / X - 1.87814) < 1e-3
    )  # A21; 1 micro-dollar of profit is as wide as that
    others = {each["part"] for each in arm.rows("effects") if int(each["amount"]) < 0}
    assert "liquidity" in others


def test_what_it_does_sums_to_zero_and_the_victim_gains() -> None:
    arm = play(BundleAuction(), retail=selling(10 * ETHER), searcher=provider())
    sums: dict[str, int] = defaultdict(int)
    for row in arm.rows("effects"):
        sums[row["token"]] += int(row["amount"])
    assert len(sums) == 3
    assert set(sums.values()) == {0}
    victim = [r for r in arm.rows("effects") if r["part"] == "victim" and r["token"] == "USDC"]
    assert sum(int(row["amount"]) for row in victim) > 0


def test_a_swap_that_does_not_pay_for_two_legs_of_gas_is_left_alone() -> None:
    arm = play(BundleAuction(), retail=selling(ETHER // 2), searcher=provider())
    assert not arm.rows("bundles")


def test_of_several_swaps_it_serves_the_most_profitable_on_either_side() -> None:
    arm = play(
        BundleAuction(),
        retail=selling(5 * ETHER),
        buyer=selling(40_000 * DOLLAR, token="USDC"),
        searcher=provider(),
    )
    (victim,) = [row["tx_hash"] for row in arm.rows("attacks") if row["part"] == "victim"]
    (agent,) = [row["agent"] for row in arm.rows("transactions") if row["tx_hash"] == victim]
    assert agent == "buyer"


def test_it_bids_for_its_place_out_of_the_contract() -> None:
    def paid(share: int) -> int:
        agents = {"retail": selling(10 * ETHER), "searcher": provider(bid_share_bps=share)}
        (row,) = play(BundleAuction(), **agents).rows("bundles")
        assert row["landed"]
        return int(row["paid"])

    profit = expected(10 * ETHER).profit
    assert 0.8 * profit < paid(10_000) - paid(0) < profit


@pytest.mark.parametrize("mechanism", [MevShare(), CommitReveal()], ids=lambda each: each.kind)
def test_where_nobody_may_stand_in_front_it_cannot_serve(mechanism: Any) -> None:
    arm = play(mechanism, retail=selling(10 * ETHER), searcher=provider(), blocks=3)
    assert not arm.rows("attacks")
    assert not [row for row in arm.rows("transactions") if row["agent"] == "searcher"]


def test_the_contract_is_left_without_shares_and_a_run_of_many_blocks_closes() -> None:
    arm = play(
        BundleAuction(),
        world=two_pools(),
        retail=small.retail(market="main"),
        searcher=provider(),
        blocks=12,
    )
    landed = [row for row in arm.rows("bundles") if row["landed"]]
    assert len(landed) > 2
    lp = [row for row in arm.rows("balances") if row["token"] == "LP main"]
    assert {row["agent"] for row in lp} >= {"main liquidity"}
    assert not [row for row in lp if row["agent"] == "searcher" and int(row["amount"])]
    own = [row for row in arm.rows("liquidity") if row["agent"] == "searcher"]
    for kind in ("mint", "burn"):
        assert len([row for row in own if row["kind"] == kind]) == len(landed)


def test_the_detector_finds_each_by_the_tables_alone() -> None:
    arm = play(BundleAuction(), retail=small.retail(market="main"), searcher=provider(), blocks=12)
    found = scores(arm)["jit"]
    assert found.true == len([row for row in arm.rows("bundles") if row["landed"]]) > 2
    assert (found.detected, found.matched) == (found.true, found.true)
    assert found.victims_matched == found.victims_true == found.victims_detected
