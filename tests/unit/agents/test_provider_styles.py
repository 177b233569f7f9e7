"""Providers who leave when fees are low, and providers who keep a share in hand."""

from __future__ import annotations

from fractions import Fraction

import pytest

from dexsim.agents import Arbitrageur, Buyer, Provider
from dexsim.agents.provider_styles import Mercenary, Rebalancing
from dexsim.prices import Gbm
from dexsim.results.arm import Arm
from dexsim.scenario.run import run
from tests.scenarios import small


def _held(arm: Arm, block: int, token: str) -> int:
    rows = arm.at_block("balances", block)
    return sum(r["amount"] for r in rows if (r["agent"], r["token"]) == ("provider", token))


@pytest.fixture(scope="module")
def mercenary() -> Arm:
    """Trade from block 10 to 30 alone, worth far more than 10 % a year while it lasts."""
    agents = {
        "buyer": Buyer(amount="20000", budget="400000", starts_block=10, stops_block=30),
        "arbitrageur": Arbitrageur(capital=small.CAPITAL),
        "provider": Provider(
            base_amount="50", slippage_bps=500, style=Mercenary(least_apr="0.1", window_blocks=5)
        ),
    }
    world = small.world(prices={"WETH": Gbm(start="2000", daily_volatility="0")})
    return run(small.scenario(world=world, agents=agents, blocks=50), seed=1).arms[0]


def test_a_mercenary_comes_with_the_fees_and_goes_with_them(mercenary: Arm) -> None:
    inside = [block for block in range(51) if _held(mercenary, block, "LP main")]
    assert inside[0] == 11  # the first fees are seen in the block after
    assert inside == list(range(inside[0], inside[-1] + 1))
    assert 30 <= inside[-1] <= 36  # the window of five blocks has to empty first


def test_what_a_mercenary_took_out_is_in_its_hands(mercenary: Arm) -> None:
    worth = [
        _held(mercenary, block, "WETH") * 2000 / 1e18 + _held(mercenary, block, "USDC") / 1e6
        for block in (0, 50)
    ]
    assert worth[0] < worth[1] < worth[0] * 1.01  # the fees


def test_a_rebalancing_provider_keeps_its_share_in_the_pool() -> None:
    agents = {
        "retail": small.retail(),
        "arbitrageur": Arbitrageur(capital=small.CAPITAL),
        "provider": Provider(
            base_amount="100", slippage_bps=500, style=Rebalancing(share_bps=4_000, band_bps=200)
        ),
    }
    wild = small.world(prices={"WETH": Gbm(start="2000", daily_volatility="1")})
    arm = run(small.scenario(world=wild, agents=agents, blocks=60), seed=5).arms[0]
    shares = []
    for block in range(2, 61):
        pool = arm.at_block("pools", block)[0]
        inside = Fraction(
            2 * pool["quote_reserve"] * _held(arm, block, "LP main"), pool["lp_supply"]
        )
        base = _held(arm, block, "WETH") * Fraction(pool["quote_reserve"], pool["base_reserve"])
        shares.append(inside / (inside + base + _held(arm, block, "USDC")))
    assert all(abs(share - Fraction(4, 10)) < Fraction(4, 100) for share in shares)
    moves = [r["what"] for r in arm.rows("transactions") if r["agent"] == "provider"]
    assert "router.addLiquidity" in moves
