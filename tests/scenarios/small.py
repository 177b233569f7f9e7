"""Small worlds for tests of whole runs."""

from __future__ import annotations

from typing import Any

from dexsim.agents import Arbitrageur, Farmer, Provider, Sandwicher, Trader
from dexsim.market.world import Gauge, Incentive, Market, Token, Venue, Weth, World
from dexsim.prices import Gbm
from dexsim.scenario.scenario import Experiment, Scenario

CAPITAL = {"WETH": "200", "USDC": "400000"}


def world(**changes: Any) -> World:
    """One venue, one pool of 1000 WETH against 2 000 000 USDC, a moving outside price."""
    fields: dict[str, Any] = {
        "tokens": {"WETH": Weth(), "USDC": Token(decimals=6)},
        "venues": {"exchange": Venue(fee_bps=30)},
        "markets": {
            "main": Market(
                venue="exchange", pair="WETH/USDC", base_reserve="1000", quote_reserve="2000000"
            )
        },
        "prices": {"WETH": Gbm(start="2000", daily_volatility="0.05")},
    }
    return World(**(fields | changes))


def retail(**changes: Any) -> Trader:
    """Five users, one trade a block between them, large enough to be attacked."""
    fields = {"count": 5, "trades_per_block": "0.2", "median_size": "5", "slippage_bps": 100}
    return Trader(**(fields | changes))


def searcher(**changes: Any) -> Sandwicher:
    return Sandwicher(**({"capital": CAPITAL, "tip_gwei": "3"} | changes))


def scenario(**changes: Any) -> Scenario:
    """Users, an arbitrageur and a searcher for thirty blocks."""
    fields: dict[str, Any] = {
        "world": world(),
        "agents": {
            "retail": retail(),
            "arbitrageur": Arbitrageur(capital=CAPITAL),
            "searcher": searcher(),
        },
        "blocks": 30,
    }
    return Scenario(**(fields | changes))


def experiment(**changes: Any) -> Experiment:
    """The same with and without the searcher."""
    arms = {"calm": {"agents.searcher.enabled": False}, "hunted": {}}
    return Experiment(base=scenario(**changes), arms=arms)


def farming(**changes: Any) -> Scenario:
    """A farmer, a provider who leaves, users, and a market for the reward."""
    markets = {
        "main": Market(
            venue="exchange", pair="WETH/USDC", base_reserve="1000", quote_reserve="2000000"
        )
    }
    fields: dict[str, Any] = {
        "world": world(
            tokens={
                "WETH": Weth(),
                "USDC": Token(decimals=6),
                "DEX": Incentive(rate_per_second="1", cap="1000000"),
            },
            markets=markets,
            gauges={"main": Gauge(market="main", reward="DEX")},
        ),
        "agents": {
            "retail": retail(median_size="1"),
            "farmer": Farmer(gauge="main", base_amount="50", claims_every=5),
            "patient": Provider(base_amount="20", joins_block=3, leaves_block=20),
        },
        "blocks": 30,
    }
    return Scenario(**(fields | changes))
