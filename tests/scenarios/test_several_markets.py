"""Worlds with more than one venue, token and market, whichever way round the pair is written."""

from __future__ import annotations

from typing import Any

import pytest

from dexsim.agents import Arbitrageur
from dexsim.chain.chain import Chain
from dexsim.errors import ScenarioError
from dexsim.market.opening import deploy_world
from dexsim.market.world import Market, Token, Venue, Weth, World
from dexsim.prices import Constant, Gbm
from dexsim.results.arm import Arm
from dexsim.results.run import Run
from dexsim.scenario.run import run
from tests.scenarios import small


def market(venue: str, pair: str, base: str, quote: str | None) -> Market:
    return Market(venue=venue, pair=pair, base_reserve=base, quote_reserve=quote)


def two_venues(**changes: Any) -> World:
    """The same pair at 30 and at 5 basis points, the second one written the other way round."""
    fields: dict[str, Any] = {
        "venues": {"dear": Venue(fee_bps=30), "cheap": Venue(fee_bps=5)},
        "markets": {
            "deep": market("dear", "WETH/USDC", "1000", "2000000"),
            "turned": market("cheap", "USDC/WETH", "400000", "200"),
        },
    }
    return small.world(**(fields | changes))


@pytest.fixture(scope="module")
def done() -> Run:
    agents = {
        "deep-users": small.retail(market="deep"),
        "turned-users": small.retail(market="turned", median_size="4000"),
        "arbitrageur": Arbitrageur(market="turned", capital=small.CAPITAL),
        "searcher": small.searcher(),
    }
    return run(small.scenario(world=two_venues(), agents=agents), seed=3)


def test_accounts_close_over_both_venues(done: Run) -> None:
    assert done.summary().closes


def test_a_searcher_attacks_in_both_venues(done: Run) -> None:
    rows = done.arms[0].rows("sandwiches")
    assert {row["market"] for row in rows} == {"deep", "turned"}
    assert {row["token"] for row in rows} == {"WETH", "USDC"}


def test_swaps_know_their_venue(done: Run) -> None:
    places = {(row["venue"], row["market"]) for row in done.arms[0].rows("swaps")}
    assert places == {("dear", "deep"), ("cheap", "turned")}


def test_prices_are_quote_per_base_whichever_way_the_pair_is_written(done: Run) -> None:
    pools = {row["market"]: row for row in done.arms[0].at_block("pools", 0)}
    assert pools["deep"]["price"] == pytest.approx(2000)
    assert pools["turned"]["price"] == pytest.approx(1 / 2000)
    last: Arm = done.arms[0]
    kept = next(r for r in last.at_block("pools", last.last_block) if r["market"] == "turned")
    assert kept["price"] == pytest.approx(kept["outside_price"], rel=0.05)


def test_an_arbitrageur_keeps_its_pool_near_the_outside_price() -> None:
    wild = {"WETH": Gbm(start="2000", daily_volatility="0.5")}
    world = two_venues(prices=wild)
    agents = {"arbitrageur": Arbitrageur(market="turned", capital=small.CAPITAL)}
    arm = run(small.scenario(world=world, agents=agents, blocks=60), seed=2).arms[0]
    kept = [row for row in arm.rows("pools") if row["market"] == "turned" and row["block"]]
    left = [row for row in arm.rows("pools") if row["market"] == "deep" and row["block"]]
    # The fee is 5 bps; what its profit would not pay the gas for stays open, up to some 50 bps here.
    assert all(abs(row["price"] / row["outside_price"] - 1) < 0.008 for row in kept)
    assert max(abs(row["price"] / row["outside_price"] - 1) for row in left) > 0.02
    assert arm.rows("swaps")
    assert next(g for g in run_gains(arm) if g.holder == "arbitrageur").value > 0


def run_gains(arm: Arm) -> Any:
    from dexsim.results.accounts import gains

    return gains(arm)


def test_a_market_without_quote_reserve_opens_at_the_outside_price() -> None:
    chain = Chain(base_fee=0)
    world = two_venues(markets={"open": market("dear", "WETH/USDC", "10", None)})
    prices = {
        symbol: Constant(price=price).begin(None, 0).at(0) for symbol, price in PRICES.items()
    }  # type: ignore[arg-type]
    pool = deploy_world(world, chain, prices=prices).pools["open"]
    assert pool.reserves().quote == 10 * 1850 * 10**6


PRICES = {"WETH": "1850", "USDC": "1"}


def test_without_an_outside_price_it_cannot_open() -> None:
    world = two_venues(markets={"open": market("dear", "WETH/USDC", "10", None)}, prices={})
    with pytest.raises(ScenarioError, match=r"world\.markets\.open\.quote_reserve.*none of WETH"):
        run(small.scenario(world=world), seed=1)


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        (
            {"markets": {"m": market("none", "WETH/USDC", "1", "1")}},
            r"markets\.m\.venue: unknown venue",
        ),
        (
            {"markets": {"m": market("dear", "WETH/DAI", "1", "1")}},
            r"markets\.m\.pair: unknown token",
        ),
        (
            {
                "markets": {
                    "a": market("dear", "WETH/USDC", "1", "1"),
                    "b": market("dear", "USDC/WETH", "1", "1"),
                }
            },
            r"markets\.b: .* stands in venue 'dear' already, as 'a'",
        ),
        ({"tokens": {"ETH": Token(), "WETH": Weth()}}, "ETH is the chain's own money"),
        ({"prices": {"DOGE": Constant(price="1")}}, r"prices\.DOGE: unknown token"),
    ],
)
def test_a_world_that_does_not_fit_together_is_refused(
    changes: dict[str, Any], complaint: str
) -> None:
    with pytest.raises(ScenarioError, match=complaint):
        two_venues(**changes)


@pytest.mark.parametrize("pair", ["WETH", "WETH/", "/USDC", "WETH/WETH", "A/B/C", ""])
def test_a_pair_is_base_and_quote(pair: str) -> None:
    with pytest.raises(ScenarioError, match=r'pair: expected "BASE/QUOTE"'):
        market("dear", pair, "1", "1")


@pytest.mark.parametrize("side", ["base_reserve", "quote_reserve"])
def test_a_pool_cannot_open_with_nothing(side: str) -> None:
    fields = {"base_reserve": "1", "quote_reserve": "1", side: "0"}
    with pytest.raises(ScenarioError, match=f"{side}: a pool cannot open with a reserve of zero"):
        Market(venue="dear", pair="A/B", **fields)
