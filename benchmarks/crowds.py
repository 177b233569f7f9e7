"""Scenarios of any size for benchmarks: a crowd of traders, some pools, some agents, a searcher."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from dexsim.agents import Sandwicher, Trader
from dexsim.blockspace.fees import Gas
from dexsim.blockspace.mechanisms import BundleAuction, Fifo
from dexsim.market.world import Market, Token, Venue, Weth, World
from dexsim.prices import Gbm
from dexsim.scenario.scenario import Scenario

GAS_OF_AN_ORDER = 250_000
"""What the desk allows a swap."""


def crowd(
    *,
    blocks: int,
    orders: int,
    users: int = 20,
    pools: int = 1,
    agents: int = 1,
    hunted: bool = False,
) -> Scenario:
    """Users who swap at random, first come, first served.

    orders: of all users together, a block, in the mean. agents: so many descriptions share the
    users. pools: of one pair, one a venue; users are at home in them by turns. hunted: a searcher
    reads the mempool and bids for bundles in an auction; then trades are five times as large, so
    that some are worth it.
    """
    each = users // agents
    rate = Decimal(orders) / (each * agents)
    traders: dict[str, Any] = {
        f"traders-{n}": Trader(
            count=each,
            trades_per_block=rate,
            median_size="0.5" if hunted else "0.1",
            slippage_bps=100,
            spread=True,
        )
        for n in range(agents)
    }
    searcher = {"searcher": Sandwicher(capital={"WETH": "200", "USDC": "400000"})}
    return Scenario(
        title=f"{users} users, {orders} orders a block, {pools} pool{'s' * (pools > 1)}"
        + (", a searcher" if hunted else ""),
        world=_world(pools),
        agents=traders | (searcher if hunted else {}),
        blocks=blocks,
        mechanism=BundleAuction() if hunted else Fifo(),
        gas=Gas(block_limit=2 * GAS_OF_AN_ORDER * orders + 10_000_000),
    )


def _world(pools: int) -> World:
    """WETH and USDC in so many pools of 1,000 WETH, each on a venue of its own."""
    names = [f"pool-{n}" for n in range(pools)]
    return World(
        tokens={"WETH": Weth(), "USDC": Token(decimals=6)},
        prices={"WETH": Gbm(start="2000", daily_volatility="0.05")},
        venues={f"at-{name}": Venue(fee_bps=30) for name in names},
        markets={
            name: Market(
                venue=f"at-{name}",
                pair="WETH/USDC",
                base_reserve="1000",
                quote_reserve="2000000",
            )
            for name in names
        },
    )
