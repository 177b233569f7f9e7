"""What each market structure does to a sandwich: the statements M1 to M15.

Those of M2 and M4 that are about searchers stand in test_searchers.py, M6 in the tests of back-runners,
M7 and M8 in test_batches.py, M15 in the tests of users' defences.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

from dexsim import cpmm
from dexsim.agents import Arbitrageur
from dexsim.blockspace.bundles import Bundle
from dexsim.blockspace.fees import Gas
from dexsim.blockspace.mechanisms import (
    BundleAuction,
    CommitReveal,
    Fifo,
    GreedySequencing,
    Manual,
    Priority,
    Private,
    RandomOrder,
)
from dexsim.blockspace.orders import Order
from dexsim.market.world import Market, Token, Venue, World
from dexsim.results.arm import Arm
from dexsim.scenario.run import run
from dexsim.scenario.scenario import Scenario
from dexsim.theory import competition
from tests.scenarios import small
from tests.scenarios.hunting import ETHER, USDC, WETH, gains, hunt, selling
from tests.scenarios.nasty import Scripted

VICTIM = 20 * ETHER


def executed(arm: Arm, block: int = 1) -> list[tuple[str, str, bool]]:
    rows = [row for row in arm.rows("transactions") if row["block"] == block]
    return [(row["agent"], row["kind"], row["status"]) for row in rows]


def got(arm: Arm, agent: str = "retail") -> list[int]:
    return [int(row["amount_out"]) for row in arm.rows("swaps") if row["agent"] == agent]


def native(arm: Arm, block: int) -> dict[str, int]:
    rows = [row for row in arm.at_block("balances", block) if row["token"] == "ETH"]
    return {row["agent"]: int(row["amount"]) for row in rows}


# --- M1: the public mempool ------------------------------------------------------------------


def test_m1_one_wei_more_front_runs_and_the_result_is_the_optimum_of_a13() -> None:
    arm = hunt(selling(VICTIM, slippage_bps=100), searcher=small.searcher(via="transactions"))
    least = cpmm.minimum_out(cpmm.amount_out(VICTIM, WETH, USDC), 100)
    best = cpmm.optimal_frontrun(VICTIM, least, WETH, USDC)
    (row,) = arm.rows("sandwiches")
    assert executed(arm) == [
        ("searcher", "frontrun", True),
        ("retail", "victim", True),
        ("searcher", "backrun", True),
    ]
    assert int(row["frontrun_in"]) == best.frontrun_in
    assert int(row["victim_out"]) == best.victim_out
    assert int(row["backrun_out"]) == best.backrun_out
    # The limit binds: the victim gets it, or a rounding step more.
    assert least <= best.victim_out <= least + best.victim_out // 10**9


def unconditional(side: str, amount: int, tip: int = 10**9) -> Scripted:
    """A swap without a limit in every block, by an account of its own."""

    def script(view: Any, me: Any, setup: Any) -> list[Order]:
        fields = {"market": "main", "min_amount_out": 0, "tip": tip}
        return [Order(me, token_in=side, amount_in=amount, **fields)]

    return Scripted(script=script, funds={"WETH": "1000000", "USDC": "1000000000"})


def test_m1_in_a_random_order_one_block_in_six_is_the_sandwich() -> None:
    agents = {
        "buy": unconditional("USDC", 1000 * 10**6),
        "victim": unconditional("USDC", 2000 * 10**6),
        "sell": unconditional("WETH", ETHER // 2),
    }
    blocks = 360
    arm = run(small.scenario(agents=agents, blocks=blocks, mechanism=RandomOrder()), seed=7).arms[0]
    orders = [[who for who, _, _ in executed(arm, block)] for block in range(1, blocks + 1)]
    counts = [orders.count(list(order)) for order in permutations(agents)]
    assert sum(counts) == blocks
    # Sixty of each are expected; four standard deviations are 28.
    assert all(abs(count - 60) < 28 for count in counts)


# --- M3: private bundles ---------------------------------------------------------------------


def test_m3_nobody_stands_between_the_legs_and_a_lost_bundle_costs_nothing() -> None:
    crowd = unconditional("WETH", ETHER, tip=10**12)
    rivals = {name: small.searcher(bid_share_bps=share) for name, share in (("a", 1000), ("b", 0))}
    arm = hunt(selling(VICTIM), mechanism=BundleAuction(), crowd=crowd, **rivals)
    (row,) = arm.rows("sandwiches")
    places = [part["position"] for part in arm.rows("attacks")]
    assert places == [0, 1, 2]
    assert row["agent"] == "a"
    told = {bundle["agent"]: (bundle["landed"], bundle["reason"]) for bundle in arm.rows("bundles")}
    assert told["a"] == (True, "")
    assert told["b"] == (False, "a transaction of it is not waiting any more")
    assert native(arm, 2)["b"] == native(arm, 0)["b"]
    assert not [who for who, _, _ in executed(arm) if who == "b"]


def test_m3_below_the_break_even_tolerance_no_bundle_pays_and_the_victim_is_clean() -> None:
    cost = 280_000 * (10**10 + 10**9 + 1)  # both legs at the searcher's first estimate, WETH wei
    safe = cpmm.break_even_slippage_bps(VICTIM, WETH, cost)
    wary, bold = (
        hunt(
            selling(VICTIM, slippage_bps=bps),
            mechanism=BundleAuction(),
            searcher=small.searcher(tip_gwei="0"),
        )
        for bps in (safe, safe + 1)
    )
    assert not wary.rows("bundles")
    assert got(wary) == [cpmm.amount_out(VICTIM, WETH, USDC)]
    assert len(bold.rows("sandwiches")) == 1


# --- M4: builders and proposers ----------------------------------------------------------------


@pytest.mark.parametrize("payment", ["first-price", "second-price"])
def test_m4_searcher_builder_and_proposer_share_what_was_won_less_base_fees(payment: Any) -> None:
    mechanism = BundleAuction(payment=payment, builders=("alpha", "beta"))
    searcher = small.searcher(bid_share_bps=9000)
    arm = hunt(selling(VICTIM), mechanism=mechanism, searcher=searcher)
    (row,) = arm.rows("sandwiches")
    assert gains(arm, "attacker", "WETH") == int(row["gross_profit"]) > 0
    # Whatever the searcher pays, and whatever its victim's swap costs more or less for it.
    paid = -gains(arm, "attacker") - gains(arm, "victim")
    assert paid == gains(arm, "builder") + gains(arm, "burnt") > 0
    # With one bidder a second price gives all back, and there is nothing that a rival could outbid.
    assert (native(arm, 2)["proposer"] > 0) is (payment == "first-price")


def test_m4_the_second_price_is_what_the_loser_bid() -> None:
    def paid(payment: Any, losers: int) -> int:
        bids = (("a", 9000), ("b", losers))
        rivals = {name: small.searcher(bid_share_bps=bps) for name, bps in bids}
        arm = hunt(selling(VICTIM), mechanism=BundleAuction(payment=payment), **rivals)
        assert arm.rows("sandwiches")[0]["agent"] == "a"
        return -gains(arm, "attacker")

    assert paid("first-price", 3000) == paid("first-price", 6000)
    low, high = paid("second-price", 3000), paid("second-price", 6000)
    assert low < high < paid("first-price", 6000)
    profit = competition.full_tip(high - low, 0)  # both differ by 30 % of the expected profit
    assert profit > 0


def test_m4_who_wins_makes_no_difference_to_the_victim() -> None:
    outs = set()
    for bids in ((9000, 1000), (1000, 9000)):
        rivals = {
            name: small.searcher(bid_share_bps=bps)
            for name, bps in zip(("a", "b"), bids, strict=True)
        }
        arm = hunt(selling(VICTIM), mechanism=BundleAuction(), **rivals)
        outs.add(arm.rows("sandwiches")[0]["victim_out"])
    assert len(outs) == 1


# --- M5: a private route -------------------------------------------------------------------------


def test_m5_a_private_order_gets_the_clean_quote_and_a_failing_one_costs_nothing() -> None:
    arm = hunt(selling(VICTIM), mechanism=Private(), searcher=small.searcher())
    assert got(arm) == [cpmm.amount_out(VICTIM, WETH, USDC)]
    assert not arm.rows("bundles")
    hopeless = selling(VICTIM, min_amount_out=USDC)
    arm = hunt(hopeless, mechanism=Private(), searcher=small.searcher())
    assert native(arm, 2)["retail"] == native(arm, 0)["retail"]
    assert executed(arm) == []


# --- M9: encrypted orders ------------------------------------------------------------------------


def test_m9_nobody_can_stand_before_what_is_encrypted() -> None:
    arm = hunt(selling(VICTIM), mechanism=CommitReveal(), searcher=small.searcher())
    assert executed(arm, 1) == []
    assert executed(arm, 2)[0] == ("retail", "swap", True)
    assert not arm.rows("sandwiches")
    assert got(arm) == [cpmm.amount_out(VICTIM, WETH, USDC)]


# --- M10: first come, first served ---------------------------------------------------------------


@pytest.mark.parametrize("via", ["bundle", "transactions"])
def test_m10_who_has_to_see_an_order_first_comes_behind_it(via: Any) -> None:
    arm = hunt(selling(VICTIM, tip=0), mechanism=Fifo(), searcher=small.searcher(via=via))
    assert executed(arm)[0] == ("retail", "swap", True)
    assert got(arm)[0] == cpmm.amount_out(VICTIM, WETH, USDC)
    assert not arm.rows("sandwiches")


# --- M11, M14: mechanisms of one's own ------------------------------------------------------------

OWN = Path(__file__).with_name("own_mechanisms.py")


@dataclass(frozen=True)
class Lanes:
    """Two arbitrageurs, of whom one has the express lane."""

    holder: str

    def play(self) -> Arm:
        from tests.scenarios.own_mechanisms import ExpressLane

        rivals = {
            name: Arbitrageur(capital=small.CAPITAL, tip_gwei=tip)
            for name, tip in (("one", "1"), ("two", "9"))
        }
        agents = {"retail": small.retail(), **rivals}
        scenario = small.scenario(
            agents=agents, blocks=25, mechanism=ExpressLane(holder=self.holder)
        )
        done = run(scenario, seed=3)
        assert done.summary().closes
        return done.arms[0]


@pytest.mark.parametrize(("holder", "other"), [("one", "two"), ("two", "one")])
def test_m11_the_express_lane_wins_every_race_whatever_others_tip(holder: str, other: str) -> None:
    arm = Lanes(holder).play()
    raced = 0
    for block in range(1, 26):
        rows = [row for row in executed(arm, block) if row[0] != "retail"]
        if {who for who, _, _ in rows} == {"one", "two"}:
            raced += 1
            assert rows[0][0] == holder
    assert raced > 3
    wins = [len(got(arm, who)) for who in (holder, other)]
    assert wins[0] > wins[1]


def test_m14_an_auction_of_the_blocks_top_alone_leaves_no_room_for_a_sandwich() -> None:
    from tests.scenarios.own_mechanisms import TopOfBlock

    arm = hunt(selling(VICTIM, tip=10**9), mechanism=TopOfBlock(), searcher=small.searcher())
    reasons = {row["reason"] for row in arm.rows("bundles")}
    assert reasons == {"the top of the block holds no orders of users"}
    assert got(arm) == [cpmm.amount_out(VICTIM, WETH, USDC)]

    def capture(view: Any, me: Any, setup: Any) -> list[Bundle]:
        swap = setup.router("main").swap(
            me, pool=setup.pool("main"), token_in="WETH", amount_in=ETHER, min_amount_out=0
        )
        return [Bundle(legs=(replace(swap, max_priority_fee_per_gas=1),))]

    top = Scripted(script=capture, searches=True)
    arm = hunt(selling(VICTIM, tip=10**9), mechanism=TopOfBlock(), top=top)
    assert [who for who, _, _ in executed(arm)] == ["top", "retail"]


def test_a_mechanism_of_ones_own_needs_less_than_thirty_lines(tmp_path: Path) -> None:
    lines = [line for line in OWN.read_text("utf-8").splitlines() if line.strip()]
    starts = [at for at, line in enumerate(lines) if line.startswith("class ")]
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        assert end - start < 30
    assert len(lines) < 60


# --- M12: a verifiable sequencing rule ------------------------------------------------------------


def test_m12_a_purchase_a_victims_and_a_sale_cannot_stand_in_this_order() -> None:
    buyer, seller = unconditional("USDC", 5000 * 10**6), unconditional("WETH", 2 * ETHER)
    victim = unconditional("USDC", 9000 * 10**6)
    for order in permutations((("a", buyer), ("v", victim), ("z", seller))):
        scenario = small.scenario(agents=dict(order), blocks=1, mechanism=GreedySequencing())
        sides = [who == "z" for who, _, _ in executed(run(scenario, seed=1).arms[0])]
        # Purchase, purchase, sale is what a sandwich needs.
        assert sides != [False, False, True]


# --- M13: a random permutation --------------------------------------------------------------------

RESERVE = 1000 * ETHER


def six_orders(a: int, v: int) -> Fraction:
    """The mean gain over the six orders of two unconditional legs and a victim, executed."""
    market = Market(venue="exchange", pair="OUT/IN", base_reserve="1000", quote_reserve="1000")
    world = World(
        tokens={"OUT": Token(), "IN": Token()},
        venues={"exchange": Venue(fee_bps=30)},
        markets={"main": market},
    )
    bought = cpmm.amount_out(a, RESERVE, RESERVE)

    def swap(token: str, amount: int) -> Scripted:
        def script(view: Any, me: Any, setup: Any) -> list[Order]:
            return [Order(me, market="main", token_in=token, amount_in=amount, min_amount_out=0)]

        return Scripted(script=script, funds={"OUT": "1000000", "IN": "1000000"})

    agents = {"buy": swap("IN", a), "victim": swap("IN", v), "sell": swap("OUT", bought)}
    total = Fraction(0)
    for order in permutations(agents):
        scenario = Scenario(
            world=world,
            agents=agents,
            blocks=1,
            mechanism=Manual(order=order),
            gas=Gas(base_fee_gwei="0", native_price="1"),
        )
        arm = run(scenario, seed=1).arms[0]
        (pool,) = arm.at_block("pools", 1)
        mid = Fraction(int(pool["quote_reserve"]), int(pool["base_reserve"]))
        total += got(arm, "sell")[0] - a + (got(arm, "buy")[0] - bought) * mid
    return total / 6


@pytest.mark.parametrize(
    ("v", "a", "told"), [(10, 10, "-0.05929"), (50, 10, "-0.05900"), (200, 100, "0.0869")]
)
def test_m13_the_mean_over_the_six_orders_is_that_of_the_theory(v: int, a: int, told: str) -> None:
    """What is bought beyond, or less than, what is sold is valued at the pool's price after the block."""
    mean = six_orders(a * ETHER, v * ETHER) / ETHER
    theory = competition.random_order_mean(a, v, 1000)
    assert abs(mean - theory) < Fraction(1, 10**15)
    digits = len(told.rpartition(".")[2])
    assert round(float(mean), digits) == float(told)


LISTS = list(permutations(("searcher", "retail", "searcher")))


def test_m13_legs_with_limits_sandwich_in_one_order_of_six() -> None:
    counts = []
    for order in LISTS:
        arm = hunt(
            selling(VICTIM),
            mechanism=Manual(order=order),
            searcher=small.searcher(via="transactions"),
        )
        counts.append(len(arm.rows("sandwiches")))
    # The searcher's two legs keep their order by their nonces: two of the six lists say the same.
    assert counts == [order == ("searcher", "retail", "searcher") for order in LISTS]
    assert sum(counts) == 2


# --- invariants ------------------------------------------------------------------------------------


def test_a_reverted_transaction_changes_only_its_senders_nonce_and_money() -> None:
    def fail(view: Any, me: Any, setup: Any) -> Sequence[Order]:
        fields = {"market": "main", "token_in": "WETH", "amount_in": ETHER, "tip": 10**9}
        return [Order(me, min_amount_out=USDC, **fields)] if view.block == 1 else []

    arm = hunt(Scripted(script=fail), mechanism=Priority())
    (failed,) = [row for row in arm.rows("transactions") if row["block"] == 1]
    assert not failed["status"]
    held = [
        {(r["agent"], r["token"]): int(r["amount"]) for r in arm.at_block("balances", block)}
        for block in (0, 1)
    ]
    change = {key: wei - held[0].get(key, 0) for key, wei in held[1].items()}
    changed = {key: wei for key, wei in change.items() if wei}
    fee = failed["gas_used"] * failed["effective_gas_price"]
    assert changed == {("retail", "ETH"): -fee, ("builder", "ETH"): int(failed["tip"])}


def test_m12_the_rule_waits_for_a_senders_turn_and_then_takes_the_rest() -> None:
    """One sender's purchase has the nonce before its sale; the rule would have the sale first."""

    def both(view: Any, me: Any, setup: Any) -> list[Order]:
        if view.block > 1:
            return []
        fields = {"market": "main", "min_amount_out": 0, "tip": 10**9}
        nonce = view.nonce(me)
        return [
            Order(me, token_in="USDC", amount_in=5000 * 10**6, nonce=nonce, **fields),
            Order(me, token_in="WETH", amount_in=2 * ETHER, nonce=nonce + 1, **fields),
        ]

    first = unconditional("USDC", 9000 * 10**6)
    scenario = small.scenario(
        agents={"first": first, "both": Scripted(script=both)},
        blocks=1,
        mechanism=GreedySequencing(),
    )
    arm = run(scenario, seed=1).arms[0]
    assert [who for who, _, _ in executed(arm)] == ["first", "both", "both"]
    assert arm.at_block("blocks", 1)[0]["waiting"] == 0
