"""Buyers who buy whatever the price, and holders who sell when it falls."""

from __future__ import annotations

from decimal import Decimal
from math import exp

import pytest

from dexsim.agents import Arbitrageur, Buyer, PanicSeller
from dexsim.errors import ScenarioError
from dexsim.prices import JumpDiffusion
from dexsim.results.arm import Arm, Row
from dexsim.scenario.run import run
from tests.scenarios import small


def _arm(**changes: object) -> Arm:
    return run(small.scenario(**changes), seed=2).arms[0]


def _swaps(arm: Arm, agent: str) -> list[Row]:
    return [row for row in arm.rows("swaps") if row["agent"] == agent]


def test_a_buyer_spends_the_same_each_time_until_the_budget_is_gone() -> None:
    buyer = Buyer(amount="300", budget="1000", every_blocks=3, starts_block=2)
    swaps = _swaps(_arm(agents={"buyer": buyer}, blocks=20), "buyer")
    assert [row["block"] for row in swaps] == [2, 5, 8, 11]
    assert [row["amount_in"] for row in swaps] == [300 * 10**6] * 3 + [100 * 10**6]
    assert {row["token_out"] for row in swaps} == {"WETH"}


def test_a_buyer_of_the_quote_token_pays_in_base_and_stops_when_told() -> None:
    buyer = Buyer(buys="USDC", amount="1", budget="100", starts_block=4, stops_block=7)
    swaps = _swaps(_arm(agents={"buyer": buyer}, blocks=10), "buyer")
    assert [row["block"] for row in swaps] == [4, 5, 6]
    assert {(row["token_in"], row["amount_in"]) for row in swaps} == {("WETH", 10**18)}


_JUMPS = 1000
_DRIFT = str(-_JUMPS * (1 - exp(-0.1)))  # so that nothing makes up for the falls


def _falling(**changes: object) -> Arm:
    """The outside price loses a tenth at once, now and then, and never gains."""
    fall = JumpDiffusion(
        start="2000",
        daily_volatility="0",
        daily_drift=_DRIFT,
        jumps_per_day=_JUMPS,
        jump_mean="-0.1",
        jump_volatility="0",
    )
    agents = {
        "arbitrageur": Arbitrageur(capital=small.CAPITAL),
        "holders": PanicSeller(count=4, amount="2", slippage_bps=5_000, **changes),  # type: ignore[arg-type]
    }
    return _arm(world=small.world(prices={"WETH": fall}), agents=agents, blocks=40)


def _lowest(arm: Arm, block: int) -> Decimal:
    """Price by the highest so far."""
    rows = [row for row in arm.rows("prices") if row["token"] == "WETH"]
    prices = [Decimal(row["exact"]) for row in rows if 0 < row["block"] <= block]
    return prices[-1] / max(prices)


def test_holders_sell_everything_at_the_fall_that_they_cannot_bear() -> None:
    arm = _falling(drop_bps=1_000)
    swaps = _swaps(arm, "holders")
    assert len(swaps) == 4
    assert {row["block"] for row in swaps} == {swaps[0]["block"]}
    first = swaps[0]["block"]
    assert _lowest(arm, first) <= Decimal("0.9") < _lowest(arm, first - 1)
    assert all(row["amount_in"] == 2 * 10**18 for row in swaps)
    assert not any(
        row["amount"]
        for row in arm.at_block("balances", arm.last_block)
        if row["agent"] == "holders" and row["token"] == "WETH"
    )


def test_holders_with_different_patience_sell_at_different_falls() -> None:
    swaps = _swaps(_falling(drop_bps=1_000, last_drop_bps=5_000), "holders")
    assert len({row["block"] for row in swaps}) > 1


def test_nobody_sells_while_the_price_stands() -> None:
    agents = {"holders": PanicSeller(amount="2", drop_bps=5_000)}
    assert not _swaps(_arm(agents=agents), "holders")


def test_a_last_drop_below_the_first_is_refused() -> None:
    with pytest.raises(ScenarioError, match="last_drop_bps: 10 is below drop_bps"):
        PanicSeller(amount="1", drop_bps=20, last_drop_bps=10)
