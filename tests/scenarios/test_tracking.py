"""How closely a freely linked token tracks its share: S8's stationary error, through issuer and pool."""

from __future__ import annotations

from math import isclose, sqrt
from statistics import fmean

import pytest

from dexsim.agents import Redeemer
from dexsim.blockspace.fees import Gas
from dexsim.market.issued import Issued
from dexsim.market.world import Market, Token, Venue, World
from dexsim.prices import Constant, Gbm
from dexsim.prices.clock import PoissonClock
from dexsim.results.measures import MEASURES
from dexsim.scenario.run import run
from dexsim.scenario.scenario import Scenario
from dexsim.theory import tracking

SECONDS, DAILY = 12, 0.05
SIGMA = DAILY * sqrt(SECONDS / 86_400)


def _error(seed: int, *, pool_fee_bps: int, link_fee_bps: int) -> float:
    """Root mean square of the gap over 1000 blocks at random times, without gas and without noise."""
    link = {"mint_fee_bps": link_fee_bps, "redeem_fee_bps": link_fee_bps}
    world = World(
        tokens={
            "USDC": Token(decimals=6),
            "SHARE": Token(),
            "STOCK": Issued(backing="SHARE", **link),
        },
        venues={"exchange": Venue(fee_bps=pool_fee_bps)},
        markets={
            "stock": Market(
                venue="exchange", pair="STOCK/USDC", base_reserve="10000", quote_reserve="2000000"
            )
        },
        prices={
            "SHARE": Gbm(start="200", daily_volatility=str(DAILY)),
            "USDC": Constant(price="1"),
        },
    )
    capital = {"SHARE": "100000", "USDC": "20000000"}
    scenario = Scenario(
        world=world,
        agents={"dealer": Redeemer(market="stock", capital=capital, tip_gwei=0)},
        blocks=1000,
        numeraire="USDC",
        clock=PoissonClock(mean_seconds=SECONDS),
        gas=Gas(base_fee_gwei="0", native_price="1"),
    )
    return MEASURES["tracking_error_bps"](run(scenario, seed=seed).arms[0])


def _mean(seeds: int, **fees: int) -> float:
    return fmean(_error(seed, **fees) for seed in range(seeds))


def test_the_stationary_error_is_what_the_law_says() -> None:
    """3.989 bps at a fee of 5 bps."""
    told = 10_000 * tracking.linked_error(5, 0, SIGMA)
    assert isclose(told, 3.989, abs_tol=1e-3)
    assert isclose(_mean(2, pool_fee_bps=5, link_fee_bps=0), told, rel_tol=0.04)


def test_what_the_issuer_takes_widens_the_band() -> None:
    told = 10_000 * tracking.linked_error(5, 10, SIGMA)
    assert isclose(_mean(1, pool_fee_bps=5, link_fee_bps=10), told, rel_tol=0.1)


@pytest.mark.long
def test_the_stationary_error_over_many_seeds() -> None:
    """Within 2 %: ten seeds have a standard error of about 0.5 %."""
    told = 10_000 * tracking.linked_error(5, 0, SIGMA)
    assert isclose(_mean(10, pool_fee_bps=5, link_fee_bps=0), told, rel_tol=0.02)
