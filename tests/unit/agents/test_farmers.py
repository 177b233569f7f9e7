"""Farmers who go where the reward is, sell a part of it, and leave when it is too low."""

from __future__ import annotations

from math import isclose
from typing import Any

import pytest

from dexsim.agents import Buyer, Farmer
from dexsim.blockspace.fees import Gas
from dexsim.errors import ScenarioError
from dexsim.market.incentive import Incentive
from dexsim.market.world import Gauge, Market, Token, Venue, Weth, World
from dexsim.prices import Constant
from dexsim.prices.clock import FixedClock
from dexsim.results.arm import Arm
from dexsim.results.measures import MEASURES
from dexsim.scenario.run import run
from dexsim.scenario.scenario import Scenario
from dexsim.theory import emissions

E18 = 10**18


def _arm(
    agents: dict[str, Any], *, blocks: int = 40, weights: tuple[int, int] = (1, 3), **token: Any
) -> Arm:
    """Two venues with the same pair, paid by weight; the reward has a pool of its own, without a fee."""
    token = {"rate_per_second": "1", "initial_supply": "1000000"} | token
    pair = {"pair": "WETH/USDC", "base_reserve": "1000", "quote_reserve": "2000000"}
    world = World(
        tokens={"WETH": Weth(), "USDC": Token(decimals=6), "DEX": Incentive(**token)},
        venues={"a": Venue(fee_bps=30), "b": Venue(fee_bps=30), "free": Venue(fee_bps=0)},
        markets={
            "a": Market(venue="a", **pair),
            "b": Market(venue="b", **pair),
            "dex": Market(
                venue="free", pair="DEX/USDC", base_reserve="1000000", quote_reserve="1000000"
            ),
        },
        gauges={
            "a": Gauge(market="a", reward="DEX", weight=weights[0]),
            "b": Gauge(market="b", reward="DEX", weight=weights[1]),
        },
        prices={"WETH": Constant(price="2000"), "USDC": Constant(price="1")},
    )
    scenario = Scenario(
        world=world,
        agents=agents,
        blocks=blocks,
        numeraire="USDC",
        clock=FixedClock(seconds=3600),
        gas=Gas(base_fee_gwei="0"),
    )
    done = run(scenario, seed=0)
    assert done.summary().closes
    return done.arms[0]


def _farmer(**changes: Any) -> Farmer:
    return Farmer(**({"gauge": "a", "base_amount": "10", "claims_every": 5} | changes))


def _staked(arm: Arm, gauge: str, block: int, agent: str = "farmer") -> int:
    rows = arm.at_block("balances", block)
    return sum(r["amount"] for r in rows if (r["agent"], r["token"]) == (agent, f"staked {gauge}"))


def test_a_farmer_goes_where_the_reward_is_highest() -> None:
    arm = _arm({"farmer": _farmer(also=["b"])})
    assert _staked(arm, "b", 40) > 0
    assert _staked(arm, "a", 40) == 0


def test_a_farmer_without_a_choice_stays_where_it_is_told() -> None:
    arm = _arm({"farmer": _farmer()})
    assert _staked(arm, "a", 40) > 0


def test_a_farmer_moves_when_another_gauge_becomes_better() -> None:
    """A second farmer fills the better gauge, so that the reward there is shared."""
    crowd = _farmer(gauge="b", base_amount="100", joins_block=10)
    arm = _arm({"farmer": _farmer(also=["b"], looks_every=5), "crowd": crowd})
    assert _staked(arm, "b", 9) > 0
    assert _staked(arm, "b", 40) == 0
    assert _staked(arm, "a", 40) > 0
    moves = [r["what"] for r in arm.rows("transactions") if r["agent"] == "farmer"]
    assert moves.count("gauge.exit") == 1
    assert moves.count("router.removeLiquidity") == 1


def test_a_hurdle_keeps_a_farmer_from_moving_for_little() -> None:
    crowd = _farmer(gauge="b", base_amount="100", joins_block=10)
    arm = _arm({"farmer": _farmer(also=["b"], looks_every=5, hurdle="100"), "crowd": crowd})
    assert _staked(arm, "b", 40) > 0


def test_a_mercenary_leaves_when_its_own_sales_have_made_the_reward_cheap() -> None:
    agents = {
        "farmer": _farmer(
            base_amount="300", sells_in="dex", slippage_bps=10_000, least_apr="40", looks_every=5
        )
    }
    arm = _arm(agents, blocks=100, weights=(1, 0), rate_per_second="3")
    inside = [block for block in range(101) if _staked(arm, "a", block)]
    assert inside
    assert inside[-1] < 100
    advertised = (
        3 * 365 * 24 * 3600 * arm.at_block("pools", inside[-1])[2]["price"] / (2 * 300 * 2000)
    )
    assert advertised < 40


def test_what_is_sold_brings_what_the_closed_form_says() -> None:
    """All is sold, without a fee: the price keeps 1 / (1 + s)**2, and the sales bring s / (1 + s)."""
    agents = {"farmer": _farmer(claims_every=1, sells_in="dex", slippage_bps=10_000)}
    arm = _arm(agents, blocks=100, weights=(1, 0), rate_per_second="10")
    swaps = [row for row in arm.rows("swaps") if row["market"] == "dex"]
    issued = sum(row["amount_in"] for row in swaps)
    share = issued / (10**6 * E18)
    assert share > 3
    pool = next(row for row in arm.at_block("pools", 100) if row["market"] == "dex")
    kept = emissions.price_kept(emissions.Fraction(issued, 10**6 * E18))
    assert isclose(pool["price"], float(kept), rel_tol=1e-9)
    brought = sum(row["amount_out"] for row in swaps) / 1e12
    assert isclose(brought, share / (1 + share), rel_tol=1e-9)
    assert isclose(MEASURES["reward_price_ratio"](arm), float(kept), rel_tol=1e-9)


def test_buyers_hold_the_price_where_the_closed_form_says() -> None:
    """e = 1000 a block against b = 200 from A17, over 400 blocks, and its path by the coth formula."""
    agents = {
        "farmer": _farmer(claims_every=1, sells_in="dex", slippage_bps=10_000),
        "buyer": Buyer(
            market="dex",
            buys="DEX",
            amount="2000",
            budget="1000000",
            slippage_bps=10_000,
            starts_block=3,
        ),
    }
    arm = _arm(agents, blocks=400, weights=(1, 0), rate_per_second="2.77777777777777777")
    pool = next(row for row in arm.at_block("pools", 400) if row["market"] == "dex")
    told = emissions.money_left(398, emission=10_000, bought=2_000, reward=1e6, money=1e6)
    assert isclose(pool["quote_reserve"] / 1e6, told, rel_tol=5e-3)
    assert isclose(pool["price"], emissions.floor_price(2_000, 10_000), rel_tol=0.1)


def test_a_farmer_may_keep_a_part_of_the_reward() -> None:
    agents = {"farmer": _farmer(sells_in="dex", sell_bps=2_500, slippage_bps=10_000)}
    arm = _arm(agents, weights=(1, 0))
    sold = sum(row["amount_in"] for row in arm.rows("swaps"))
    rows = [
        r for r in arm.at_block("balances", 40) if (r["agent"], r["token"]) == ("farmer", "DEX")
    ]
    kept = rows[0]["amount"]
    claims = [r for r in arm.rows("transactions") if r["what"] == "gauge.claim" and r["block"] < 40]
    assert len(claims) > 3
    assert isclose(sold / (sold + kept), 0.25, rel_tol=0.15)  # the last claim is not sold yet


def test_gauges_of_other_tokens_are_no_choice() -> None:
    with pytest.raises(ScenarioError, match="also: market 'dex' is of other tokens than 'a'"):
        world_with_dex_gauge()


def world_with_dex_gauge() -> None:
    pair = {"pair": "WETH/USDC", "base_reserve": "1000", "quote_reserve": "2000000"}
    world = World(
        tokens={
            "WETH": Weth(),
            "USDC": Token(decimals=6),
            "DEX": Incentive(rate_per_second="1", initial_supply="1000"),
        },
        venues={"a": Venue()},
        markets={
            "a": Market(venue="a", **pair),
            "dex": Market(venue="a", pair="DEX/USDC", base_reserve="1000", quote_reserve="1000"),
        },
        gauges={"a": Gauge(market="a", reward="DEX"), "dex": Gauge(market="dex", reward="DEX")},
    )
    agents = {"farmer": _farmer(also=["dex"])}
    run(Scenario(world=world, agents=agents, blocks=1, gas=Gas(native_price="1")))
