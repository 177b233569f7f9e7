"""What users do against attacks, each by an attacker who would have gained from it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

import pytest

from dexsim import cpmm
from dexsim.agents import Trader
from dexsim.agents.splitting import Parcels
from dexsim.blockspace.fees import Gas
from dexsim.blockspace.mechanisms import BundleAuction, CommitReveal, Priority
from dexsim.errors import ScenarioError
from dexsim.market.world import Market, Token, Venue, Weth
from dexsim.prices import Constant
from dexsim.results.arm import Arm, Row
from dexsim.results.measures import MEASURES
from dexsim.scenario.run import run
from tests.scenarios import small

BLOCKS = 40
E18 = 10**18


def played(mechanism: Any = None, *, hunted: bool = True, **changes: Any) -> Arm:
    """One user, who sells or buys about 10 of 1000 WETH every other block, and a searcher."""
    retail = Trader(
        **{"trades_per_block": "0.5", "median_size": "10", "slippage_bps": 300, **changes}
    )
    searcher = small.searcher(capital={"WETH": "2000", "USDC": "4000000"})
    agents = {"retail": retail} | ({"searcher": searcher} if hunted else {})
    described = small.scenario(
        world=small.world(prices={"WETH": Constant(price="2000")}),
        agents=agents,
        blocks=BLOCKS,
        mechanism=mechanism or BundleAuction(),
        gas=Gas(base_fee_gwei="10", native_price="2000"),
    )
    done = run(described, seed=4)
    assert done.summary().closes
    return done.arms[0]


def wishes(arm: Arm) -> list[Any]:
    names = ("arrival_ms", "account", "token_in", "amount_in")
    return [tuple(row[name] for name in names) for row in arm.rows("orders")]


def retail(arm: Arm) -> list[Row]:
    return [row for row in arm.rows("swaps") if row["role"] == "trader"]


@pytest.fixture(scope="module")
def hunted() -> Arm:
    """Always 300 bps."""
    return played()


def test_at_300_bps_nearly_every_order_is_sandwiched(hunted: Arm) -> None:
    assert len(retail(hunted)) > 12
    assert len(hunted.rows("sandwiches")) > len(retail(hunted)) * 3 // 4


def test_at_the_break_even_slippage_no_order_is_sandwiched_m3_m15(hunted: Arm) -> None:
    """M3, M15: a limit at or below the break-even leaves an attack nothing; the price is a revert
    where somebody comes first by chance."""
    safe = played(slippage="break-even")
    assert wishes(safe) == wishes(hunted)
    assert safe.rows("sandwiches") == []
    assert {row["slippage_bps"] for row in safe.rows("orders")} != {300}
    first = [row for row in retail(safe) if row["position"] == 0]
    assert len(first) > 10
    assert all(row["amount_out"] == row["quoted_out"] for row in first)
    failed = [row for row in safe.rows("transactions") if not row["status"]]
    assert len(failed) == MEASURES["retail_failures"](safe) > 0
    assert all(row["position"] > 0 for row in failed)


def test_the_break_even_is_that_of_the_order_s_reserves_and_the_block_s_gas() -> None:
    arm = played(slippage="break-even", slippage_bps=10_000, hunted=False)
    sold = [row for row in arm.rows("orders") if row["token_in"] == "WETH"]
    assert len(sold) > 5
    for row in sold:
        (pool,) = arm.at_block("pools", row["block"] - 1)
        cost = 100_000 * 10 * 10**9  # in WETH, which is native money's price
        expected = cpmm.break_even_slippage_bps(row["amount_in"], pool["base_reserve"], cost - 1)
        assert row["slippage_bps"] == expected


def test_no_attack_costs_as_little_gas_as_users_reckon_with(hunted: Arm) -> None:
    legs = defaultdict(list)
    for row in hunted.rows("transactions"):
        if row["agent"] == "searcher":
            legs[row["block"]].append(row["gas_used"])
    assert len(legs) > 10
    assert min(map(sum, legs.values())) > Trader().attack_gas


@pytest.mark.parametrize(
    "changes",
    [
        {"slippage": "break-even"},
        {"split_parts": "auto", "slippage_bps": 10_000, "trades_per_block": "0.2"},
    ],
)
def test_safe_swaps_of_one_direction_are_together_one_victim_that_is_not(
    changes: dict[str, Any],
) -> None:
    attacks = played(count=8, **changes).rows("sandwiches")
    assert attacks
    assert all(row["victims"] > 1 for row in attacks)


def test_a_least_tolerance_leaves_room_for_drift_and_for_an_attack(hunted: Arm) -> None:
    arm = played(slippage="break-even", least_slippage_bps=200)
    assert {row["slippage_bps"] for row in arm.rows("orders")} <= set(range(200, 301))
    assert arm.rows("sandwiches")


def test_parts_below_the_threshold_are_not_sandwiched_at_any_tolerance_m15(hunted: Arm) -> None:
    """M15: splitting below u1*X, one part a block, removes the sandwich."""
    arm = played(split_parts="auto", trades_per_block="0.05", slippage_bps=10_000)
    assert arm.rows("sandwiches") == []
    rows = arm.rows("orders")
    assert len(rows) > 8
    by_block = defaultdict(list)
    for row in rows:
        by_block[row["block"]].append(row)
        (pool,) = arm.at_block("pools", row["block"] - 1)
        reserve = pool["base_reserve" if row["token_in"] == "WETH" else "quote_reserve"]
        assert row["amount_in"] <= cpmm.immune_amount(reserve)
    assert all(len(each) == 1 for each in by_block.values())


def test_parts_sum_to_the_wish_and_are_equal_but_for_a_wei() -> None:
    changes: Mapping[str, Any] = {"trades_per_block": "0.1", "hunted": False}
    whole, parts = played(**changes), played(**changes, split_parts=3)
    first = whole.rows("orders")[0]
    cut = [row["amount_in"] for row in parts.rows("orders")[:3]]
    assert sum(cut) == first["amount_in"]
    assert max(cut) - min(cut) <= 1
    assert cut == sorted(cut, reverse=True)
    blocks = [row["block"] for row in parts.rows("orders")]
    assert len(set(blocks)) == len(blocks)
    assert blocks[:3] == [first["block"] + each for each in range(3)]


def test_each_part_is_quoted_anew_and_the_path_costs_fee_and_gas_m15() -> None:
    """M15: the parts' outputs are those of the pool one after the other, less than of one swap."""
    changes: Mapping[str, Any] = {"trades_per_block": "0.05", "hunted": False}
    whole, parts = played(**changes), played(**changes, split_parts=4)
    wish = whole.rows("swaps")[0]
    first = [row for row in parts.rows("swaps") if row["token_in"] == wish["token_in"]][:4]
    assert sum(row["amount_in"] for row in first) == wish["amount_in"]
    sells = wish["token_in"] == "WETH"
    x, y = (1000 * E18, 2_000_000 * 10**6)[:: 1 if sells else -1]
    for row in first:
        out = cpmm.amount_out(row["amount_in"], x, y)
        assert row["quoted_out"] == row["amount_out"] == out
        x, y = x + row["amount_in"], y - out
    assert sum(row["amount_out"] for row in first) < wish["amount_out"]
    assert sum(row["gas_cost"] for row in first) > 3 * wish["gas_cost"]


def test_a_part_waits_until_the_one_before_is_in_a_block() -> None:
    arm = played(CommitReveal(delay_blocks=2), split_parts=3, trades_per_block="0.05", hunted=False)
    blocks = [row["block"] for row in arm.rows("orders")][:3]
    included = [row["block"] for row in retail(arm)][:2]
    assert len(blocks) == 3
    assert all(after > before for before, after in zip(included, blocks[1:], strict=True))


def test_a_private_order_gets_its_quote_to_the_wei_m5(hunted: Arm) -> None:
    """M5: an attacker without a view has nothing to attack; the victim gets the clean quote."""
    arm = played(visibility="private")
    assert wishes(arm) == wishes(hunted)
    assert arm.rows("sandwiches") == []
    alone = [each for each in retail(arm) if each["position"] == 0]
    assert len(alone) > 10
    assert all(row["amount_out"] == row["quoted_out"] for row in alone)


@pytest.mark.parametrize("visibility", ["hint", "encrypted"])
def test_what_is_hinted_at_or_encrypted_is_not_sandwiched(visibility: str, hunted: Arm) -> None:
    mechanism = CommitReveal() if visibility == "encrypted" else BundleAuction()
    arm = played(mechanism, visibility=visibility)
    assert wishes(arm) == wishes(hunted)
    assert arm.rows("sandwiches") == []
    assert len(retail(arm)) > 10


def test_a_private_order_goes_to_the_builders_that_are_named() -> None:
    told = BundleAuction(builders=("alpha", "beta"))
    arm = played(told, visibility="private", builders=("beta",), hunted=False)
    by_block = {row["block"]: row["builder"] for row in arm.rows("blocks")}
    assert {by_block[row["block"]] for row in retail(arm)} == {"beta"}


def test_the_same_orders_come_under_the_priority_mechanism_too() -> None:
    arm = played(Priority(), slippage="break-even")
    assert arm.rows("sandwiches") == []
    assert retail(arm)


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"visibility": "public", "builders": ("alpha",)}, "builders"),
        ({"route": "split", "split_parts": 2}, "split_parts"),
        ({"slippage_bps": 10, "least_slippage_bps": 11}, "least_slippage_bps"),
        ({"split_parts": 0}, "split_parts"),
        ({"split_parts": "automatic"}, "split_parts"),
        ({"slippage": "tight"}, "slippage"),
        ({"visibility": "secret"}, "visibility"),
    ],
)
def test_what_a_trader_cannot_do_is_refused_by_name(changes: dict[str, Any], key: str) -> None:
    with pytest.raises(ScenarioError) as raised:
        Trader(**changes)
    assert str(raised.value.key).startswith(key)


def test_rules_that_need_a_shape_are_refused_where_it_is_not_known() -> None:
    class Unknown:
        fee_bps = None
        market = "main"

    with pytest.raises(ScenarioError, match="shape of its own"):
        Parcels(Unknown(), None, "auto")  # type: ignore[arg-type]


TWO = {
    "a": Market(venue="a", pair="WETH/USDC", base_reserve="750", quote_reserve="1500000"),
    "b": Market(venue="b", pair="WETH/USDC", base_reserve="250", quote_reserve="500000"),
}


def routed(route: str, **changes: Any) -> Arm:
    world = small.world(
        tokens={"WETH": Weth(), "USDC": Token(decimals=6)},
        venues={"a": Venue(fee_bps=30), "b": Venue(fee_bps=30)},
        markets=TWO,
        prices={"WETH": Constant(price="2000")},
    )
    users = Trader(trades_per_block="0.3", median_size="5", count=2, route=route, **changes)
    return run(small.scenario(world=world, agents={"retail": users}), seed=2).arms[0]


def test_users_who_are_spread_are_at_home_by_turns() -> None:
    places = {(row["account"], row["market"]) for row in routed("home", spread=True).rows("orders")}
    assert places == {("retail 1", "a"), ("retail 2", "b")}


def test_who_takes_the_best_pool_gets_the_best_quote() -> None:
    arm = routed("best")
    assert {row["market"] for row in arm.rows("orders")} == {"a", "b"}
    for row in arm.rows("orders"):
        pools = {each["market"]: each for each in arm.at_block("pools", row["block"] - 1)}
        quotes = {}
        for name, pool in pools.items():
            sides = (pool["base_reserve"], pool["quote_reserve"])
            sells = row["token_in"] == "WETH"
            quotes[name] = cpmm.amount_out(row["amount_in"], *sides[:: 1 if sells else -1])
        assert quotes[row["market"]] == max(quotes.values())


def test_who_splits_over_pools_of_one_price_gets_what_the_merged_pool_gives() -> None:
    arm = routed("split")
    blocks = sorted({row["block"] for row in arm.rows("swaps")})
    first = [row for row in arm.rows("swaps") if row["block"] == blocks[0]][:2]
    assert {row["market"] for row in first} == {"a", "b"}
    amount = sum(row["amount_in"] for row in first)
    sells = first[0]["token_in"] == "WETH"
    merged = cpmm.amount_out(amount, *(1000 * E18, 2 * 10**12)[:: 1 if sells else -1])
    out = sum(row["amount_out"] for row in first)
    tolerance = 2 if sells else 2 * 10**9  # a wei of USDC costs 5 * 10**8 wei of WETH
    assert 0 <= merged - out <= tolerance
