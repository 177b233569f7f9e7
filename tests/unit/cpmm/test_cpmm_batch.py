"""What a batch executes, against every other choice that there is."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import permutations, product
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dexsim import cpmm
from dexsim.cpmm.batch import BatchOrder, clear, clearing_price
from dexsim.errors import ScenarioError

E18 = 10**18
amounts = st.integers(1, 40) | st.integers(1, 10**6)
orders = st.builds(BatchOrder, st.booleans(), amounts, st.integers(0, 60) | st.integers(0, 10**6))
batches = st.lists(orders, max_size=7)
reserves = st.integers(0, 60) | st.integers(1, 10**7)
fees = st.sampled_from([0, 1, 30, 100, 1000])


def limits(batch: list[BatchOrder], side: bool) -> list[Fraction]:
    return sorted({order.limit for order in batch if order.sells_token0 is side})


def up_to(batch: list[BatchOrder]) -> Iterator[set[int]]:
    """Every set that takes, on either side, everybody up to a limit."""
    none = Fraction(-1)
    for low, high in product([none, *limits(batch, True)], [none, *limits(batch, False)]):
        yield {i for i, o in enumerate(batch) if o.limit <= (low if o.sells_token0 else high)}


def price_of(batch: list[BatchOrder], taken: set[int], x: int, y: int, fee: int) -> tuple[int, int]:
    sold = [
        sum(batch[i].amount_in for i in taken if batch[i].sells_token0 is s) for s in (True, False)
    ]
    return clearing_price(sold[0], sold[1], x, y, fee)


def is_met(batch: list[BatchOrder], taken: set[int], x: int, y: int, fee: int) -> bool:
    price = price_of(batch, taken, x, y, fee)
    return all(batch[i].is_met(price) for i in taken)


@settings(max_examples=400, deadline=None)
@given(batches, reserves, reserves, fees)
def test_executed_is_the_union_of_all_sets_that_their_price_meets(batch, x, y, fee):
    found = clear(batch, x, y, fee)
    taken = {i for i, amount in enumerate(found.amounts_out) if amount is not None}
    consistent = [s for s in up_to(batch) if is_met(batch, s, x, y, fee)]
    assert taken in consistent
    assert taken == set().union(*consistent)
    assert sorted(found.left_out) == sorted(set(range(len(batch))) - taken)


@settings(max_examples=200, deadline=None)
@given(batches, reserves, reserves, fees)
def test_the_books_close_and_the_pool_is_no_poorer(batch, x, y, fee):
    found = clear(batch, x, y, fee)
    for side, before, after, kept in (
        (True, x, found.reserve0, found.kept0),
        (False, y, found.reserve1, found.kept1),
    ):
        pairs = list(zip(batch, found.amounts_out, strict=True))
        come = sum(o.amount_in for o, out in pairs if out is not None and o.sells_token0 is side)
        gone = sum(out or 0 for o, out in pairs if o.sells_token0 is not side)
        assert before + come == after + gone + kept
        assert 0 <= kept < max(1, len(batch))
    if x and y:
        assert_the_swap_is_accepted(x, y, found.reserve0, found.reserve1, fee)


def assert_the_swap_is_accepted(x: int, y: int, x_after: int, y_after: int, fee: int) -> None:
    if y_after < y:
        assert y - y_after <= cpmm.amount_out(x_after - x, x, y, fee)
    elif x_after < x:
        assert x - x_after <= cpmm.amount_out(y_after - y, y, x, fee)


@settings(max_examples=200, deadline=None)
@given(batches, reserves, reserves, fees)
def test_everybody_gets_the_one_price_to_the_unit_and_his_limit(batch, x, y, fee):
    found = clear(batch, x, y, fee)
    for order, out in zip(batch, found.amounts_out, strict=True):
        if out is None:
            continue
        price = Fraction(*found.price)
        exact = order.amount_in * (price if order.sells_token0 else 1 / price)
        assert exact - 1 < out <= exact
        assert out >= max(order.min_amount_out, 1)


def test_the_outcome_is_the_same_in_every_order() -> None:
    draw = Random(7)
    for _ in range(12):
        batch = [
            BatchOrder(bool(draw.getrandbits(1)), draw.randint(1, 400), draw.randint(0, 500))
            for _ in range(5)
        ]
        found = {
            frozenset(zip((id(o) for o in each), clear(each, 1000, 1100).amounts_out, strict=True))
            for each in permutations(batch)
        }
        assert len(found) == 1


@pytest.mark.parametrize("fee", [0, 30, 1000])
@pytest.mark.parametrize("sides", [True, False])
def test_one_side_is_one_swap_of_the_sum(sides, fee):
    x, y = 1_000 * E18, 3_000 * E18
    batch = [BatchOrder(sides, amount * E18) for amount in (1, 2, 4)]
    found = clear(batch, x, y, fee)
    into, of = (x, y) if sides else (y, x)
    whole = cpmm.amount_out(7 * E18, into, of, fee)
    assert 0 <= whole - sum(found.amounts_out) < 3
    n, d = cpmm.fee_fraction(fee)
    exact = Fraction(7 * E18 * n * of, into * d + 7 * E18 * n)
    assert found.amounts_out == tuple(int(exact * share / 7) for share in (1, 2, 4))


def test_within_the_fee_nothing_goes_through_the_pool() -> None:
    # 1000 : 1000 at 30 bps: from 0.997 to 1 / 0.997 the two sides have their own price.
    assert clearing_price(1000, 997, 10**6, 10**6) == (997, 1000)
    assert clearing_price(997, 1000, 10**6, 10**6) == (1000, 997)
    below = Fraction(*clearing_price(1000, 996, 10**6, 10**6))
    assert Fraction(996, 1000) < below < Fraction(997, 1000)
    above = Fraction(*clearing_price(996, 1000, 10**6, 10**6))
    assert Fraction(1000, 997) < above < Fraction(1000, 996)


def test_what_is_left_over_brings_the_price_on_average_in_the_pool() -> None:
    a, b, x, y = 500, 100, 10_000, 20_000
    price = Fraction(*clearing_price(a, b, x, y))
    rest = a - b / price
    g = Fraction(997, 1000)
    assert g * rest * y / (x + g * rest) == rest * price


def test_buying_and_selling_at_the_price_moves_nothing_and_earns_nothing() -> None:
    x, y = 1000 * E18, 1000 * E18
    others = [BatchOrder(True, 20 * E18), BatchOrder(False, 5 * E18), BatchOrder(True, E18)]
    alone = clear(others, x, y)
    price = Fraction(*alone.price)
    for amount in (1, 999, E18, 300 * E18):
        value = int(amount * price)
        if value == 0:
            continue
        both = clear([*others, BatchOrder(True, amount), BatchOrder(False, value)], x, y)
        got1, got0 = both.amounts_out[-2:]
        assert -2 <= got1 - value <= 0
        assert -2 <= got0 - amount <= 2
        n, d = both.price
        assert -(n + d) < (got0 - amount) * n + (got1 - value) * d <= 0
        for before, after in zip(alone.amounts_out, both.amounts_out, strict=False):
            assert abs(before - after) <= 1


@settings(max_examples=200, deadline=None)
@given(batches, reserves, reserves, fees, amounts, amounts)
def test_who_buys_and_sells_earns_nothing_at_the_price_of_the_batch(batch, x, y, fee, sold, paid):
    found = clear([*batch, BatchOrder(True, sold), BatchOrder(False, paid)], x, y, fee)
    got1, got0 = found.amounts_out[-2:]
    if got0 is not None and got1 is not None:
        n, d = found.price
        assert -(n + d) < (got0 - sold) * n + (got1 - paid) * d <= 0


@pytest.mark.parametrize(("least", "out"), [(9, None), (8, 8)])
def test_a_limit_is_met_exactly_or_not(least, out):
    found = clear([BatchOrder(True, 10, least)], 1000, 900)  # 9 * 0.9871..., rounded down
    assert found.amounts_out == (out,)
    assert found.left_out == ((0,) if out is None else ())


def test_who_asks_for_less_goes_first_and_equals_go_together() -> None:
    # Either alone gets 90; both together 166 of 200.
    alone = BatchOrder(True, 100, 90)
    assert clear([alone], 1000, 1000).amounts_out == (90,)
    assert clear([alone, alone], 1000, 1000).amounts_out == (None, None)
    humble = BatchOrder(True, 100, 89)
    assert clear([alone, humble], 1000, 1000).amounts_out == (None, 90)


def test_without_liquidity_the_sides_are_netted_and_one_side_gets_nothing() -> None:
    sale, purchase = BatchOrder(True, 10), BatchOrder(False, 7)
    for x, y in ((0, 0), (5, 0), (0, 5)):
        found = clear([sale, BatchOrder(True, 11), purchase], x, y)
        assert found.amounts_out == (3, 3, 21)
        assert (found.reserve0, found.reserve1, found.kept0, found.kept1) == (x, y, 0, 1)
        assert clear([sale], x, y).amounts_out == (None,)
        assert clear([purchase], x, y).amounts_out == (None,)
    assert clear([], 5, 5).amounts_out == ()


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (lambda: BatchOrder(True, 0), "amount_in is 0"),
        (lambda: BatchOrder(True, 2**112), "amount_in is"),
        (lambda: BatchOrder(True, 1, 2**112), "min_amount_out is"),
        (lambda: clear([], 2**112, 1), "reserve0 is"),
        (lambda: clear([], 1, 2**112), "reserve1 is"),
    ],
)
def test_what_the_contracts_cannot_hold_is_refused(build, message):
    BatchOrder(True, 2**112 - 1, 2**112 - 1)
    with pytest.raises(ScenarioError, match=message):
        build()
