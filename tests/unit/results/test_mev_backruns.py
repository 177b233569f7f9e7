"""Back-runs in blocks made by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dexsim.results.mev import detect
from dexsim.results.mev_records import Detected
from tests.unit.results.mev_tables import E18, Blocks


def backruns(blocks: Blocks) -> list[Detected]:
    """What the detector calls back-runs."""
    return [each for each in detect(blocks.swaps) if each.kind == "backrun"]


def test_a_cycle_behind_a_swap_is_a_back_run_of_it() -> None:
    blocks = Blocks()
    blocks.swap(0, "X", 100 * E18, by="ann")
    got = blocks.swap(4, "Y", 20 * E18, by="arb", to="pool XZ")
    got = blocks.swap(4, "X", got, by="arb", pool="pool XZ")
    back = blocks.swap(4, "Z", got, by="arb", pool="pool ZY")
    assert backruns(blocks) == [
        Detected(
            kind="backrun",
            block=1,
            markets=("pool XY", "pool XZ", "pool ZY"),
            actor="arb",
            fronts=(),
            victims=(0,),
            backs=(4,),
            token="Y",
            gross_profit=back - 20 * E18,
        )
    ]


def test_a_cycle_that_loses_is_none() -> None:
    blocks = Blocks()
    got = blocks.swap(4, "Y", 20 * E18, by="lost")
    blocks.swap(4, "X", got, by="lost", pool="pool YX")
    assert not backruns(blocks)


def test_a_cycle_answers_nobody_where_nobody_moved_its_pools_that_way() -> None:
    blocks = Blocks()
    blocks.swap(0, "X", 100 * E18, by="ann", block=1)
    got = blocks.swap(1, "Y", 20 * E18, by="arb", block=2)
    blocks.swap(1, "X", got, by="arb", pool="pool YX", block=2)
    assert [each.victims for each in backruns(blocks)] == [()]


def test_a_cycle_over_an_exchange_that_is_not_on_record_is_known_by_its_ends() -> None:
    blocks = Blocks()
    blocks.swap(0, "X", 100 * E18, by="ann")
    blocks.swap(1, "Y", 20 * E18, by="arb")  # X is made Z elsewhere
    back = blocks.swap(1, "Z", 21 * E18, by="arb", pool="pool ZY")
    (found,) = backruns(blocks)
    assert (found.token, found.gross_profit) == ("Y", back - 20 * E18)


def test_an_ordinary_route_over_two_pools_is_none() -> None:
    blocks = Blocks()
    got = blocks.swap(1, "Z", 20 * E18, by="ann", pool="pool ZX", to="pool XY")
    blocks.swap(1, "X", got - got // 100, by="ann")  # a wallet's fee is kept on the way
    assert not backruns(blocks)


def answered(percent: int, **how: str) -> list[tuple[tuple[int, ...], tuple[int, ...]]]:
    """Victims and back legs where a swap takes back so much of the one before it."""
    blocks = Blocks()
    bought = blocks.swap(0, "X", 100 * E18, by="ann")
    blocks.swap(1, "Y", bought * percent // 100, by="bob", **how)
    return [(each.victims, each.backs) for each in backruns(blocks)]


@pytest.mark.parametrize("percent", [51, 75, 100])
def test_a_swap_that_takes_back_half_of_the_one_before_it_is_a_back_run(percent: int) -> None:
    assert answered(percent) == [((0,), (1,))]


@pytest.mark.parametrize("percent", [1, 40, 101, 300])
def test_a_swap_that_takes_back_less_or_more_is_an_ordinary_one(percent: int) -> None:
    assert answered(percent) == []


@pytest.mark.parametrize(("percent", "hit"), [(20, False), (26, True), (100, True), (101, False)])
def test_a_contract_of_its_own_takes_back_a_quarter(percent: int, hit: bool) -> None:
    assert bool(answered(percent, through="bot", to="bot")) == hit


def test_two_swaps_directly_before_are_answered_together() -> None:
    blocks = Blocks()
    bought = blocks.swap(3, "X", 50 * E18, by="ann") + blocks.swap(4, "X", 50 * E18, by="cid")
    blocks.swap(5, "Y", bought * 8 // 10, by="bob")
    assert [(each.victims, each.backs) for each in backruns(blocks)] == [((3, 4), (5,))]


def test_a_swap_that_is_not_directly_behind_is_an_ordinary_one() -> None:
    blocks = Blocks()
    bought = blocks.swap(0, "X", 100 * E18, by="ann")
    blocks.swap(2, "Y", bought, by="bob")
    assert not backruns(blocks)


def test_whoever_answers_himself_or_buys_on_makes_no_back_run() -> None:
    blocks = Blocks()
    bought = blocks.swap(0, "X", 100 * E18, by="ann")
    blocks.swap(1, "Y", bought, by="ann")
    blocks.swap(2, "Y", 60 * E18, by="bob")
    assert not backruns(blocks)


def test_the_back_of_a_sandwich_is_counted_once() -> None:
    blocks = Blocks()
    bought = blocks.swap(0, "X", 60 * E18, by="eve")
    assert blocks.swap(1, "X", 100 * E18, by="ann") > bought
    blocks.swap(2, "Y", bought, by="eve")
    assert [each.kind for each in detect(blocks.swaps)] == ["sandwich"]


def test_a_route_whose_first_pool_takes_back_a_move_is_an_ordinary_one() -> None:
    blocks = Blocks()
    bought = blocks.swap(0, "X", 100 * E18, by="ann")
    got = blocks.swap(1, "Y", bought * 3 // 4, by="bob", to="pool XZ")
    blocks.swap(1, "X", got, by="bob", pool="pool XZ")
    assert not backruns(blocks)


def test_whoever_changes_several_tokens_into_others_makes_no_cycle() -> None:
    blocks = Blocks()
    got = blocks.swap(1, "Y", 20 * E18, by="ann")
    assert blocks.swap(1, "Z", 40 * E18, by="ann", pool="pool ZY") > 20 * E18
    blocks.swap(1, "X", got, by="ann", pool="pool XW")
    assert not backruns(blocks)


@pytest.mark.parametrize(("who", "sells"), [("bob", "Y"), ("arb", "X")])
def test_a_cycle_does_not_answer_its_own_side(who: str, sells: str) -> None:
    blocks = Blocks()
    blocks.swap(0, "X", 100 * E18, by="ann")
    blocks.swap(1, sells, E18, by=who)
    got = blocks.swap(4, "Y", 20 * E18, by="arb")
    blocks.swap(4, "X", got, by="arb", pool="pool YX")
    assert [each.victims for each in backruns(blocks)] == [()]


def test_a_cycle_that_was_recorded_twice_gains_once() -> None:
    blocks = Blocks()
    got = blocks.swap(0, "Y", 20 * E18, by="arb")
    blocks.swap(0, "X", got * 2, by="arb", pool="pool YX")
    blocks.swaps[-1] = replace(blocks.swaps[-1], amount_in=got)
    once = backruns(blocks)
    blocks.swaps += blocks.swaps
    assert backruns(blocks) == once != []
