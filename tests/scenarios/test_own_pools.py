"""Every scenario runs on a pool of somebody's own, and its accounts close."""

from __future__ import annotations

import shutil
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from dexsim.agents import Farmer, Provider, Setup, View
from dexsim.artifacts.library import load as load_contract
from dexsim.artifacts.library import sources_folder
from dexsim.blockspace.bundles import Bundle
from dexsim.blockspace.orders import Order
from dexsim.chain.accounts import Account
from dexsim.errors import ScenarioError
from dexsim.market.adapted import AdaptedPool
from dexsim.market.world import Gauge, Incentive, Token, Venue, Weth
from dexsim.results.accounts import gains
from dexsim.results.arm import Arm
from dexsim.results.run import Run
from dexsim.results.summary import ArmSummary
from dexsim.results.verify import verify
from dexsim.scenario.reading import load
from dexsim.scenario.run import run
from dexsim.scenario.settings import apply
from tests.scenarios import small
from tests.scenarios.nasty import Scripted
from tests.scenarios.own_pools import worlds

ETHER = 10**18
KEY = "world.markets.main"


def play(contract: str, adapter: str, **changes: Any) -> tuple[Arm, ArmSummary]:
    done = run(worlds.scenario(contract, adapter, **changes), seed=3)
    return done.arms[0], done.summary().arms[0]


def on(name: str, contract: Path | str, adapter: str = "", **more: Any) -> Run:
    """A built-in scenario on a contract, as `--set` has it."""
    settings = {f"{KEY}.contract": str(contract), **more}
    if adapter:
        settings[f"{KEY}.adapter"] = f"{worlds.HERE / 'adapters.py'}:{adapter}"
    return run(apply(load(name), settings), seed=7)


def copied_pool(folder: Path) -> Path:
    """dexsim's own pool with its modules, under another name in a folder of somebody's own."""
    shutil.copytree(sources_folder(), folder, dirs_exist_ok=True)
    return (folder / "pool.vy").rename(folder / "mine.vy")


# --- a pair like Uniswap v2's -------------------------------------------------------------


@pytest.fixture(scope="module")
def built_in() -> Run:
    return run(apply(load("sandwich"), {"blocks": 10}), seed=7)


def test_a_copy_of_the_pool_gives_the_same_digest(built_in: Run, tmp_path: Path) -> None:
    done = on("sandwich", copied_pool(tmp_path), blocks=10)
    assert done.digest == built_in.digest
    assert done.summary().to_dict() == built_in.summary().to_dict()


def test_compiled_json_will_do(built_in: Run, tmp_path: Path) -> None:
    file = tmp_path / "mine.json"
    file.write_text(load_contract(sources_folder() / "pool.vy").to_json())
    done = on("sandwich", file, blocks=10)
    assert done.digest == built_in.digest
    assert done.files == {"inputs/mine.json": file.read_bytes()}


def test_a_changed_pair_is_another_pool_with_other_results(built_in: Run, tmp_path: Path) -> None:
    file = copied_pool(tmp_path)
    text = file.read_text()
    assert text.count("fee_bps = fee_in_bps\n") == 1
    file.write_text(text.replace("    _FEE = fee\n", "    _FEE = fee * 2\n"))
    done = on("sandwich", file, blocks=10)
    assert done.digest != built_in.digest
    swaps = done.arms[0].rows("transactions")
    assert any("pool: k" in row["reason"] for row in swaps)  # the router reckons with half the fee


# --- a pool of any shape ------------------------------------------------------------------


@pytest.fixture(scope="module")
def sandwiched() -> Run:
    return on("sandwich", worlds.HERE / "dynamic.vy", "Dynamic", blocks=40)


def test_the_sandwich_scenario_runs_on_a_pool_with_a_dynamic_fee(sandwiched: Run) -> None:
    calm, hunted = sandwiched.summary().arms
    for arm in (calm, hunted):
        assert arm.closes
        assert arm.left_over == 0
        assert all(balance.open == 0 for balance in arm.balances)
        assert not arm.differences
    assert calm.measures["sandwiches"] == 0
    assert hunted.measures["sandwiches"] > 0
    assert hunted.measures["searcher_net"] > 0
    assert hunted.measures["victim_loss"] > 0
    assert hunted.measures["retail_cost_bps"] > calm.measures["retail_cost_bps"]
    assert hunted.measures["arbitrage_gain"] > 0


def test_a_saved_run_verifies_and_says_what_it_ran_on(sandwiched: Run, tmp_path: Path) -> None:
    loaded = Run.load(sandwiched.save(tmp_path / "run"))
    assert all(verdict.holds for verdict in verify(loaded))
    about = loaded.manifest["arms"]["hunted"]["own_contracts"]["main"]
    contract = load_contract(worlds.HERE / "dynamic.vy")
    assert about["init_code_hash"] == contract.init_code_hash.hex()
    assert (about["contract"], about["adapter"]) == ("dynamic", "Dynamic")


def test_swaps_are_what_the_tokens_moved(sandwiched: Run) -> None:
    arm = next(arm for arm in sandwiched.arms if arm.name == "hunted")
    swaps = arm.rows("swaps")
    moved = {"WETH": 0, "USDC": 0}
    for row in swaps:
        moved[row["token_in"]] += row["amount_in"]
        moved[row["token_out"]] -= row["amount_out"]
    first, last = (arm.at_block("pools", block)[0] for block in (0, arm.last_block))
    assert moved["WETH"] == last["base_reserve"] - first["base_reserve"]
    assert moved["USDC"] == last["quote_reserve"] - first["quote_reserve"]
    assert {row["kind"] for row in swaps} == {"frontrun", "victim", "backrun", "swap"}


def test_prices_are_those_at_which_the_pool_trades(sandwiched: Run) -> None:
    arm = sandwiched.arms[-1]
    swaps = arm.rows("swaps")
    for row in swaps:
        buys_base = row["token_in"] == "USDC"
        assert (row["mid_after"] > row["mid_before"]) == buys_base
        paid = row["amount_in_tokens"] / row["amount_out_tokens"]
        price = paid if buys_base else 1 / paid
        assert price == pytest.approx((row["mid_before"] + row["mid_after"]) / 2, rel=0.02)
    for before, after in pairwise(swaps):
        if before["block"] == after["block"]:
            assert before["mid_after"] == after["mid_before"]
    ends = {row["block"]: row["mid_after"] for row in swaps}
    pools = {row["block"]: row["price"] for row in arm.rows("pools")}
    assert {block: pools[block] for block in ends} == ends


def test_shares_are_whose_the_adapter_says(tmp_path: Path) -> None:
    agents = {
        "retail": small.retail(),
        "patient": Provider(base_amount="20", joins_block=3, leaves_block=9),
        "stayer": Provider(base_amount="30", joins_block=2),
    }
    arm, summary = play("dynamic.vy", "Dynamic", agents=agents)
    assert summary.closes

    def held(block: int) -> dict[str, int]:
        rows = arm.at_block("balances", block)
        return {row["agent"]: row["amount"] for row in rows if row["token"] == "LP main"}

    assert held(1) == {"main liquidity": 1_000 * ETHER}
    assert held(6)["patient"] > 19 * ETHER
    assert held(12)["patient"] == 0
    assert held(12)["stayer"] == held(6)["stayer"] > 29 * ETHER
    supply = {row["block"]: row["lp_supply"] for row in arm.rows("pools")}
    assert all(supply[block] == sum(held(block).values()) for block in range(13))
    gained = {gain.holder: gain for gain in gains(arm)}
    assert gained["stayer"].value != 0
    assert set(gained["pool main"].changes) == set()


def test_reserves_that_nobody_has_a_share_of_are_the_pools_own() -> None:
    arm, summary = play("dynamic.vy", "Nobodys", agents={"retail": small.retail()})
    assert arm.rows("swaps")
    assert summary.closes
    owner = next(gain for gain in gains(arm) if gain.holder == "pool main")
    assert {"WETH", "USDC"} == set(owner.changes)


def test_donations_to_the_pool_close_too() -> None:
    def give(view: View, me: Account, setup: Setup) -> list[Any]:
        pool = setup.pool("main")
        return [pool.base.transfer(me, to=pool, amount=ETHER)]

    arm, summary = play("dynamic.vy", "Dynamic", agents={"x": Scripted(script=give)}, blocks=2)
    assert summary.closes
    assert not arm.rows("swaps")
    assert next(g for g in gains(arm) if g.holder == "pool main").changes["WETH"] == 2 * ETHER


@pytest.mark.parametrize("adapter", ["Aside", "Beside"])
def test_tokens_may_lie_in_another_contract(adapter: str) -> None:
    arm, summary = play("flat.vy", adapter, agents={"retail": small.retail()})
    assert summary.closes
    assert bool(arm.rows("swaps")) == (adapter == "Beside")  # where nobody says so, nobody looks
    owner = next(gain for gain in gains(arm) if gain.holder == "main liquidity")
    assert set(owner.changes) == {"WETH", "USDC"}


# --- what searchers can read --------------------------------------------------------------


def _seen(adapter: str, wish: str) -> list[Any]:
    """What a searcher reads of one swap, sent as an order or as a transaction."""
    seen: list[Any] = []

    def trade(view: View, me: Account, setup: Setup) -> list[Any]:
        pool, door = setup.pool("main"), setup.router("main")
        if wish == "order":
            return [Order(me, market="main", token_in="WETH", amount_in=ETHER, min_amount_out=5)]
        return [door.swap(me, pool=pool, token_in="WETH", amount_in=ETHER, min_amount_out=5)]

    def look(view: View, me: Account, setup: Setup) -> list[Any]:
        seen.extend((each.market, each.swap) for each in view.pending)
        return []

    agents = {"x": Scripted(script=trade), "y": Scripted(script=look, searches=True)}
    play("flat.vy", adapter, agents=agents, blocks=1)
    return seen


@pytest.mark.parametrize(
    ("adapter", "wish"), [("Flat", "order"), ("Readable", "order"), ("Readable", "transaction")]
)
def test_a_pending_swap_can_be_read(adapter: str, wish: str) -> None:
    [(market, swap)] = _seen(adapter, wish)
    assert market == "main"
    assert (swap.amount_in, swap.min_amount_out, len(swap.path)) == (ETHER, 5, 2)


def test_a_transaction_that_the_adapter_cannot_read_is_no_swap_to_anybody() -> None:
    assert _seen("Flat", "transaction") == [(None, None)]


# --- words that an adapter does not have --------------------------------------------------


def test_what_an_adapter_has_no_words_for_is_told() -> None:
    told: list[str] = []

    def ask(view: View, me: Account, setup: Setup) -> list[Any]:
        pool, door = setup.pool("main"), setup.router("main")
        swap = {"pool": pool, "token_in": "WETH", "amount_in": 1, "min_amount_out": 0}
        attempts: list[Any] = [
            lambda: door.buy(me, pool=pool, token_out="WETH", amount_out=1, max_amount_in=9),
            lambda: door.swap(me, **swap, to=Account.named("bob")),
            lambda: door.swap(me, **swap, deadline=5),
            lambda: pool.approve_lp(me, spender=door, amount=1),
        ]
        for attempt in attempts:
            with pytest.raises(ScenarioError) as caught:
                attempt()
            told.append(caught.value.problem)
        return []

    play("dynamic.vy", "Dynamic", agents={"x": Scripted(script=ask)}, blocks=1)
    words = ("buy an exact output", "pay a swap out to somebody else", "keep a deadline")
    for problem, word in zip(told, (*words, "no ERC-20 token"), strict=True):
        assert word in problem


def test_a_bundle_of_ones_own_swaps_lands() -> None:
    def both(view: View, me: Account, setup: Setup) -> list[Any]:
        pool, door = setup.pool("main"), setup.router("main")
        sell = door.swap(me, pool=pool, token_in="WETH", amount_in=ETHER, min_amount_out=0)
        buy = door.swap(me, pool=pool, token_in="USDC", amount_in=10**9, min_amount_out=0)
        return [Bundle(legs=(sell, buy))]

    arm, summary = play("dynamic.vy", "Dynamic", agents={"x": Scripted(script=both)}, blocks=2)
    assert summary.closes
    assert [row["token_in"] for row in arm.rows("swaps")] == ["WETH", "USDC"] * 2


# --- incentives ---------------------------------------------------------------------------


def farming(contract: str, adapter: str) -> Any:
    tokens = {
        "WETH": Weth(),
        "USDC": Token(decimals=6),
        "DEX": Incentive(rate_per_second="1", cap="1000000"),
    }
    gauges = {"main": Gauge(market="main", reward="DEX")}
    return worlds.scenario(
        contract,
        adapter,
        world=worlds.world(contract, adapter, tokens=tokens, gauges=gauges),
        agents={
            "retail": small.retail(median_size="1"),
            "farmer": Farmer(gauge="main", base_amount="50", claims_every=5),
        },
        blocks=20,
    )


def test_shares_that_are_a_token_can_be_staked() -> None:
    done = run(farming("coined.vy", "Flat"), seed=3)
    assert done.summary().closes
    farmer = next(gain for gain in gains(done.arms[0]) if gain.holder == "farmer")
    assert farmer.changes["DEX"] > 0
    staked = [row for row in done.arms[0].rows("balances") if row["token"] == "staked main"]
    assert staked[-1]["amount"] > 49 * ETHER


def test_shares_that_are_no_token_cannot_be_staked() -> None:
    with pytest.raises(ScenarioError, match=r"world\.gauges\.main\.market: .* no ERC-20 token"):
        run(farming("flat.vy", "Flat"), seed=3)


def test_the_incentives_scenario_runs_on_own_pools(tmp_path: Path) -> None:
    done = on("incentives", worlds.HERE / "coined.vy", "Flat", blocks=40)
    plain = run(apply(load("incentives"), {"blocks": 40}), seed=7)
    copy = on("incentives", copied_pool(tmp_path), blocks=40)
    assert done.summary().closes
    assert copy.digest == plain.digest


# --- side by side -------------------------------------------------------------------------


def test_own_pools_and_dexsims_share_a_world() -> None:
    markets = {
        "main": worlds.market(None),
        "other": worlds.market("dynamic.vy", "Dynamic", venue="second"),
    }
    venues = {"exchange": Venue(fee_bps=30), "second": Venue(fee_bps=30)}
    scenario = small.scenario(
        world=small.world(markets=markets, venues=venues),
        agents={
            "here": small.retail(market="main"),
            "there": small.retail(market="other"),
            "searcher": small.searcher(),
        },
        blocks=15,
    )
    done = run(scenario, seed=3)
    assert done.summary().closes
    rows = done.arms[0].rows("sandwiches")
    assert {row["market"] for row in rows} == {"main", "other"}


def test_the_handle_looks_like_every_pools(sandwiched: Run) -> None:
    seen: list[Any] = []

    def look(view: View, me: Account, setup: Setup) -> list[Any]:
        pool = setup.pool("main")
        seen.append(pool)
        assert isinstance(pool, AdaptedPool)
        assert (str(pool.base), str(pool.quote), pool.market) == ("WETH", "USDC", "main")
        assert pool.sides("USDC") == (pool.reserves().quote, pool.reserves().base)
        assert pool.other("WETH") is pool.quote
        assert pool.amount_out(token_in="WETH", amount_in=ETHER) > 1_900 * 10**6
        assert pool.address in repr(pool)
        assert view.mid("main") == pool.mid()
        return []

    play("dynamic.vy", "Dynamic", agents={"x": Scripted(script=look)}, blocks=1)
    assert seen
