"""A run from its scenario to its accounts."""

from __future__ import annotations

from decimal import localcontext
from fractions import Fraction
from itertools import pairwise

import pytest

from dexsim import cpmm
from dexsim.agents import Sandwicher, Trader
from dexsim.blockspace.fees import Gas
from dexsim.blockspace.mechanisms import Fifo, Priority, RandomOrder
from dexsim.errors import ScenarioError
from dexsim.prices import PoissonClock
from dexsim.results.arm import Arm
from dexsim.results.run import Run
from dexsim.scenario.run import run
from dexsim.scenario.scenario import Scenario
from tests.scenarios import small


@pytest.fixture(scope="module")
def both() -> Run:
    return run(small.experiment(), seed=3)


@pytest.fixture(scope="module")
def hunted(both: Run) -> Arm:
    return both.arms[1]


def orders(arm: Arm) -> list[tuple[object, ...]]:
    """What was wanted: everything of an order that is not a limit quoted from the state."""
    keys = ("arrival_ms", "agent", "account", "market", "token_in", "amount_in", "slippage_bps")
    return [tuple(r[key] for key in keys) for r in arm.rows("orders") if r["agent"] == "retail"]


# --- accounts --------------------------------------------------------------------


def test_every_token_closes_at_exactly_zero_in_every_arm(both: Run) -> None:
    for arm in both.summary().arms:
        assert [balance.open for balance in arm.balances] == [0, 0, 0]
        assert [balance.token for balance in arm.balances] == ["ETH", "WETH", "USDC"]


def test_burnt_gas_is_what_native_holders_lost(hunted: Arm, both: Run) -> None:
    native = both.summary().arms[1].balances[0]
    burnt = sum(row["burnt"] for row in hunted.rows("blocks"))
    assert burnt > 0
    assert native.burned == burnt
    assert native.change == -burnt


def test_gains_and_losses_of_all_holders_sum_to_exactly_zero(both: Run) -> None:
    for arm in both.summary().arms:
        assert arm.left_over == Fraction(0)
        assert arm.closes


def test_books_kept_from_events_agree_with_every_contract(both: Run) -> None:
    assert [arm.about["differences"] for arm in both.arms] == [[], []]


def test_the_attackers_net_is_its_gross_less_its_gas(both: Run, hunted: Arm) -> None:
    measures = both.summary().arms[1].measures
    gas = sum(hunted.value("ETH", row["gas_cost"]) for row in hunted.rows("sandwiches"))
    assert measures["sandwiches"] > 3
    assert measures["searcher_net"] == pytest.approx(measures["searcher_gross"] - float(gas))


def test_tips_are_the_builders_revenue(both: Run, hunted: Arm) -> None:
    tips = sum(row["tip"] for row in hunted.rows("transactions"))
    builder = next(g for g in both.summary().arms[1].gains if g.holder == "builder")
    assert builder.changes == {"ETH": tips}
    assert tips == sum(row["builder_revenue"] for row in hunted.rows("blocks")) > 0


def test_a_tampered_balance_opens_the_accounts(hunted: Arm) -> None:
    from dexsim.results.summary import summarize

    rows = hunted.rows("balances")
    victim = next(r for r in rows if r["block"] == hunted.last_block and r["token"] == "USDC")
    victim["amount"] += 1
    try:
        told = summarize(hunted)
        assert not told.closes
        assert next(b.open for b in told.balances if b.token == "USDC") == 1
    finally:
        victim["amount"] -= 1


# --- arms on the same random numbers ------------------------------------------------


def test_both_arms_have_the_same_orders(both: Run) -> None:
    calm, hunted = both.arms
    assert orders(calm) == orders(hunted)
    assert len(orders(calm)) > 15


def test_retail_pays_more_with_a_searcher_about(both: Run) -> None:
    calm, hunted = (arm.measures for arm in both.summary().arms)
    assert calm["sandwiches"] == 0
    assert hunted["retail_cost_bps"] > calm["retail_cost_bps"] + 5
    assert hunted["searcher_net"] > 0
    assert hunted["victim_loss"] > 0


def test_a_searcher_with_nothing_to_gain_changes_nothing() -> None:
    tiny = small.retail(median_size="0.2", size_sigma="0.1")  # 0.02 % of the reserve
    control = small.experiment(agents={"retail": tiny, "searcher": small.searcher()})
    calm, hunted = run(control, seed=5).arms
    assert hunted.about["digest"] == calm.about["digest"]
    assert len(orders(hunted)) > 15


def test_adding_an_agent_changes_nobody_elses_draws() -> None:
    alone = run(small.scenario(), seed=8).arms[0]
    agents = {"crowd": small.retail(count=3), **small.scenario().agents}
    together = run(small.scenario(agents=agents), seed=8).arms[0]
    assert orders(alone) == orders(together)
    assert [r["exact"] for r in alone.rows("prices")] == [
        r["exact"] for r in together.rows("prices")
    ]


def test_another_seed_draws_other_orders(both: Run) -> None:
    assert orders(run(small.scenario(), seed=4).arms[0]) != orders(both.arms[0])


def test_orders_do_not_depend_on_the_block_clock() -> None:
    fixed = run(small.scenario(blocks=40), seed=6).arms[0]
    poisson = run(small.scenario(blocks=40, clock=PoissonClock()), seed=6).arms[0]
    ends = min(arm.rows("blocks")[-1]["time_ms"] for arm in (fixed, poisson))
    early = [[row for row in orders(arm) if row[0] <= ends] for arm in (fixed, poisson)]  # type: ignore[operator]
    assert early[0] == early[1]
    assert len(early[0]) > 15


# --- sandwiches -----------------------------------------------------------------------


def test_each_sandwich_is_what_the_closed_arithmetic_says(hunted: Arm) -> None:
    """Every leg equals `cpmm` on the reserves before the block's first transaction in the pool."""
    swaps = {(r["tx_hash"], r["kind"]): r for r in hunted.rows("swaps")}
    for row in hunted.rows("sandwiches"):
        victim = swaps[row["victim_tx_hash"], "victim"]
        assert row["victim_out"] >= victim["min_amount_out"]
        assert row["backrun_in"] == row["frontrun_out"]
        assert row["gross_profit"] == row["backrun_out"] - row["frontrun_in"] > 0


def test_the_first_sandwich_of_a_block_is_the_optimum_at_its_starting_reserves() -> None:
    scene = small.scenario(agents={"retail": small.retail(), "searcher": small.searcher()})
    arm = run(scene, seed=3).arms[0]
    checked = 0
    for row in arm.rows("sandwiches"):
        first = next(r for r in arm.rows("swaps") if r["block"] == row["block"])
        if first["amount_in"] != row["frontrun_in"]:
            continue  # not the block's first: reserves have moved
        pool = arm.at_block("pools", row["block"] - 1)[0]
        sides = (pool["base_reserve"], pool["quote_reserve"])
        sides = sides if row["token"] == "WETH" else sides[::-1]
        victim = next(r for r in arm.rows("swaps") if r["tx_hash"] == row["victim_tx_hash"])
        gas = row["gross_profit"] - row["expected_profit"]
        best = cpmm.optimal_frontrun(row["victim_in"], victim["min_amount_out"], *sides, 30, gas)
        assert (best.frontrun_in, best.frontrun_out) == (row["frontrun_in"], row["frontrun_out"])
        assert (best.victim_out, best.backrun_out) == (row["victim_out"], row["backrun_out"])
        checked += 1
    assert checked > 5


def test_victims_counterfactual_is_the_clean_quote_when_nobody_else_trades() -> None:
    lone = small.retail(count=1, trades_per_block="0.5")
    arm = run(small.scenario(agents={"retail": lone, "searcher": small.searcher()}), seed=1).arms[0]
    quoted = {r["tx_hash"]: r["quoted_out"] for r in arm.rows("swaps")}
    alone = [
        row
        for row in arm.rows("sandwiches")
        if len([s for s in arm.at_block("swaps", row["block"]) if s["role"] == "trader"]) == 1
    ]
    assert len(alone) > 2
    for row in alone:
        assert row["victim_counterfactual_out"] == quoted[row["victim_tx_hash"]] > row["victim_out"]


def test_a_bundle_that_does_not_land_costs_its_searcher_nothing() -> None:
    late = small.searcher(
        tip_gwei="0"
    )  # the arbitrageur goes first, and the bundle finds another price
    arm = run(small.scenario(agents={**small.scenario().agents, "searcher": late}), seed=3).arms[0]
    failed = {row["block"] for row in arm.rows("bundles") if not row["landed"]}
    landed = {row["block"] for row in arm.rows("bundles") if row["landed"]}
    assert failed
    sent = {r["block"] for r in arm.rows("transactions") if r["agent"] == "searcher"}
    assert sent == landed


def test_private_orders_are_not_attacked() -> None:
    hidden = small.retail(visibility="private")
    arm = run(small.scenario(agents={"retail": hidden, "searcher": small.searcher()}), seed=3).arms[
        0
    ]
    assert arm.rows("bundles") == []
    assert len(orders(arm)) > 15


# --- mechanisms and gas ------------------------------------------------------------------


def sandwiches(scene: Scenario) -> int:
    return len(run(scene, seed=3).arms[0].rows("sandwiches"))


def test_first_come_first_served_leaves_no_room_for_a_sandwich() -> None:
    assert sandwiches(small.scenario(mechanism=Fifo())) == 0


def test_a_random_order_lets_some_sandwiches_through() -> None:
    drawn = sandwiches(small.scenario(mechanism=RandomOrder()))
    assert 0 < drawn < sandwiches(small.scenario(mechanism=Priority()))


@pytest.mark.parametrize("mechanism", [Priority(), Fifo(), RandomOrder()])
def test_accounts_close_under_every_mechanism(mechanism: object) -> None:
    assert run(small.scenario(mechanism=mechanism), seed=9).summary().closes


def test_the_base_fee_moves_as_eip_1559_says_when_asked_to() -> None:
    gas = Gas(base_fee_gwei="10", dynamic=True, block_limit=600_000)
    arm = run(small.scenario(gas=gas), seed=3).arms[0]
    blocks = arm.rows("blocks")[1:]
    for before, after in pairwise(blocks):
        change = after["base_fee"] / before["base_fee"] - 1
        expected = (before["gas_used"] - 300_000) / 300_000 / 8
        assert change == pytest.approx(expected, abs=1e-8)
    assert len({row["base_fee"] for row in blocks}) > 5
    assert run(small.scenario(gas=gas), seed=3).summary().closes


def test_a_transaction_that_does_not_fit_waits_for_a_later_block() -> None:
    gas = Gas(block_limit=300_000)  # one swap asks for 250 000
    busy = small.retail(count=10, trades_per_block="0.2")
    arm = run(small.scenario(agents={"retail": busy}, gas=gas, blocks=15), seed=3).arms[0]
    blocks = arm.rows("blocks")[1:]
    assert max(row["transactions"] for row in blocks) <= 3
    assert max(row["waiting"] for row in blocks) > 3
    delays = [r["block"] - r["submitted_block"] for r in arm.rows("transactions") if r["block"]]
    assert max(delays) > 0


# --- incentives ----------------------------------------------------------------------------


def test_farmers_stakes_and_rewards_are_in_the_accounts() -> None:
    result = run(small.farming(), seed=2)
    told, arm = result.summary().arms[0], result.arms[0]
    assert told.closes
    dex = next(balance for balance in told.balances if balance.token == "DEX")
    farmer = next(gain for gain in told.gains if gain.holder == "farmer")
    gauge = next(gain for gain in told.gains if gain.holder == "gauge main")
    # What was emitted before the farmer staked is minted with his rewards, and nobody's.
    assert farmer.changes["DEX"] + gauge.changes["DEX"] == dex.minted
    assert farmer.changes["DEX"] > 10 * gauge.changes["DEX"] > 0
    staked = [r["amount"] for r in arm.rows("balances") if r["token"] == "staked main"]
    assert max(staked) > 0


def test_a_provider_joins_and_leaves() -> None:
    arm = run(small.farming(), seed=2).arms[0]
    held = {
        row["block"]: row["amount"]
        for row in arm.rows("balances")
        if row["agent"] == "patient" and row["token"] == "LP main"
    }
    assert held.get(2, 0) == 0
    assert held[3] > 0
    assert held[19] == held[3]
    assert held[20] == 0


def test_everybody_wins_or_loses_what_the_others_lose_or_win() -> None:
    told = run(small.farming(), seed=2).summary().arms[0]
    usdc = sum((gain.changes.get("USDC", Fraction(0)) for gain in told.gains), Fraction(0))
    assert usdc == 0


# --- wrong use --------------------------------------------------------------------------------


def test_funds_in_a_token_that_can_only_be_earned_are_refused() -> None:
    rich = Sandwicher(capital={"DEX": "5"})
    with pytest.raises(ScenarioError, match=r"agents\.rich: DEX can only be earned"):
        run(small.farming(agents={"rich": rich}), seed=1)


def test_an_agent_for_a_market_that_is_not_there_is_named() -> None:
    with pytest.raises(
        ScenarioError, match=r"agents\.lost.*unknown market 'elsewhere'; allowed: main"
    ):
        run(small.scenario(agents={"lost": Trader(market="elsewhere")}), seed=1)


def test_the_global_decimal_context_changes_nothing() -> None:
    expected = run(small.experiment(blocks=5), seed=3).digest
    with localcontext() as context:
        context.prec = 3
        assert run(small.experiment(blocks=5), seed=3).digest == expected


def test_amounts_of_many_digits_stay_exact() -> None:
    many = "1234567890123456789012345678901234.5"
    assert str(small.searcher(capital={"WETH": many}).capital["WETH"]) == many
    huge = small.retail(median_size="10000000000000")
    assert run(small.scenario(agents={"retail": huge}, blocks=2), seed=1).summary().closes


def test_no_sandwich_lands_that_does_not_bring_back_its_input_and_its_gas() -> None:
    late = small.searcher(tip_gwei="0")  # often too late: the arbitrageur has moved the price
    agents = {**small.scenario().agents, "searcher": late}
    arm = run(small.scenario(agents=agents, blocks=60), seed=3).arms[0]
    prices = {
        (row["block"], row["token"]): Fraction(row["exact"]) / 10 ** arm.decimals[row["token"]]
        for row in arm.rows("prices")
    }
    assert [row for row in arm.rows("bundles") if not row["landed"]]
    assert arm.rows("sandwiches")
    for row in arm.rows("sandwiches"):
        gas = prices[row["block"], "ETH"] * row["gas_cost"]
        assert prices[row["block"], row["token"]] * row["gross_profit"] >= gas
