"""Back-runners: gaps between pools and to the outside, behind what can be read and what is hinted at."""

from __future__ import annotations

from typing import Any

from dexsim import cpmm
from dexsim.agents import Backrunner
from dexsim.blockspace.mechanisms import BundleAuction
from dexsim.blockspace.orders import Order
from dexsim.market.world import Market, Venue
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
