"""The built-in experiments: each runs, closes, and can come out against its claim."""

from __future__ import annotations

from itertools import pairwise
from math import isclose
from typing import Any

import pytest

from dexsim.results.findings import Outcome
from dexsim.results.measures import MEASURES
from dexsim.results.run import Run
from dexsim.scenario.compare import compare
from dexsim.scenario.reading import load
from dexsim.scenario.run import run
from dexsim.scenario.scenario import Experiment
from dexsim.scenario.settings import apply
from dexsim.theory import emissions, peg


def _played(name: str, **changes: Any) -> Run:
    described = apply(load(name), changes)
    done = run(described, seed=0)
    assert done.summary().closes
    return done


def _measured(done: Run, measure: str) -> dict[str, float]:
    return {arm.name: MEASURES[measure](arm) for arm in done.arms}


@pytest.fixture(scope="module")
def mined() -> Run:
    """Liquidity mining without the searcher."""
    return _played("incentives", **{"agents.searcher.enabled": False})


def test_incentives_die_of_issuance_and_live_by_buyers(mined: Run) -> None:
    lost = _measured(mined, "reward_price_lost")
    assert lost["endless"] > 90
    assert lost["halving"] < 75
    assert lost["bought"] < 75
    endless = mined.arms[0]
    sold = sum(r["amount_in"] for r in endless.rows("swaps") if r["token_in"] == "DEX")
    kept = emissions.price_kept(emissions.Fraction(sold, 100_000 * 10**18))
    assert isclose(1 - lost["endless"] / 100, float(kept), rel_tol=0.02)  # a fee stays in the pool


def test_mercenaries_leave_where_the_reward_has_fallen(mined: Run) -> None:
    staked = {
        arm.name: sum(
            row["amount"]
            for row in arm.at_block("balances", arm.last_block)
            if (row["agent"], row["token"]) == ("mercenary", "staked main")
        )
        for arm in mined.arms
    }
    assert staked["endless"] == 0
    assert staked["bought"] > 0


def test_flight_lifts_a_stablecoin_only_where_nobody_can_mint() -> None:
    done = _played("safe-haven")
    premium = _measured(done, "peg_premium_bps")
    high = peg.band(10, 10, 30)[1]
    assert premium["minted"] <= 10_000 * float(high - 1)
    closed = next(arm for arm in done.arms if arm.name == "closed")
    bought = sum(r["amount_in"] for r in closed.rows("swaps") if r["market"] == "peg") / 1e6
    lifted = float(peg.lifted_price(bought, 1_000_000))
    assert isclose(1 + premium["closed"] / 1e4, lifted, rel_tol=0.01)  # 0.3 % stays as fee


def test_a_wind_down_pays_by_reserve_and_rule() -> None:
    done = _played("wind-down")
    lost = _measured(done, "leavers_lost_bps")
    assert lost["full"] == 0
    assert lost["shared-out"] == pytest.approx(1_000, abs=0.01)
    assert lost["first-come"] > 5_000
    full = next(arm for arm in done.arms if arm.name == "full")
    gone = [row["redeemed"] for row in full.rows("issuers")]
    busy = sum(after > before for before, after in pairwise(gone))
    assert busy == peg.blocks_to_redeem(1_000_000, 25_000) == 40


def test_one_holdout_stops_all_but_a_right_to_drag_along() -> None:
    missing = _measured(_played("nail-house"), "missing_bps")
    assert missing["all-or-nothing"] == 10_000
    assert missing["pool"] > 0
    assert missing["drag-along"] == 0


def test_a_stock_tracks_as_far_as_it_is_linked() -> None:
    error = _measured(_played("tracking", blocks=200), "tracking_error_bps")
    assert error["unlinked"] > error["in-session"] > error["linked"]


def test_only_a_builder_makes_trading_cheaper() -> None:
    experiment = apply(load("treasury"), {"blocks": 60})
    assert isinstance(experiment, Experiment)
    found = compare(experiment, seeds=3)
    assert found.closed
    paid = found.arms
    assert all(b < h for b, h in zip(paid["builder"], paid["holder"], strict=True))
    assert found.findings[0].outcome is not Outcome.REFUTED
    gains = _measured(_played("treasury", blocks=60), "treasury_gain")
    assert gains["holder"] == 0 > gains["active"]
