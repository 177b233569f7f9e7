"""What somebody can do to an average who trades against it, and what not."""

from __future__ import annotations

import pytest

from dexsim.chain.types import Transaction
from tests.watched import ALICE, DAY, E18, HOUR, Q112, Watched


@pytest.fixture
def day(dex):
    """A day in 24 periods, the first of them observed, 23 hours later."""
    watched = Watched.over(dex, DAY, 24)
    watched.update()
    watched.reach(dex.now() + 23 * HOUR)
    return watched


def spot(dex):
    """Price of token0, UQ112x112."""
    reserve0, reserve1 = dex.reserves()
    return reserve1 * Q112 // reserve0


def push(dex, times: int = 99) -> None:
    """Buy token0 with so many times the reserve, in this very second."""
    reserve0, reserve1 = dex.reserves()
    paid = times * reserve1
    dex.pay(0, paid)
    dex.swap(dex.router.read.getAmountOut(paid, reserve1, reserve0), 0)


def test_within_one_second_the_spot_price_is_anybodys_and_the_average_nobodys(dex, day):
    before, average = spot(dex), day.average()
    push(dex)
    assert spot(dex) > 9_000 * before, "who reads reserves is told this"
    assert day.average() == average == (2 * Q112, Q112 // 2, 23 * HOUR)


def test_all_in_one_block_moves_neither_an_answer_nor_an_observation(dex, day):
    honest = dex.chain.snapshot()
    place = day.oracle.read.observation_index(dex.now() + 12)
    dex.wait(12)
    day.update()
    wanted = day.kept(place), day.average()
    dex.chain.restore(honest)
    with dex.chain.block(time_ms=dex.chain.time_ms + 12_000):
        for tx in sandwich(dex, day):
            dex.chain.send(tx)
        assert (day.kept(place), day.average()) == wanted


def sandwich(dex, day) -> list[Transaction]:
    """Push the price, have it observed, and pull it back."""
    reserve0, reserve1 = dex.reserves()
    paid = 99 * reserve1
    bought = dex.router.read.getAmountOut(paid, reserve1, reserve0)
    back = dex.router.read.getAmountOut(bought, reserve0 - bought, reserve1 + paid)
    return [
        dex.token1.write.transfer(ALICE, dex.pool, paid),
        dex.pool.write.swap(ALICE, bought, 0, ALICE, b""),
        day.oracle.write.update(ALICE, *day.pair),
        dex.token0.write.transfer(ALICE, dex.pool, bought),
        dex.pool.write.swap(ALICE, 0, back, ALICE, b""),
    ]


def test_a_price_that_stands_until_the_next_block_counts_for_its_seconds(dex, day):
    push(dex)
    pushed = spot(dex)
    dex.wait(12)
    span = 23 * HOUR + 12
    wanted = (2 * Q112 * 23 * HOUR + pushed * 12) // span
    assert day.average()[0] == wanted
    # Some ten thousand times the price, for 12 seconds of 23 hours: more than twice the average.
    assert 2 * Q112 * 2 < wanted < 2 * Q112 * 3


def test_an_observation_of_a_pushed_price_does_not_hold_it(dex, day):
    push(dex)
    assert day.update()
    dex.wait(12)
    reserve0, reserve1 = dex.reserves()
    dex.pay(reserve0 * 99)
    dex.swap(0, dex.router.read.getAmountOut(99 * reserve0, reserve0, reserve1))
    settled = spot(dex)
    start = dex.now()
    day.reach((start // HOUR + 23) * HOUR)
    pushed_seconds = 12
    span = dex.now() - start + pushed_seconds
    answer, _, told = day.average()
    assert told == span
    high = (answer * span - settled * (span - pushed_seconds)) // pushed_seconds
    assert high > 9_000 * 2 * Q112, "only the seconds that it stood are in the sum"


def test_of_two_periods_the_span_may_be_one_second_and_the_average_a_spot_price(dex):
    weak = Watched.over(dex, DAY, 2)
    weak.reach(dex.now() + DAY // 2 - 1)
    weak.update()
    push(dex)
    dex.wait(1)
    average, _, span = weak.average()
    assert (average, span) == (spot(dex), 1)


def test_of_more_periods_the_span_is_never_below_the_window_less_two_of_them(dex):
    watched = Watched.over(dex, 400, 4)
    start = dex.now()
    spans = set()
    for updated in (0, 1, 50, 99):
        for asked in (300, 301, 399):
            mark = dex.chain.snapshot()
            watched.reach(start + updated)
            watched.update()
            watched.reach(start + asked)
            spans.add(watched.average()[2])
            dex.chain.restore(mark)
    assert min(spans) == 400 - 2 * 100 + 1
    assert max(spans) == 400 - 1


def test_liquidity_can_come_and_go_without_moving_the_average(dex, day):
    average = day.average()
    dex.add(500 * E18, 1000 * E18)
    assert day.average() == average
    dex.remove(dex.pool.read.balanceOf(ALICE) // 2)
    assert day.average() == average
