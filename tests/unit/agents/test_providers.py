"""Providers and farmers who do not get in at once."""

from __future__ import annotations

from itertools import pairwise

import pytest

from dexsim.agents import Farmer, Provider
from dexsim.results.arm import Arm
from dexsim.scenario.run import run
from tests.scenarios import small

PATIENT = {"base_amount": "20", "slippage_bps": 0}
LATE = {
    "provider": Provider(**PATIENT, leaves_block=25),  # type: ignore[arg-type]
    "farmer": Farmer(gauge="main", **PATIENT),  # type: ignore[arg-type]
}


@pytest.fixture(scope="module")
def arm() -> Arm:
    busy = small.retail(tip_gwei="5", trades_per_block="0.1")  # often before them, at another ratio
    return run(small.farming(agents={"retail": busy, **LATE}), seed=4).arms[0]


@pytest.mark.parametrize("name", LATE)
def test_who_finds_another_ratio_tries_again_three_blocks_later(arm: Arm, name: str) -> None:
    tried = [
        (row["block"], row["status"])
        for row in arm.rows("transactions")
        if row["agent"] == name and row["what"] == "router.addLiquidity"
    ]
    assert len(tried) > 1
    assert [status for _, status in tried] == [False] * (len(tried) - 1) + [True]
    assert {after - before for (before, _), (after, _) in pairwise(tried)} == {3}


def test_the_farmer_stakes_what_it_got(arm: Arm) -> None:
    assert any(r["token"] == "staked main" and r["amount"] for r in arm.rows("balances"))


def test_the_provider_leaves_with_everything(arm: Arm) -> None:
    last = [r for r in arm.at_block("balances", 25) if r["agent"] == "provider"]
    assert next(r["amount"] for r in last if r["token"] == "LP main") == 0
