"""The properties of the pool's arithmetic, over every magnitude: 1 000 examples each, long 10 000."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from dexsim.conformance.xyk.machine import of_every_size
from dexsim.cpmm import MAX_RESERVE
from tests.stateful import arithmetic

EXAMPLES, LONG_EXAMPLES = 1_000, 10_000


def amounts(lowest: int = 1) -> st.SearchStrategy[int]:
    """What a pool can hold, of `lowest` at least."""
    return of_every_size(1, 112).map(lambda n: min(max(n, lowest), MAX_RESERVE))


def pairs(lowest: int = 1) -> st.SearchStrategy[tuple[int, int]]:
    """Two amounts."""
    return st.tuples(amounts(lowest), amounts(lowest))


fees = st.one_of(st.just(30), st.sampled_from([0, 1, 5, 25, 100, 999, 1000]), st.integers(0, 1000))
supplies = amounts(1001)
# Both numbers of a first deposit of at least a share above the locked ones.
firsts = pairs(1001)

SWAP = {"amount": amounts(), "reserves": pairs(2), "fee_bps": fees}
DEPOSIT = {"amounts": pairs(), "reserves": pairs(), "supply": supplies}
PROPERTIES = {
    arithmetic.an_output_is_rounded_down: SWAP,
    arithmetic.an_input_is_rounded_up: SWAP,
    arithmetic.what_an_input_buys_is_enough: SWAP,
    arithmetic.there_and_back_gains_nothing: SWAP,
    arithmetic.what_is_bought_becomes_dearer: SWAP,
    arithmetic.shares_are_rounded_down: DEPOSIT,
    arithmetic.in_and_out_gains_nothing: DEPOSIT,
    arithmetic.a_burn_is_rounded_down: {
        "part": amounts(),
        "balances": pairs(),
        "supply": supplies,
    },
    arithmetic.parts_buy_no_more_than_the_whole: {
        "parts": st.lists(amounts(), min_size=2, max_size=5),
        "reserves": pairs(2),
        "fee_bps": fees,
    },
    arithmetic.more_buys_more_at_a_falling_price: {**SWAP, "step": amounts()},
    arithmetic.the_protocol_gets_a_sixth_of_the_growth: {
        "k_last": st.one_of(st.just(0), amounts(), st.integers(2**112, 2**220)),
        "growth": st.tuples(st.integers(0, 2**100), amounts()),
        "supply": supplies,
    },
    arithmetic.making_shares_dear_costs_a_thousand_times_as_much: {
        "first": firsts,
        "gift": pairs(),
    },
    arithmetic.an_inflated_share_takes_nothing_from_the_next: {
        "first": firsts,
        "gift": pairs(),
        "next_": pairs(),
    },
}


def examine(prop, arguments, examples, number):
    """One property on so many examples, the same ones every time."""
    chosen = settings(
        max_examples=examples,
        deadline=None,
        database=None,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=[HealthCheck.too_slow],
    )
    seed(number)(chosen(given(**arguments)(prop)))()


@pytest.mark.parametrize("prop", PROPERTIES, ids=lambda prop: prop.__name__)
def test_arithmetic_keeps_its_promises(prop):
    examine(prop, PROPERTIES[prop], EXAMPLES, 1)


@pytest.mark.long
@pytest.mark.parametrize("prop", PROPERTIES, ids=lambda prop: prop.__name__)
def test_arithmetic_keeps_its_promises_for_ten_thousand_numbers(prop):
    examine(prop, PROPERTIES[prop], LONG_EXAMPLES, 2)


def test_every_property_of_the_module_is_examined():
    names = {f for fs in arithmetic.keeps.__globals__["CHECKED_BY"].values() for f in fs}
    mine = {name for name in vars(arithmetic) if name in names}
    assert mine == {prop.__name__ for prop in PROPERTIES}
