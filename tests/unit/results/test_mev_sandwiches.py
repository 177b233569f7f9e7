"""Sandwiches in blocks made by hand: those that are, and those that only look like it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dexsim.results.mev import detect
from dexsim.results.mev_records import Detected
from tests.unit.results.mev_tables import E18, ROUTER, Blocks


def sandwiches(blocks: Blocks) -> list[Detected]:
    """What the detector calls sandwiches."""
    return [each for each in detect(blocks.swaps, blocks.liquidity) if each.kind == "sandwich"]


def places(blocks: Blocks) -> list[tuple[tuple[int, ...], ...]]:
    """Positions of front legs, victims and back legs of each."""
    return [(each.fronts, each.victims, each.backs) for each in sandwiches(blocks)]


def test_a_sandwich_through_a_router_is_known_by_who_signed() -> None:
    blocks = Blocks()
    bought = blocks.swap(0, "X", 10 * E18, by="eve")
    blocks.swap(1, "X", 20 * E18, by="ann")
    back = blocks.swap(2, "Y", bought, by="eve")
    blocks.swap(3, "X", E18, by="bob")
    assert sandwiches(blocks) == [
        Detected(
            kind="sandwich",
            block=1,
            markets=("pool XY",),
            actor="eve",
            fronts=(0,),
            victims=(1,),
            backs=(2,),
            token="X",
            gross_profit=back - 10 * E18,
        )
    ]


def test_many_victims_count_and_those_of_the_other_direction_do_not() -> None:
    blocks = Blocks()
    bought = blocks.swap(3, "X", 10 * E18, by="eve")
    for position in range(4, 14):
        blocks.swap(position, "X", 5 * E18, by=f"user {position}")
    blocks.swap(14, "Y", E18, by="seller")
    blocks.swap(15, "Y", bought, by="eve")
    assert places(blocks) == [((3,), tuple(range(4, 14)), (15,))]


def test_a_victim_on_a_route_over_several_pools_counts_where_it_is_enclosed() -> None:
    blocks = Blocks()
    bought = blocks.swap(0, "X", 10 * E18, by="eve")
    other = blocks.swap(1, "Z", 20 * E18, by="ann", to="pool XY", pool="pool ZX")
    blocks.swap(1, "X", other, by="ann")
    blocks.swap(2, "Y", bought, by="eve")
    assert places(blocks) == [((0,), (1,), (2,))]


@pytest.mark.parametrize("signers", [("eve", "eve"), ("eve", "eva")])
def test_an_executor_is_one_actor_whoever_calls_it(signers: tuple[str, str]) -> None:
    blocks = Blocks()
    mine = {"through": "executor", "to": "executor"}
    bought = blocks.swap(0, "X", 10 * E18, by=signers[0], **mine)
    blocks.swap(1, "X", 20 * E18, by="ann")
    blocks.swap(2, "Y", bought, by=signers[1], **mine)
    assert places(blocks) == [((0,), (1,), (2,))]
    assert sandwiches(blocks)[0].actor == "executor"


def test_one_signer_with_two_contracts_is_one_actor() -> None:
    blocks = Blocks()
    bought = blocks.swap(0, "X", 10 * E18, by="eve", through="buyer", to="vault")
    blocks.swap(1, "X", 20 * E18, by="ann")
    blocks.swap(2, "Y", bought, by="eve", through="seller", to="seller")
    assert places(blocks) == [((0,), (1,), (2,))]


def test_two_contracts_and_signers_that_pay_one_vault_are_one_actor() -> None:
    blocks = Blocks()
    bought = blocks.swap(0, "X", 10 * E18, by="eve", through="buyer", to="vault")
    blocks.swap(1, "X", 20 * E18, by="ann")
    blocks.swap(2, "Y", bought, by="eva", through="seller", to="vault")
    assert places(blocks) == [((0,), (1,), (2,))]


def test_a_contract_is_known_where_the_record_holds_neither_signer_nor_recipient() -> None:
    blocks = Blocks()
    bought = blocks.swap(0, "X", 10 * E18, through="bot")
    blocks.swap(1, "X", 20 * E18)
    blocks.swap(5, "X", 3 * E18, called="wallet")
    blocks.swap(7, "Y", bought - 3, through="bot")
    assert places(blocks) == [((0,), (1, 5), (7,))]


def test_a_contract_that_trades_through_a_router_is_known_by_what_was_called() -> None:
    blocks = Blocks()
    bought = blocks.swap(0, "X", 10 * E18, called="bot")
    blocks.swap(1, "X", 20 * E18)
    blocks.swap(2, "Y", bought - 1, called="bot")
    assert places(blocks) == [((0,), (1,), (2,))]


def test_selling_to_the_wei_what_was_bought_gives_away_who_is_not_on_record() -> None:
    blocks = Blocks()
    bought = blocks.swap(0, "X", 10 * E18)
    blocks.swap(1, "X", 20 * E18)
    blocks.swap(2, "Y", bought)
    assert places(blocks) == [((0,), (1,), (2,))]


def test_users_of_one_router_who_are_not_on_record_are_not_one_actor() -> None:
    blocks = Blocks()
    bought = blocks.swap(0, "X", 10 * E18)
    blocks.swap(1, "X", 20 * E18)
    blocks.swap(2, "Y", bought - 1)
    assert not sandwiches(blocks)


@pytest.mark.parametrize("percent", [76, 90, 99, 101, 120])
def test_legs_that_nearly_close_each_other_are_a_sandwich(percent: int) -> None:
    blocks = Blocks()
    bought = blocks.swap(0, "X", 10 * E18, by="eve")
    blocks.swap(1, "X", 20 * E18, by="ann")
    blocks.swap(2, "Y", bought * percent // 100, by="eve")
    assert places(blocks) == [((0,), (1,), (2,))]


@pytest.mark.parametrize("percent", [20, 60, 180])
def test_a_market_maker_whose_trades_do_not_close_each_other_is_none(percent: int) -> None:
    blocks = Blocks()
    bought = blocks.swap(0, "X", 10 * E18, by="maker", through="desk", to="desk")
    blocks.swap(1, "X", 20 * E18, by="ann")
    blocks.swap(2, "Y", bought * percent // 100, by="maker", through="desk", to="desk")
    assert not sandwiches(blocks)


def test_a_market_maker_who_answers_flow_of_both_directions_is_none() -> None:
    blocks = Blocks()
    blocks.swap(0, "X", 10 * E18, by="ann")
    blocks.swap(1, "Y", 8 * E18, by="maker")
    blocks.swap(2, "X", 5 * E18, by="bob")
    blocks.swap(3, "X", 8 * E18, by="maker")
    blocks.swap(4, "Y", 2 * E18, by="cid")
    assert not sandwiches(blocks)


def test_what_was_sold_first_and_bought_back_is_a_sandwich_whose_gain_is_the_rest() -> None:
    blocks = Blocks()
    got = blocks.swap(0, "X", 10 * E18, by="eve")
    blocks.swap(1, "X", 40 * E18, by="ann")
    spent = got * 93 // 100
    blocks.swap(2, "Y", spent, by="eve")
    (found,) = sandwiches(blocks)
    back = blocks.swaps[-1].amount_out
    assert abs(back - 10 * E18) < abs(spent - got)
    assert (found.token, found.gross_profit) == ("Y", got - spent)


def test_split_legs_belong_together() -> None:
    blocks = Blocks()
    bought = blocks.swap(0, "X", 6 * E18, by="eve") + blocks.swap(1, "X", 4 * E18, by="eve")
    blocks.swap(2, "X", 20 * E18, by="ann")
    first = blocks.swap(3, "Y", bought * 8 // 10, by="eve")
    blocks.swap(4, "X", 5 * E18, by="bob")
    second = blocks.swap(5, "Y", bought - bought * 8 // 10, by="eve")
    assert places(blocks) == [((0, 1), (2, 4), (3, 5))]
    assert sandwiches(blocks)[0].gross_profit == first + second - 10 * E18


def test_several_sandwiches_of_one_pool_are_told_apart() -> None:
    blocks = Blocks()
    for start in (0, 3):
        bought = blocks.swap(start, "X", 10 * E18, by="eve")
        blocks.swap(start + 1, "X", 20 * E18, by="ann")
        blocks.swap(start + 2, "Y", bought, by="eve")
    bought = blocks.swap(6, "Y", 30 * E18, by="eve")
    blocks.swap(7, "Y", 20 * E18, by="bob")
    blocks.swap(8, "X", bought, by="eve")
    assert places(blocks) == [((0,), (1,), (2,)), ((3,), (4,), (5,)), ((6,), (7,), (8,))]


def test_sandwiches_of_several_pools_and_attackers_in_one_block_are_told_apart() -> None:
    blocks = Blocks()
    mine = blocks.swap(0, "X", 10 * E18, by="eve")
    yours = blocks.swap(1, "X", 10 * E18, by="mal", pool="pool XZ")
    blocks.swap(2, "X", 20 * E18, by="ann")
    blocks.swap(2, "X", 20 * E18, by="ann", pool="pool XZ")
    blocks.swap(3, "Z", yours, by="mal", pool="pool XZ")
    blocks.swap(4, "Y", mine, by="eve")
    found = sandwiches(blocks)
    assert [(each.actor, each.markets, each.legs, each.victims) for each in found] == [
        ("eve", ("pool XY",), (0, 4), (2,)),
        ("mal", ("pool XZ",), (1, 3), (2,)),
    ]


def test_an_attacker_around_an_attacker_has_that_one_s_front_among_the_victims() -> None:
    blocks = Blocks()
    outer = blocks.swap(0, "X", 10 * E18, by="eve")
    inner = blocks.swap(1, "X", 5 * E18, by="mal")
    blocks.swap(2, "X", 20 * E18, by="ann")
    blocks.swap(3, "Y", inner, by="mal")
    blocks.swap(4, "Y", outer, by="eve")
    assert places(blocks) == [((0,), (1, 2), (4,)), ((1,), (2,), (3,))]


def test_a_round_trip_with_nobody_between_is_none() -> None:
    blocks = Blocks()
    bought = blocks.swap(0, "X", 10 * E18, by="ann")
    blocks.swap(1, "Y", 3 * E18, by="seller")
    blocks.swap(1, "X", 3 * E18, by="elsewhere", pool="pool XZ")
    blocks.swap(2, "Y", bought, by="ann")
    assert not sandwiches(blocks)


def test_legs_in_different_blocks_are_none() -> None:
    blocks = Blocks()
    bought = blocks.swap(0, "X", 10 * E18, by="eve")
    blocks.swap(1, "X", 20 * E18, by="ann")
    blocks.swap(2, "Y", bought, by="eve", block=2)
    assert not sandwiches(blocks)


def test_a_round_trip_that_sells_cheaper_than_it_bought_is_none() -> None:
    blocks = Blocks()
    bought = blocks.swap(0, "X", 10 * E18, by="ann")
    blocks.swap(1, "X", E18 // 10, by="bob")
    blocks.swap(2, "Y", bought, by="ann")
    assert not sandwiches(blocks)


def test_two_users_of_an_unlisted_router_are_not_one_actor() -> None:
    blocks = Blocks()
    bought = blocks.swap(0, "X", 10 * E18, by="ann", through="new router")
    blocks.swap(1, "X", 20 * E18, by="bob")
    blocks.swap(2, "Y", bought, by="cid", through="new router", to="new router")
    assert not sandwiches(blocks)


def test_a_router_that_holds_tokens_to_unwrap_them_is_nobody() -> None:
    blocks = Blocks()
    bought = blocks.swap(0, "X", 10 * E18, by="ann", to=ROUTER)
    blocks.swap(1, "X", 20 * E18, by="bob", to=ROUTER)
    blocks.swap(2, "Y", bought, by="cid", to=ROUTER)
    assert not sandwiches(blocks)


def test_the_actor_s_own_swaps_are_no_victims() -> None:
    blocks = Blocks()
    bought = blocks.swap(0, "X", 10 * E18, by="eve", through="a", to="a")
    blocks.swap(1, "X", 20 * E18, by="eve", through="b", to="b")
    bought += blocks.swaps[-1].amount_out
    blocks.swap(2, "Y", bought, by="eve", through="a", to="a")
    assert not sandwiches(blocks)


def test_cycles_that_close_themselves_are_no_legs() -> None:
    blocks = Blocks()
    blocks.swap(0, "X", 20 * E18, by="whale", pool="pool YX")
    got = blocks.swap(1, "X", 10 * E18, by="arb")
    assert blocks.swap(1, "Y", got, by="arb", pool="pool YX") > 10 * E18
    blocks.swap(2, "X", 50 * E18, by="ann")
    back = blocks.swap(3, "Y", got, by="arb")
    assert blocks.swap(3, "X", back, by="arb", pool="pool YX") > got
    assert not sandwiches(blocks)
    assert [each.backs for each in detect(blocks.swaps)] == [(1,), (3,)]


def test_a_block_that_was_recorded_twice_happened_once() -> None:
    blocks = Blocks()
    bought = blocks.swap(0, "X", 10 * E18, by="eve")
    blocks.swap(1, "X", 20 * E18, by="ann")
    blocks.swap(2, "Y", bought, by="eve")
    once = sandwiches(blocks)
    blocks.swaps += blocks.swaps
    assert sandwiches(blocks) == once


def test_a_gain_that_no_swap_between_has_made_is_none() -> None:
    blocks = Blocks()
    bought = blocks.swap(0, "X", 10 * E18, by="ann")
    blocks.swap(2, "Y", bought, by="ann")
    blocks.swaps[-1] = replace(blocks.swaps[-1], amount_out=20 * E18)
    assert not sandwiches(blocks)


def test_swaps_of_other_blocks_are_no_victims() -> None:
    blocks = Blocks()
    bought = blocks.swap(0, "X", 10 * E18, by="eve")
    blocks.swap(1, "X", 20 * E18, by="ann", block=2)
    blocks.swap(2, "Y", bought, by="eve")
    assert not sandwiches(blocks)


def test_an_unlisted_router_is_known_by_the_contracts_that_call_it() -> None:
    blocks = Blocks()
    bought = blocks.swap(0, "X", 10 * E18, through="new router")
    blocks.swap(1, "X", 20 * E18)
    blocks.swap(2, "Y", bought - 1, through="new router", called="aggregator")
    assert not sandwiches(blocks)


def test_an_unlisted_router_is_known_by_whom_it_pays() -> None:
    blocks = Blocks()
    bought = blocks.swap(0, "X", 10 * E18, by="ann", through="new router", to="ann's vault")
    blocks.swap(1, "X", 20 * E18, by="bob")
    blocks.swap(2, "Y", bought, by="cid", through="new router", to="cid's vault")
    assert not sandwiches(blocks)


def test_routes_over_one_pool_are_not_one_actor() -> None:
    blocks = Blocks()
    bought = blocks.swap(0, "Z", 10 * E18, by="ann", to="pool XY", pool="pool ZX")
    blocks.swap(1, "Z", 20 * E18, by="bob", pool="pool ZX")
    blocks.swap(2, "W", 9 * E18, by="cid", to="pool XY", pool="pool WY")
    blocks.swap(2, "Y", 9 * E18, by="cid", to="pool ZX")
    blocks.swap(2, "X", bought, by="cid", pool="pool ZX")
    assert not sandwiches(blocks)


def test_a_round_amount_gives_nobody_away() -> None:
    blocks = Blocks()
    blocks.swap(0, "X", 10 * E18 + E18 // 2)
    blocks.swaps[-1] = replace(blocks.swaps[-1], amount_out=10 * E18)
    blocks.swap(1, "X", 90 * E18)
    blocks.swap(2, "Y", 10 * E18)
    assert not sandwiches(blocks)
    blocks.swaps[0] = replace(blocks.swaps[0], amount_out=10 * E18 + 1)
    blocks.swaps[2] = replace(blocks.swaps[2], amount_in=10 * E18 + 1)
    assert sandwiches(blocks)


def test_an_executor_behind_several_entries_is_one_actor() -> None:
    blocks = Blocks()
    mine = {"through": "executor", "to": "executor"}
    bought = blocks.swap(0, "X", 10 * E18, by="eve", called="entry", **mine)
    blocks.swap(1, "X", 20 * E18, by="ann")
    mine["to"] = "vault"
    blocks.swap(2, "Y", bought, by="eva", called="another entry", **mine)
    assert places(blocks) == [((0,), (1,), (2,))]
