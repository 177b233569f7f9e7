"""Sandwich searchers: several victims, routes, capital, bids, and the race in the open."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from dexsim import cpmm
from dexsim.agents import Sandwicher
from dexsim.blockspace.bundles import Unbundled
from dexsim.blockspace.labels import SandwichLabel
from dexsim.blockspace.mechanisms import BundleAuction, Priority
from dexsim.errors import ScenarioError
from dexsim.market.world import Market, Token, Weth
from dexsim.results.arm import Arm
from dexsim.scenario.run import run
from tests.scenarios import small
from tests.scenarios.hunting import ETHER, USDC, WETH, gains, hunt, selling
from tests.scenarios.nasty import Scripted


def test_victims_that_are_too_small_alone_are_attacked_together() -> None:
    """A12: below u1 = 0.3014 % of the reserve nobody is worth it; three of 0.25 % are, together."""
    amounts = (ETHER * 5 // 2,) * 3
    assert not hunt(selling(*amounts), searcher=small.searcher(max_victims=1)).rows("sandwiches")
    arm = hunt(selling(*amounts), searcher=small.searcher(max_victims=3))
    (row,) = arm.rows("sandwiches")
    assert row["victims"] == 3
    parts = [(row["part"], row["position"]) for row in arm.rows("attacks")]
    assert parts == [("frontrun", 0), *(("victim", place) for place in (1, 2, 3)), ("backrun", 4)]
    outs = [row for row in arm.rows("swaps") if row["kind"] == "victim"]
    least = [int(row["min_amount_out"]) for row in outs]
    limits = list(zip(amounts, least, strict=True))
    best = cpmm.optimal_frontrun_many(limits, WETH, USDC, cost=0)
    assert [int(row["amount_out"]) for row in outs] == list(best.victim_outs)
    assert int(row["frontrun_in"]) == best.frontrun_in
    assert int(row["gross_profit"]) == best.backrun_out - best.frontrun_in


def test_victims_that_pay_more_one_by_one_are_attacked_one_by_one() -> None:
    arm = hunt(selling(20 * ETHER, 20 * ETHER), searcher=small.searcher())
    assert [row["victims"] for row in arm.rows("sandwiches")] == [1, 1]


def test_no_more_is_put_in_than_the_searcher_has() -> None:
    rich, poor = (
        hunt(selling(20 * ETHER), searcher=small.searcher(capital={"WETH": whole}))
        for whole in ("200", "1")
    )
    assert int(rich.rows("sandwiches")[0]["frontrun_in"]) > ETHER
    least = int(poor.rows("orders")[0]["min_amount_out"])
    best = cpmm.optimal_frontrun(20 * ETHER, least, WETH, USDC, max_in=ETHER)
    assert int(poor.rows("sandwiches")[0]["frontrun_in"]) == best.frontrun_in
    assert 0 <= ETHER - best.frontrun_in < 10**12


def through_two_pools(view: Any, me: Any, setup: Any) -> list[Any]:
    """Sells WETH for USDC, and the USDC for DAI, in one transaction."""
    if view.block > 1:
        return []
    tokens = [setup.token(name) for name in ("WETH", "USDC", "DAI")]
    swap = setup.router("main").contract.write.swapExactTokensForTokens(
        me, 20 * ETHER, LEAST, [each.address for each in tokens], me.address, 2**256 - 1
    )
    return [replace(swap, gas_limit=400_000)]


LEAST = 36_000 * ETHER


def test_a_victim_whose_route_leads_through_two_pools_is_attacked_in_one() -> None:
    market = Market(
        venue="exchange", pair="WETH/USDC", base_reserve="1000", quote_reserve="2000000"
    )
    second = Market(
        venue="exchange", pair="USDC/DAI", base_reserve="1000000", quote_reserve="1000000"
    )
    world = small.world(
        tokens={"WETH": Weth(), "USDC": Token(decimals=6), "DAI": Token()},
        markets={"main": market, "stable": second},
    )
    victim = Scripted(script=through_two_pools)
    done = run(
        small.scenario(
            world=world,
            blocks=1,
            agents={"retail": victim, "searcher": Sandwicher(capital=small.CAPITAL)},
        ),
        seed=1,
    )
    arm = done.arms[0]
    assert done.summary().closes
    (row,) = arm.rows("sandwiches")
    (hit,) = [
        each
        for each in arm.rows("swaps")
        if (each["agent"], each["token_out"]) == ("retail", "DAI")
    ]
    stable = (1_000_000 * 10**6, 1_000_000 * ETHER)
    needed = cpmm.least_input(LEAST, [stable])
    if row["market"] == "main":
        best = cpmm.optimal_frontrun(20 * ETHER, needed, WETH, USDC)
    else:
        amount = cpmm.amount_out(20 * ETHER, WETH, USDC)
        best = cpmm.optimal_frontrun(amount, LEAST, *stable)
    assert int(row["frontrun_in"]) == best.frontrun_in > 0
    assert int(hit["amount_out"]) >= LEAST
    # One more unit of the front-run makes the victim fail: the limit binds along the whole route.
    assert int(hit["amount_out"]) < LEAST + 10**13


def legs_tips(arm: Arm) -> int:
    """What the builder gets by the gas of searchers."""
    rows = arm.rows("transactions")
    return sum(int(row["tip"]) for row in rows if row["role"] == "searcher")


def test_a_bundle_bids_a_share_of_its_profit_out_of_the_searchers_contract() -> None:
    def arm(share: int) -> Arm:
        searcher = small.searcher(bid_share_bps=share)
        return hunt(selling(20 * ETHER), mechanism=BundleAuction(), searcher=searcher)

    free, dear = arm(0), arm(5_000)
    (without,), (row,) = free.rows("sandwiches"), dear.rows("sandwiches")
    assert row["frontrun_in"] == without["frontrun_in"]
    # WETH is worth native money one to one: half of what is expected is what the builder gets more.
    sent = int(row["expected_profit"]) // 2
    assert int(row["tip"]) == sent + legs_tips(dear)
    assert int(without["tip"]) == legs_tips(free)
    more = gains(dear, "builder") - gains(free, "builder")
    assert more == sent + legs_tips(dear) - legs_tips(free)
    assert [int(bundle["paid"]) - legs_tips(dear) for bundle in dear.rows("bundles")] == [
        sent + sum(int(r["tip"]) for r in dear.rows("transactions") if r["kind"] == "victim")
    ]


def test_of_two_equal_searchers_who_learn_the_builder_gets_nearly_all() -> None:
    """M4: with the same victim in front of both, tips rise to what the attack brings after gas."""
    rivals = {name: small.searcher(bid_step_bps=2_000) for name in ("one", "two")}
    agents = {"retail": small.retail(), **rivals}
    scenario = small.scenario(agents=agents, blocks=40, mechanism=BundleAuction())
    rows = run(scenario, seed=3).arms[0].rows("sandwiches")
    late = [row for row in rows if row["block"] > 20 and row["token"] == "WETH"]
    assert len(late) > 2
    assert all(row["tip"] > 0.6 * row["gross_profit"] for row in late)
    assert all(row["tip"] < row["gross_profit"] for row in late)


def test_in_the_open_the_front_run_outbids_and_the_back_run_comes_later() -> None:
    arm = hunt(selling(20 * ETHER), searcher=small.searcher(via="transactions", tip_gwei="0"))
    first, victim, last = arm.rows("transactions")[-3:]
    tips = [int(row["max_priority_fee_per_gas"]) for row in (first, victim, last)]
    assert tips == [10**9 + 1, 10**9, 10**9]
    assert [row["kind"] for row in (first, victim, last)] == ["frontrun", "victim", "backrun"]
    assert [row["part"] for row in arm.rows("attacks")] == ["frontrun", "victim", "backrun"]
    (row,) = arm.rows("sandwiches")
    least = int(arm.rows("orders")[0]["min_amount_out"])
    best = cpmm.optimal_frontrun(20 * ETHER, least, WETH, USDC)
    assert int(row["frontrun_in"]) == best.frontrun_in
    assert int(row["victim_out"]) == best.victim_out


def raced(searchers: int) -> Arm:
    rivals = {f"s{i}": small.searcher(via="transactions", tip_gwei="0") for i in range(searchers)}
    return hunt(selling(20 * ETHER), mechanism=Priority(rounds=200), **rivals)


def test_a_priority_gas_auction_leaves_the_winner_nothing_and_losers_pay() -> None:
    """M2: profit dissipates to gas; who loses reverts and pays; the builder gets more with rivals."""
    alone, two, five = (raced(n) for n in (1, 2, 5))
    assert gains(alone, "attacker", "WETH") + gains(alone, "attacker") > 0
    builder = [gains(arm, "builder") for arm in (alone, two)]
    assert builder[1] > 50 * builder[0] > 0
    for arm, n in ((two, 2), (five, 5)):
        own = [row for row in arm.rows("transactions") if row["role"] == "searcher"]
        own = [row for row in own if row["block"] > 0]
        winner = arm.rows("sandwiches")[0]["agent"]
        assert {row["status"] for row in own if row["agent"] == winner} == {1}
        lost = [row for row in own if row["agent"] != winner and row["kind"] == "frontrun"]
        assert len(lost) == n - 1
        assert {row["reason"] for row in lost} == {"searcher: insufficient output"}
        assert all(row["gas_used"] > 0 for row in lost)
        # What the winner keeps is less than one more bump of its tip would have taken.
        (row,) = arm.rows("sandwiches")
        kept = int(row["gross_profit"]) - int(row["gas_cost"])
        assert 0 < kept < int(row["gross_profit"]) // 4


def test_bids_are_replacements_that_the_mempool_takes() -> None:
    arm = raced(2)
    reasons = {row["reason"] for row in arm.rows("drops")}
    assert reasons == {"replaced by its sender"}
    assert len(arm.rows("drops")) > 20


def test_what_an_attack_in_the_open_misses_is_withdrawn() -> None:
    def fill(view: Any, me: Any, setup: Any) -> list[Unbundled]:
        if view.block > 1 or not view.pending:
            return []
        pool, victim = setup.pool("main"), view.pending[0]
        swap = setup.router("main").swap(
            me, pool=pool, token_in="WETH", amount_in=ETHER, min_amount_out=0
        )
        never = replace(swap, max_fee_per_gas=1, nonce=view.nonce(me) + 1)
        about = {"market": "main", "token": "WETH", "expected_profit": 1}
        label = SandwichLabel(frontrun=0, victims=(1,), backrun=2, **about)
        return [Unbundled(legs=(replace(swap, nonce=view.nonce(me)), victim, never), label=label)]

    arm = hunt(selling(ETHER), odd=Scripted(script=fill, searches=True))  # type: ignore[arg-type]
    assert [row["reason"] for row in arm.rows("drops")] == ["expired"]
    assert not arm.rows("attacks")


BAD: dict[str, tuple[Callable[[Any, Any], Any], str]] = {
    "no victim": (lambda swap, victim: (swap, swap, swap), "a victim is a pending transaction"),
    "too few legs": (lambda swap, victim: (swap, victim), "legs .* of a bundle of 2"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_label_that_names_no_such_legs_is_refused(name: str) -> None:
    legs, told = BAD[name]

    def send(view: Any, me: Any, setup: Any) -> list[Unbundled]:
        swap = setup.router("main").swap(
            me, pool=setup.pool("main"), token_in="WETH", amount_in=ETHER, min_amount_out=0
        )
        about = {"market": "main", "token": "WETH", "expected_profit": 1}
        label = SandwichLabel(frontrun=0, victims=(1,), backrun=2, **about)
        return [Unbundled(legs=legs(swap, view.pending[0]), label=label)]

    with pytest.raises(ScenarioError, match=told):
        hunt(selling(ETHER), odd=Scripted(script=send, searches=True))  # type: ignore[arg-type]
