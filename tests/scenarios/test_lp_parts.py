"""What liquidity brought, in whole runs: the parts add up, and agree with what is known otherwise."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from math import isnan, isqrt, prod, sqrt
from typing import Any, ClassVar

import pyarrow.compute as pc
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dexsim.agents import Arbitrageur, Farmer, Provider
from dexsim.chain.chain import Chain
from dexsim.cli.telling import told, troubles
from dexsim.market.world import Venue
from dexsim.prices import Constant, Gbm
from dexsim.results.accounts import gains
from dexsim.results.arm import Arm
from dexsim.results.lp_book import GRAINS
from dexsim.results.lp_parts import LpParts, lp_parts
from dexsim.results.run import Run
from dexsim.scenario.run import run
from tests.scenarios import small
from tests.scenarios.nasty import Scripted
from tests.scenarios.own_pools import worlds

RICH = {"WETH": "5000", "USDC": "10000000"}
STEADY = {"WETH": Constant(price="2000")}


def parts_of(arm: Arm) -> dict[tuple[str, str], LpParts]:
    return {(parts.holder, parts.market): parts for parts in lp_parts(arm)}


@pytest.fixture(autouse=True, scope="module")
def _engine() -> None:
    """The engine raises the limit of recursion when it starts, which Hypothesis minds."""
    Chain(base_fee=0)


def of(arm: Arm, holder: str) -> LpParts:
    return next(parts for parts in lp_parts(arm) if parts.holder == holder)


def near(one: Fraction, other: Fraction) -> bool:
    """Equal but for rounding to grains."""
    return abs(one - other) < Fraction(1000, GRAINS)


@pytest.fixture(scope="module")
def farmed() -> Run:
    return run(small.farming(), seed=3)


@pytest.fixture(scope="module")
def steady() -> Arm:
    world = replace(small.farming().world, prices=STEADY)
    return run(small.farming(world=world), seed=5).arms[0]


# --- the parts add up ----------------------------------------------------------------------


def test_parts_add_up_to_the_last_grain_for_everybody(farmed: Run) -> None:
    found = parts_of(farmed.arms[0])
    assert set(found) >= {
        (who, "main") for who in ("main liquidity", "locked", "farmer", "patient")
    }
    for parts in found.values():
        assert parts.open == 0
        assert parts.exposure
        assert parts.fees
    assert farmed.summary().closes


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    seed=st.integers(0, 2**32),
    fee=st.sampled_from([0, 5, 30, 100]),
    volatility=st.sampled_from(["0", "0.05", "0.8"]),
    leaves=st.integers(4, 9),
    joins=st.integers(1, 4),
    users=st.integers(0, 5),
)
def test_parts_add_up_in_any_small_run(
    seed: int, fee: int, volatility: str, leaves: int, joins: int, users: int
) -> None:
    prices = {"WETH": Gbm(start="2000", daily_volatility=volatility)}
    agents = {
        "retail": small.retail(count=max(users, 1)),
        "arbitrageur": Arbitrageur(capital=small.CAPITAL),
        "patient": Provider(base_amount="20", joins_block=joins, leaves_block=leaves),
        "farmer": Farmer(gauge="main", base_amount="7", claims_every=2, joins_block=joins),
    }
    world = replace(small.farming().world, prices=prices, venues={"exchange": Venue(fee_bps=fee)})
    done = run(small.farming(world=world, agents=agents, blocks=10), seed=seed)
    arm = done.arms[0]
    assert done.summary().closes, troubles(done.summary())
    paid = sum(
        (
            Fraction(row["amount_in"] * fee, 10_000) * arm.prices_at(row["block"])[row["token_in"]]
            for row in arm.rows("swaps")
        ),
        Fraction(0),
    )
    all_parts = lp_parts(arm)
    rounding = Fraction(len(all_parts) * len(arm.rows("swaps")), GRAINS)
    assert 0 <= paid - sum(parts.fees for parts in all_parts) <= rounding


def test_at_steady_prices_the_parts_are_what_the_accounts_say_that_each_gained(
    steady: Arm,
) -> None:
    """Two ways to one number: steps of the pool here, balances of everything there."""
    gained = {gain.holder: gain.value for gain in gains(steady)}
    for parts in lp_parts(steady):
        assert parts.exposure == 0
        assert abs(parts.profit - gained[parts.holder]) < Fraction(1, 10**24), parts.holder
    assert of(steady, "farmer").gas > 0
    assert of(steady, "patient").gas > 0
    assert of(steady, "main liquidity").gas == 0
    assert of(steady, "patient").closing == 0


def test_a_provider_who_left_has_taken_out_what_it_put_in_and_gained(steady: Arm) -> None:
    patient = of(steady, "patient")
    assert -patient.flow == patient.fees - patient.lvr + patient.other > 0


# --- closed forms ---------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Leap:
    """2000 for half a minute, then `ratio` times as much."""

    ratio: str
    kind: ClassVar[str] = "leap"

    def begin(self, streams: Any, start_ms: int) -> LeapPath:
        return LeapPath(start_ms + 30_000, Decimal(self.ratio))


@dataclass(frozen=True)
class LeapPath:
    leaps_ms: int
    ratio: Decimal
    first_ms: int | None = None
    end_ms: int | None = None

    def at(self, time_ms: int) -> Decimal:
        return 2000 * (self.ratio if time_ms > self.leaps_ms else Decimal(1))


def arbitraged(prices: Any, fee: int, blocks: int, seed: int = 1) -> Arm:
    world = small.world(prices={"WETH": prices}, venues={"exchange": Venue(fee_bps=fee)})
    agents = {"arbitrageur": Arbitrageur(capital=RICH)}
    return run(small.scenario(world=world, agents=agents, blocks=blocks), seed=seed).arms[0]


@pytest.mark.parametrize("ratio", ["1.25", "1.5", "2", "3", "4", "5"])
def test_impermanent_loss_without_fee_is_the_closed_form(ratio: str) -> None:
    """V / HODL - 1 = 2 sqrt(r) / (1 + r) - 1 once arbitrage has closed the gap."""
    parts = of(arbitraged(Leap(ratio=ratio), 0, 8), "main liquidity")
    r = float(ratio)
    hodl = parts.opening * (1 + Fraction(ratio)) / 2
    assert parts.fees == parts.flow == 0
    assert float(parts.closing / hodl) - 1 == pytest.approx(2 * sqrt(r) / (1 + r) - 1, abs=1e-12)
    # One jump, one trade: what is lost against holding is LVR, all of it.
    assert near(parts.exposure, hodl - parts.opening)
    assert near(parts.lvr, hodl - parts.closing)
    assert parts.lvr == parts.lvr_to_arbitrage


@pytest.mark.parametrize("fee", [0, 30])
def test_lvr_is_what_arbitrage_earns_along_the_path(fee: int) -> None:
    """Sum of arbitrage profits = R_T - V_T, with R_T = V_0 + sum of x_k (P_(k+1) - P_k)."""
    arm = arbitraged(Gbm(start="2000", daily_volatility="0.5"), fee, 40)
    swaps = arm.rows("swaps")
    profit = sum(
        row["amount_out"] * arm.prices_at(row["block"])[row["token_out"]]
        - row["amount_in"] * arm.prices_at(row["block"])[row["token_in"]]
        for row in swaps
    )
    pools = arm.rows("pools")
    value = [
        row["base_reserve"] * arm.prices_at(row["block"])["WETH"]
        + row["quote_reserve"] * arm.prices_at(row["block"])["USDC"]
        for row in pools
    ]
    rebalanced = value[0] + sum(
        row["base_reserve"]
        * (arm.prices_at(row["block"] + 1)["WETH"] - arm.prices_at(row["block"])["WETH"])
        for row in pools[:-1]
    )
    assert len(swaps) > 10
    assert profit == rebalanced - value[-1] > 0
    lvr, fees = (sum(getattr(p, name) for p in lp_parts(arm)) for name in ("lvr", "fees"))
    assert abs(lvr - fees - profit) < Fraction(1000, GRAINS)
    assert (fees > 0) == (fee > 0)


def test_fees_by_the_growth_of_k_are_the_fees_by_events() -> None:
    """(X + dx) - X Y / (Y - dy) is what the pool keeps beyond the curve without fee.

    It is the fee and what rounding the output down leaves: less than a wei of
    output, in input. And k grows by (X + dx) / (X + (1 - fee) dx), as nearly.
    """
    arm = run(small.scenario(blocks=20), seed=3).arms[0]
    steps = [row for row in arm.rows("liquidity") if row["block"]]
    before = arm.at_block("pools", 0)[0]
    x, y = before["base_reserve"], before["quote_reserve"]
    growth, kept = [], Fraction(3, 1000)
    k_before = x * y
    for row in steps:
        sells_base = row["base_in"] > 0
        held_in, held_out = (x, y) if sells_base else (y, x)
        paid = row["base_in"] or row["quote_in"]
        got = row["quote_out"] or row["base_out"]
        beyond = held_in + paid - Fraction(held_in * held_out, held_out - got)
        wei_out = Fraction(held_in + paid, held_out - got)
        assert 0 <= beyond - kept * paid < wei_out
        growth.append((held_in + paid) / (held_in + (1 - kept) * paid))
        x, y = x + row["base"], y + row["quote"]
    after = arm.at_block("pools", arm.last_block)[0]
    assert (x, y) == (after["base_reserve"], after["quote_reserve"])
    assert len(growth) > 20
    by_events = float(prod(growth)) ** 0.5
    by_k = isqrt(x * y * 10**40) / isqrt(k_before * 10**40)
    assert by_k - 1 == pytest.approx(by_events - 1, rel=1e-6)


# --- what cannot be followed, and what is missing --------------------------------------------


def test_a_pool_behind_an_adapter_is_told_as_trading_alone() -> None:
    agents = {
        "retail": small.retail(),
        "patient": Provider(base_amount="20", joins_block=3, leaves_block=9),
        "stayer": Provider(base_amount="30", joins_block=2),
    }
    done = run(worlds.scenario("dynamic.vy", "Dynamic", agents=agents), seed=7)
    arm = done.arms[0]
    assert done.summary().closes
    assert not arm.rows("liquidity")
    assert set(parts_of(arm)) == {(who, "main") for who in ("main liquidity", "patient", "stayer")}
    for parts in lp_parts(arm):
        assert parts.fees == parts.lvr == parts.other == 0
        assert parts.trading != 0
        assert parts.change == parts.exposure + parts.trading
    assert of(arm, "patient").closing == 0
    assert of(arm, "stayer").closing > of(arm, "patient").closing


def without(done: Run, table: str, keep: Any) -> Run:
    return replace(done, tables={**done.tables, table: done.tables[table].filter(keep)})


def test_a_step_that_is_missing_is_found_and_named(farmed: Run) -> None:
    steps = farmed.tables["liquidity"]
    mints = [row for row in steps.to_pylist() if row["kind"] == "mint" and row["block"]]
    lost = pc.or_(
        pc.not_equal(steps["block"], mints[0]["block"]), pc.not_equal(steps["kind"], "mint")
    )
    summary = without(farmed, "liquidity", lost).summary()
    assert not summary.closes
    found = troubles(summary)
    assert any("liquidity of main liquidity in main: its value changed by" in t for t in found)
    assert any("NOT closed" in line for line in told(farmed, summary))


def test_emission_that_is_nowhere_is_found_and_named(farmed: Run) -> None:
    table = farmed.tables["gauges"]
    rows = table.to_pylist()
    rows[12]["claimable"] += 1
    changed = type(table).from_pylist(rows, schema=table.schema)
    summary = replace(farmed, tables={**farmed.tables, "gauges": changed}).summary()
    assert not summary.closes
    (trouble,) = troubles(summary)
    assert trouble.startswith("base: gauge main, DEX in block 12: emitted ")
    assert trouble.endswith("left over -0.000000000000000001")


def test_emissions_are_claimed_claimable_or_undistributed_at_every_block(farmed: Run) -> None:
    rows = farmed.arms[0].rows("gauges")
    assert len(rows) == 31
    for row in rows:
        assert row["emitted"] == row["claimed"] + row["claimable"] + row["undistributed"]
    assert rows[-1]["claimed"] > rows[-1]["claimable"] > 0
    mine = farmed.arms[0].at_block("rewards", 30)
    assert [(row["agent"], row["claimed"]) for row in mine] == [("farmer", rows[-1]["claimed"])]
    minted = sum(row["minted"] for row in farmed.arms[0].rows("supplies") if row["token"] == "DEX")
    held = farmed.arms[0].at_block("balances", 30)
    kept = sum(r["amount"] for r in held if (r["agent"], r["token"]) == ("gauge main", "DEX"))
    assert minted == rows[-1]["claimed"] + kept  # a gauge draws what was emitted to it, all of it


# --- what people read -------------------------------------------------------------------------


def test_the_split_of_everybody_is_told_where_somebody_provides(farmed: Run) -> None:
    summary = farmed.summary()
    lines = "\n".join(told(farmed, summary))
    assert "What liquidity brought" in lines
    assert "gauge main, DEX: emitted 360" in lines
    assert max(map(len, lines.splitlines())) <= 100
    listed = summary.to_dict()["arms"]["base"]["liquidity"]
    assert {row["holder"] for row in listed} >= {"main liquidity", "farmer", "patient"}
    assert all(row["left_over"] == "0" for row in listed)


def test_without_providers_no_line_about_them_is_told() -> None:
    done = run(small.scenario(blocks=3), seed=3)
    lines = "\n".join(told(done, done.summary()))
    for word in ("liquidity brought", "LVR", "rewards", "fees a year", "oneself"):
        assert word not in lines
    measures = done.summary().to_dict()["arms"]["base"]["measures"]
    assert measures["lp_fees"] > 0
    assert measures["reward_apr_advertised"] is None
    assert isnan(done.summary().arms[0].measures["tvl_retained"])


def test_who_trades_with_his_own_liquidity_is_counted_by_his_share() -> None:
    """A thousand of two thousand base are the trader's own."""

    def script(view: Any, me: Any, setup: Any) -> Any:
        pool, router = setup.pool("main"), setup.router("main")
        if view.block == 1:
            base, quote = 1000 * 10**18, 2_000_000 * 10**6
            yield router.add_liquidity(me, pool=pool, base_amount=base, quote_amount=quote)
        if view.block == 3:
            amount = {"token_in": "WETH", "amount_in": 10**18, "min_amount_out": 0}
            yield router.swap(me, pool=pool, **amount)

    funds = {"WETH": "2000", "USDC": "4000000"}
    agents = {"self": Scripted(script=script, funds=funds)}
    summary = run(small.scenario(agents=agents, blocks=4), seed=1).summary()
    assert summary.arms[0].measures["wash_share"] == pytest.approx(50)
