"""Buyers of an exact output, at home and over several pools."""

from __future__ import annotations

from typing import Any

import pytest

from dexsim import cpmm
from dexsim.agents import Buyer
from dexsim.errors import ScenarioError
from dexsim.market.world import Market, Venue
from dexsim.prices import Constant
from dexsim.results.arm import Row
from dexsim.scenario.run import run
from tests.scenarios import small

E18, USDC = 10**18, 10**6
DEEP = (1_500_000 * USDC, 750 * E18)
CHEAP = (490_000 * USDC, 250 * E18)


def purchases(blocks: int = 1, fee_bps: int = 30, **changes: Any) -> list[Row]:
    """A deep pool at 2000, and a small one at 1960."""
    world = small.world(
        venues={"a": Venue(fee_bps=30), "b": Venue(fee_bps=fee_bps)},
        markets={
            "deep": Market(
                venue="a", pair="WETH/USDC", base_reserve="750", quote_reserve="1500000"
            ),
            "cheap": Market(
                venue="b", pair="WETH/USDC", base_reserve="250", quote_reserve="490000"
            ),
        },
        prices={"WETH": Constant(price="2000")},
    )
    buyer = Buyer(**{"wants": "10", "budget": "1000000", **changes})
    done = run(small.scenario(world=world, agents={"buyer": buyer}, blocks=blocks), seed=1)
    assert done.summary().closes
    return done.arms[0].rows("swaps")


def paid(rows: list[Row]) -> dict[str, int]:
    return {row["market"]: row["amount_in"] for row in rows}


def test_at_home_a_purchase_costs_what_the_pool_asks() -> None:
    rows = purchases()
    assert paid(rows) == {"deep": cpmm.amount_in(10 * E18, *DEEP)}
    assert rows[0]["amount_out"] >= 10 * E18


def test_the_best_pool_is_the_one_that_asks_least() -> None:
    assert paid(purchases(route="best", wants="1")) == {"cheap": cpmm.amount_in(E18, *CHEAP)}
    assert paid(purchases(route="best", wants="100")) == {"deep": cpmm.amount_in(100 * E18, *DEEP)}


def test_a_split_purchase_buys_in_each_pool_what_makes_it_cheapest() -> None:
    rows = purchases(route="split")
    parts = cpmm.cheapest_split(10 * E18, [DEEP, CHEAP])
    asked = [cpmm.amount_in(t, *pool) for t, pool in zip(parts, (DEEP, CHEAP), strict=True)]
    assert min(parts) > 0
    assert paid(rows) == dict(zip(("deep", "cheap"), asked, strict=True))
    assert sum(row["amount_out"] for row in rows) >= 10 * E18
    assert sum(asked) < min(cpmm.amount_in(10 * E18, *pool) for pool in (DEEP, CHEAP))


def test_where_the_money_runs_short_all_of_it_is_spent() -> None:
    rows = purchases(blocks=4, budget="30000")
    assert len(rows) == 2
    assert sum(row["amount_in"] for row in rows) == 30_000 * USDC


def test_what_the_pools_do_not_hold_is_not_bought() -> None:
    assert purchases(wants="750") == []
    assert purchases(wants="1000", route="split") == []
    assert purchases(wants="800", route="best") == []


def test_a_buyer_spends_an_amount_over_several_pools() -> None:
    rows = purchases(wants=None, amount="20000", route="split")
    parts = cpmm.optimal_split(20_000 * USDC, [DEEP, CHEAP])
    assert paid(rows) == dict(zip(("deep", "cheap"), parts, strict=True))


@pytest.mark.parametrize("changes", [{"amount": "1"}, {"wants": None}])
def test_a_buyer_says_what_to_pay_or_what_to_get(changes: dict[str, Any]) -> None:
    with pytest.raises(ScenarioError, match="one of amount and wants") as raised:
        purchases(**changes)
    assert raised.value.key == "amount"


def test_a_route_needs_pools_of_one_fee() -> None:
    with pytest.raises(ScenarioError, match="pools of one fee, and not all of deep, cheap are"):
        purchases(route="split", fee_bps=5)
    assert paid(purchases(fee_bps=5))
