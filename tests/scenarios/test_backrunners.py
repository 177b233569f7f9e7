"""Back-runners: gaps between pools and to the outside, behind what can be read and what is hinted at."""

from __future__ import annotations

from typing import Any

import pytest

from dexsim import cpmm
from dexsim.agents import Backrunner
from dexsim.blockspace.builder import PAYMENT_GAS
from dexsim.blockspace.mechanisms import BundleAuction, CommitReveal, MevShare, Priority
from dexsim.blockspace.orders import Order
from dexsim.errors import ScenarioError
from dexsim.market.world import Market, Token, Venue, Weth
from dexsim.prices import Constant
from dexsim.results.arm import Arm
from dexsim.scenario.run import run
from tests.scenarios import small
from tests.scenarios.nasty import Scripted

ETHER = 10**18
DOLLAR = 10**6
X, Y = 1000 * ETHER, 2_000_000 * DOLLAR
ALL_TOLD = ("market", "token_in", "amount_in")


def two_pools(**changes: Any) -> Any:
    """The same pair at two venues, and a price outside that does not move."""
    markets = {
        name: Market(venue=venue, pair="WETH/USDC", base_reserve="1000", quote_reserve="2000000")
        for name, venue in (("main", "exchange"), ("second", "rival"))
    }
    fields = {
        "venues": {"exchange": Venue(fee_bps=30), "rival": Venue(fee_bps=30)},
        "markets": markets,
        "prices": {"WETH": Constant(price="2000")},
    }
    return small.world(**(fields | changes))


def selling(*amounts: int, token: str = "WETH", tip: int = 10**9) -> Scripted:
    """Sells these amounts in the first block."""

    def script(view: Any, me: Any, setup: Any) -> list[Order]:
        fields = {"market": "main", "token_in": token, "slippage_bps": 500, "tip": tip}
        return [Order(me, amount_in=amount, **fields) for amount in amounts if view.block == 1]

    return Scripted(script=script)


def backrunner(**changes: Any) -> Backrunner:
    return Backrunner(**({"capital": small.CAPITAL, "against": "pools"} | changes))


def play(mechanism: Any, *, world: Any = None, blocks: int = 2, **agents: Any) -> Arm:
    scenario = small.scenario(
        world=world or two_pools(), agents=agents, blocks=blocks, mechanism=mechanism
    )
    done = run(scenario, seed=1)
    assert done.summary().closes
    return done.arms[0]


def trades(arm: Arm, agent: str = "searcher") -> list[dict[str, Any]]:
    return [row for row in arm.rows("swaps") if row["agent"] == agent]


def parts(arm: Arm) -> list[tuple[str, str, int]]:
    return [(row["kind"], row["part"], row["position"]) for row in arm.rows("attacks")]


def best_cycle(sold: int) -> cpmm.Cycle:
    """From USDC, behind a sale of WETH in the first of two equal pools: buy there, sell in the second."""
    x, y = cpmm.swap(sold, X, Y)
    return cpmm.optimal_cycle([(y, x), (X, Y)])


def test_behind_a_swap_that_it_reads_it_takes_the_gap_between_two_pools_to_the_wei() -> None:
    for_quote = backrunner(capital={"USDC": "400000"})
    arm = play(BundleAuction(), retail=selling(20 * ETHER), searcher=for_quote)
    first, last = trades(arm)
    best = best_cycle(20 * ETHER)
    assert int(first["amount_in"]) == best.amount_in
    assert (int(first["amount_out"]), int(last["amount_out"])) == best.amounts_out
    assert (first["market"], last["market"]) == ("main", "second")
    assert parts(arm) == [("backrun", "victim", 0), ("backrun", "backrun", 1)]
    effects = [row for row in arm.rows("effects") if row["part"] == "attacker"]
    assert {r["token"]: int(r["amount"]) for r in effects if r["token"] == "USDC"} == {
        "USDC": best.profit
    }


def test_what_misses_the_gas_and_the_bid_is_not_sent_or_does_not_land() -> None:
    """Two pools of 30 bps: up to a gap of 60.271 bp nothing gains (A6)."""
    arm = play(BundleAuction(), retail=selling(2 * ETHER), searcher=backrunner())
    assert not arm.rows("bundles")
    arm = play(BundleAuction(), retail=selling(5 * ETHER), searcher=backrunner())
    assert [row["landed"] for row in arm.rows("bundles")] == [True]


def test_a_gap_that_stands_open_before_the_block_is_taken_with_nobody_in_front() -> None:
    markets = {
        "main": Market(
            venue="exchange", pair="WETH/USDC", base_reserve="1000", quote_reserve="2000000"
        ),
        "second": Market(
            venue="rival", pair="WETH/USDC", base_reserve="1000", quote_reserve="2200000"
        ),
    }
    arm = play(BundleAuction(), world=two_pools(markets=markets), searcher=backrunner())
    best = cpmm.optimal_cycle([(Y, X), (X, Y + Y // 10)])
    assert int(trades(arm)[0]["amount_in"]) == best.amount_in
    assert parts(arm) == [("backrun", "backrun", 0)]
    # A6: 22.934312012472616824 of 1000, in units of a pool of 1000 against 1000 and one of 1100.
    assert abs(best.amount_in - 45_868_624_024) < 2_000


def test_three_pools_of_three_tokens_make_a_cycle() -> None:
    def pool(pair: str, base: str, quote: str) -> Market:
        return Market(venue="exchange", pair=pair, base_reserve=base, quote_reserve=quote)

    world = small.world(
        tokens={"WETH": Weth(), "USDC": Token(decimals=6), "DAI": Token()},
        markets={
            "main": pool("WETH/USDC", "1000", "2000000"),
            "dai": pool("WETH/DAI", "1000", "2000000"),
            "stable": pool("USDC/DAI", "1000000", "1000000"),
        },
        prices={"WETH": Constant(price="2000")},
    )
    arm = play(
        BundleAuction(),
        world=world,
        retail=selling(30 * ETHER),
        searcher=backrunner(capital={"USDC": "400000"}),
    )
    (row,) = [row for row in arm.rows("attacks") if row["part"] == "backrun"]
    own = [each for each in trades(arm) if each["tx_hash"] == row["tx_hash"]]
    assert {each["market"] for each in own} == {"main", "dai", "stable"}
    dai = 2_000_000 * ETHER
    stable = (1_000_000 * DOLLAR, 1_000_000 * ETHER)
    x, y = cpmm.swap(30 * ETHER, X, Y)
    best = cpmm.optimal_cycle([(y, x), (X, dai), (stable[1], stable[0])])
    assert [each["market"] for each in own] == ["main", "dai", "stable"]
    assert int(own[0]["amount_in"]) == best.amount_in
    assert tuple(int(each["amount_out"]) for each in own) == best.amounts_out


def test_against_the_outside_price_it_sells_what_closes_the_gap() -> None:
    one = {
        "main": Market(
            venue="exchange", pair="WETH/USDC", base_reserve="1000", quote_reserve="2000000"
        )
    }
    outside = backrunner(against="outside")
    arm = play(
        BundleAuction(), world=two_pools(markets=one), retail=selling(20 * ETHER), searcher=outside
    )
    held = cpmm.swap(20 * ETHER, X, Y)
    sells_base, amount = cpmm.arbitrage(*held, 2000 * DOLLAR, ETHER)
    (row,) = trades(arm)
    assert (row["token_in"] == "WETH", int(row["amount_in"])) == (sells_base, amount)
    assert parts(arm) == [("backrun", "victim", 0), ("backrun", "backrun", 1)]


def test_no_more_is_put_in_than_the_contract_has() -> None:
    poor = backrunner(capital={"USDC": "1000"})
    arm = play(BundleAuction(), retail=selling(20 * ETHER), searcher=poor)
    x, y = cpmm.swap(20 * ETHER, X, Y)
    best = cpmm.optimal_cycle([(y, x), (X, Y)], max_in=1000 * DOLLAR)
    assert int(trades(arm)[0]["amount_in"]) == best.amount_in <= 1000 * DOLLAR


def test_behind_several_victims_each_bundle_counts_on_those_before_it() -> None:
    arm = play(BundleAuction(), retail=selling(20 * ETHER, 10 * ETHER), searcher=backrunner())
    assert [row["landed"] for row in arm.rows("bundles")] == [True, True]
    assert len(arm.rows("attacks")) == 4


@pytest.mark.parametrize("mechanism", [Priority(), CommitReveal()], ids=lambda each: each.kind)
def test_in_the_open_it_stands_behind_all_that_it_can_read(mechanism: Any) -> None:
    """A back-run needs no bundle; under commit-reveal it still works, once the order is open (M9)."""
    open_ = backrunner(via="transactions", capital={"USDC": "400000"})
    arm = play(mechanism, retail=selling(20 * ETHER, 10 * ETHER), searcher=open_, blocks=3)
    assert [row["part"] for row in arm.rows("attacks")] == ["victim", "victim", "backrun"]
    first = trades(arm)[0]
    best = best_cycle_behind(20 * ETHER, 10 * ETHER)
    assert int(first["amount_in"]) == best.amount_in


@pytest.mark.parametrize("doomed", [False, True])
def test_in_the_open_it_counts_on_nobody_whose_limit_will_have_passed(doomed: bool) -> None:
    """Behind a sale of 20 WETH another of 10 fails, unless it may lose to that."""

    def script(view: Any, me: Any, setup: Any) -> list[Order]:
        fields = {"market": "main", "token_in": "WETH"}
        limits = {20: (500, 2 * 10**9), 10: (0 if doomed else 900, 10**9)}
        return [
            Order(me, amount_in=amount * ETHER, slippage_bps=slippage, tip=tip, **fields)
            for amount, (slippage, tip) in limits.items()
            if view.block == 1
        ]

    searcher = backrunner(capital={"USDC": "400000"}, via="transactions")
    arm = play(Priority(), retail=Scripted(script=script), searcher=searcher)
    best = best_cycle_behind(20 * ETHER) if doomed else best_cycle_behind(20 * ETHER, 10 * ETHER)
    assert int(trades(arm)[0]["amount_in"]) == best.amount_in
    fates = [row["status"] for row in arm.rows("transactions") if row["agent"] == "retail"]
    assert fates == [True, not doomed]


@pytest.mark.parametrize("others", [(3, 2), (2, 3)])
def test_in_the_open_it_offers_no_more_than_the_least_whom_it_follows(
    others: tuple[int, int],
) -> None:
    def script(view: Any, me: Any, setup: Any) -> list[Order]:
        fields = {"market": "main", "token_in": "WETH", "slippage_bps": 900}
        return [
            Order(me, amount_in=10 * ETHER, tip=tip * 10**9, **fields)
            for tip in others
            if view.block == 1
        ]

    searcher = backrunner(capital={"USDC": "400000"}, via="transactions")
    arm = play(Priority(), retail=Scripted(script=script), searcher=searcher)
    assert int(trades(arm)[0]["amount_in"]) == best_cycle_behind(10 * ETHER, 10 * ETHER).amount_in
    positions = {
        row["agent"]: row["position"] for row in arm.rows("transactions") if row["block"] == 1
    }
    assert positions["searcher"] == 2


def best_cycle_behind(*sold: int) -> cpmm.Cycle:
    held = (X, Y)
    for amount in sold:
        held = cpmm.swap(amount, *held)
    return cpmm.optimal_cycle([held[::-1], (X, Y)])


def test_as_a_bundle_it_finds_nobody_before_an_encrypted_order_is_executed() -> None:
    arm = play(CommitReveal(), retail=selling(20 * ETHER), searcher=backrunner(), blocks=2)
    assert not [row for row in arm.rows("bundles") if row["block"] == 1]
    (late,) = arm.rows("bundles")
    assert (late["landed"], late["paid"]) == (False, 0)


def test_a_bid_goes_to_the_builder_out_of_the_contract() -> None:
    def paid(share: int) -> int:
        searcher = backrunner(bid_share_bps=share, capital={"USDC": "400000"})
        arm = play(BundleAuction(), retail=selling(20 * ETHER), searcher=searcher)
        (row,) = arm.rows("bundles")
        assert row["landed"]
        return int(row["paid"])

    profit = best_cycle(20 * ETHER).profit
    worth = profit * 10**12 // 2000
    assert 0.97 * worth < paid(10_000) - paid(0) <= worth
    # Rounding to a millionth of a dollar, and a few gas of calldata, at the tip of 1 gwei.
    assert abs(2 * (paid(5_000) - paid(2_500)) - (paid(10_000) - paid(5_000))) < 10**12


def shared(sold: int, *, hints: tuple[str, ...], **changes: Any) -> Arm:
    fields = {"bid_share_bps": 10_000, "capital": {"USDC": "400000"}} | changes
    return play(
        MevShare(hints=hints),
        retail=selling(sold),
        searcher=backrunner(**fields),
    )


def test_m6_the_user_gets_the_clean_output_and_nine_tenths_of_the_gap() -> None:
    """M6: the victim's slack is untouched, the back-run is A6's, and 90 % of its bid are refunded."""
    sold = 20 * ETHER
    arm = shared(sold, hints=ALL_TOLD)
    (row,) = [each for each in arm.rows("swaps") if each["agent"] == "retail"]
    clean = cpmm.amount_out(sold, X, Y)
    assert int(row["amount_out"]) == clean > int(row["min_amount_out"])
    # A6 in real numbers: profit (sqrt A - sqrt B)^2 / C.
    x, y = cpmm.swap(sold, X, Y)
    g = 0.997
    a, b, c = g * g * x * Y, y * X, g * (X + g * x)
    best = best_cycle(sold)
    assert abs(best.profit - (a**0.5 - b**0.5) ** 2 / c) < 1e-9 * best.profit + 2
    own = trades(arm)
    assert int(own[-1]["amount_out"]) - int(own[0]["amount_in"]) == best.profit
    (bundle,) = [each for each in arm.rows("bundles") if each["landed"]]
    base_fee = arm.rows("blocks")[1]["base_fee"]
    (leg,) = [each for each in arm.rows("transactions") if each["tx_hash"] == own[0]["tx_hash"]]
    bid = int(bundle["paid"]) - 10**9 * int(
        next(t["gas_used"] for t in arm.rows("transactions") if t["tx_hash"] == row["tx_hash"])
    )
    assert leg["status"]
    assert int(bundle["refund"]) == bid * 9_000 // 10_000 - PAYMENT_GAS * base_fee
    assert bundle["refunded"] == "retail"
    worth = best.profit * 10**12 // 2000
    assert 0.95 * worth < bid <= worth


@pytest.mark.parametrize("sold", [6, 8, 12, 20, 40, 90])
@pytest.mark.parametrize("token", ["WETH", "USDC"])
def test_of_a_ladder_of_guesses_the_right_one_lands_and_the_others_cost_nothing(
    sold: int, token: str
) -> None:
    amount = sold * (ETHER if token == "WETH" else 2_000 * DOLLAR)
    searcher = backrunner(bid_share_bps=5_000)
    arm = play(MevShare(), retail=selling(amount, token=token), searcher=searcher, blocks=1)
    landed = [row["landed"] for row in arm.rows("bundles")]
    assert sum(landed) == 1
    assert len(landed) > 1
    own = trades(arm)
    assert len({row["tx_hash"] for row in own}) == 1
    sent = [row for row in arm.rows("transactions") if row["agent"] == "searcher"]
    assert len(sent) == 1
    gained = int(own[-1]["amount_out"]) - int(own[0]["amount_in"])
    sides = (X, Y) if token == "WETH" else (Y, X)
    x, y = cpmm.swap(amount, *sides)
    cycle = [(y, x), sides] if own[0]["token_in"] != token else [sides, (y, x)]
    best = cpmm.optimal_cycle(cycle).profit
    assert 0.9 * best < gained <= best


def test_without_a_pool_whose_shape_is_known_there_is_nothing_to_watch() -> None:
    with pytest.raises(ScenarioError, match="nowhere"):
        play(BundleAuction(), searcher=backrunner(markets=("nowhere",)))
