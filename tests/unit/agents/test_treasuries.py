"""Four models of a treasury, each by what it does and what it is worth."""

from __future__ import annotations

from fractions import Fraction
from math import isclose

import pytest

from dexsim import cpmm
from dexsim.agents import Arbitrageur, Treasury
from dexsim.agents.treasury_models import Active, Builder, Holder, Rebalancer
from dexsim.errors import ScenarioError
from dexsim.market.world import Market, Token, Venue, Weth
from dexsim.prices import Constant, Gbm
from dexsim.results.arm import Arm
from dexsim.scenario.run import run
from dexsim.theory import treasury
from tests.scenarios import small

TOKENS = {"WETH": Weth(), "USDC": Token(decimals=6), "DAT": Token()}


def _arm(model: object, *, blocks: int = 20, fee_bps: int = 30, **changes: object) -> Arm:
    fields: dict[str, object] = {"units": "100", "cash": "200000"}
    keys = {"units", "cash", "slippage_bps"}
    agents: dict[str, object] = {
        "treasury": Treasury(
            model=model, **fields | {k: v for k, v in changes.items() if k in keys}
        )  # type: ignore[arg-type]
    }
    agents |= changes.get("others", {})  # type: ignore[arg-type]
    prices = changes.get("prices", {"WETH": Constant(price="2000")})
    world = small.world(tokens=TOKENS, prices=prices, venues={"exchange": Venue(fee_bps=fee_bps)})
    return run(small.scenario(world=world, agents=agents, blocks=blocks), seed=3).arms[0]


def _held(arm: Arm, block: int, token: str, agent: str = "treasury") -> int:
    rows = arm.at_block("balances", block)
    return sum(r["amount"] for r in rows if (r["agent"], r["token"]) == (agent, token))


def test_a_holder_does_nothing() -> None:
    arm = _arm(Holder())
    assert not [row for row in arm.rows("transactions") if row["block"] > 0]
    assert _held(arm, 20, "WETH") == 100 * 10**18


@pytest.mark.parametrize("premium", ["2", "1", "0.5"])
def test_an_issue_above_the_value_behind_a_share_adds_units_to_each(premium: str) -> None:
    model = Holder(shares="DAT", share_count="1000", issue_bps=1_000, premium=premium)
    arm = _arm(model, units="100", cash="0", blocks=4, fee_bps=0)
    paid = int(100 * 2000 * 10**6 * Fraction(premium) / 10)
    bought = cpmm.amount_out(paid, 2_000_000 * 10**6, 1000 * 10**18, fee_bps=0)
    units = _held(arm, 4, "WETH")
    assert units == 100 * 10**18 + bought
    # A block's balances are of the agent: old shares and new ones are with its other accounts.
    assert _held(arm, 4, "DAT") == 1_100 * 10**18
    grown = Fraction(units, 100 * 10**18) / Fraction(11, 10)
    told = treasury.units_per_share(Fraction(premium), Fraction(1, 10))
    impact = Fraction(paid, 2_000_000 * 10**6)  # the only difference: the pool is no infinite one
    assert told - Fraction(premium) / 11 * impact <= grown <= told


def test_an_issue_needs_shares_that_there_are() -> None:
    with pytest.raises(ScenarioError, match="shares: shares and issue_bps go together"):
        Holder(issue_bps=10)
    with pytest.raises(ScenarioError, match="share_count: is missing"):
        Holder(shares="DAT", issue_bps=10)


def test_trading_without_skill_costs_the_fee_and_the_impact() -> None:
    arm = _arm(
        Active(part_bps=100, every_blocks=2), others={"arb": Arbitrageur(capital=small.CAPITAL)}
    )
    swaps = [row for row in arm.rows("swaps") if row["agent"] == "treasury"]
    assert len(swaps) == 10
    assert {row["token_in"] for row in swaps} == {"WETH", "USDC"}  # the coin fell on both sides
    value = {"WETH": Fraction(2000, 10**18), "USDC": Fraction(1, 10**6)}
    turnover = sum(value[r["token_in"]] * r["amount_in"] for r in swaps)
    got = sum(value[r["token_out"]] * r["amount_out"] for r in swaps)
    assert Fraction(30, 10_000) < (turnover - got) / turnover < Fraction(60, 10_000)


def test_momentum_follows_the_outside_price() -> None:
    arm = _arm(
        Active(rule="momentum", every_blocks=1),
        prices={"WETH": Gbm(start="2000", daily_volatility="0.5")},
    )
    price = {r["block"]: Fraction(r["exact"]) for r in arm.rows("prices") if r["token"] == "WETH"}
    for row in arm.rows("swaps"):
        if row["block"] > 1:
            rose = price[row["block"]] > price[row["block"] - 1]
            assert row["token_in"] == ("USDC" if rose else "WETH")


def test_a_rebalancer_keeps_its_shares_within_the_band() -> None:
    arm = _arm(
        Rebalancer(band_bps=100),
        units="10",
        cash="20000",
        blocks=60,
        prices={"WETH": Gbm(start="2000", daily_volatility="0.9")},
        others={"arb": Arbitrageur(capital=small.CAPITAL)},
    )
    assert [row for row in arm.rows("swaps") if row["agent"] == "treasury"]
    price = {r["block"]: float(r["exact"]) for r in arm.rows("prices") if r["token"] == "WETH"}
    for block in range(2, 61):
        units = _held(arm, block, "WETH") * price[block] / 10**18
        share = units / (units + _held(arm, block, "USDC") / 10**6)
        assert abs(share - 0.5) < 0.012  # the band, and one block's move of the price


def test_a_rebalancer_of_three_tokens_trades_each_against_cash() -> None:
    gold = Market(venue="exchange", pair="DAT/USDC", base_reserve="100000", quote_reserve="1000000")
    main = small.world().markets["main"]
    world = small.world(
        tokens=TOKENS,
        markets={"main": main, "gold": gold},
        prices={"WETH": Constant(price="2000"), "DAT": Constant(price="10")},
    )
    model = Rebalancer(weights={"WETH": 2_500, "DAT": 2_500, "USDC": 5_000}, holdings={"DAT": "1"})
    agents = {"treasury": Treasury(units="10", cash="20000", model=model)}
    arm = run(small.scenario(world=world, agents=agents, blocks=8), seed=3).arms[0]
    worth = {
        "WETH": _held(arm, 8, "WETH") * 2000 / 1e18,
        "DAT": _held(arm, 8, "DAT") * 10 / 1e18,
        "USDC": _held(arm, 8, "USDC") / 1e6,
    }
    total = sum(worth.values())
    assert isclose(worth["WETH"] / total, 0.25, abs_tol=0.021)
    assert isclose(worth["DAT"] / total, 0.25, abs_tol=0.021)


def test_weights_are_all_of_it() -> None:
    with pytest.raises(ScenarioError, match="weights: add up to 9000 basis points, not 10000"):
        Rebalancer(weights={"WETH": 4_000, "USDC": 5_000})


def test_a_builder_makes_the_pool_deeper_for_everybody() -> None:
    arm = _arm(Builder(liquidity_bps=2_500), units="1000", cash="2000000", blocks=3)
    before, after = (arm.at_block("pools", block)[0] for block in (0, 3))
    assert after["base_reserve"] == before["base_reserve"] * 5 // 4
    assert 0 <= after["lp_supply"] - 5 * _held(arm, 3, "LP main") < 5  # rounded down
    size = 10 * 10**18
    impact = [
        1 - Fraction(out, size) * Fraction(pool["base_reserve"], pool["quote_reserve"])
        for pool in (before, after)
        for out in [cpmm.amount_out(size, pool["base_reserve"], pool["quote_reserve"], fee_bps=0)]
    ]
    depth = Fraction(before["base_reserve"] + size, after["base_reserve"] + size)
    assert isclose(impact[1] / impact[0], depth, rel_tol=1e-6)
    assert isclose(depth, treasury.slippage_with(Fraction(1, 4)), rel_tol=0.01)


def test_a_treasury_without_a_model_is_refused() -> None:
    with pytest.raises(ScenarioError, match="is no model: it has no begin"):
        Treasury(units="1", model="holder")
