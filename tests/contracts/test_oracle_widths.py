"""The window oracle where numbers get wide: both wraps, and amounts of any size."""

from __future__ import annotations

import pytest

from dexsim.testing import reverts
from tests.watched import ALICE, DAY, E18, HOUR, Q112, Watched


@pytest.fixture
def day(dex):
    """A day in 24 periods."""
    return Watched.over(dex, DAY, 24)


def test_the_clock_of_the_pool_may_wrap_within_the_window(dex, day):
    day.reach(2**32 - 11 * HOUR)
    day.update()
    start = dex.now()
    day.reach(start + 13 * HOUR)
    day.give(5 * E18)
    first = (start + 23 * HOUR) // HOUR * HOUR
    day.reach(first)
    span = first - start
    wanted = (2 * Q112 * 13 * HOUR + Q112 * (span - 13 * HOUR)) // span
    assert start < 2**32 < dex.now()
    assert day.average()[::2] == (wanted, span)


@pytest.fixture
def steep(dex):
    """A pool with reserves of 1 and 2**112 - 1: one price is nearly 2**224."""
    token = dex.deploy("token", "Big", "BIG", 18, 2**113)
    pool = dex.create_pool(token, dex.token0)
    dex.send(token.write.transfer(ALICE, pool, 2**112 - 1))
    dex.send(dex.token0.write.transfer(ALICE, pool, 1))
    dex.send(pool.write.sync(ALICE))
    return dex.on(pool), token


def test_the_sums_may_wrap_within_the_window(steep):
    dex, big = steep
    oracle = dex.deploy("oracle_window", dex.factory, DAY, 24)
    dex.wait(2**32 - 11 * HOUR)
    dex.send(dex.pool.write.sync(ALICE))
    dex.send(oracle.write.update(ALICE, big, dex.token0))
    place = oracle.read.observation_index(dex.now())
    _, *before = oracle.read.observation(big, dex.token0, place)
    dex.wait(23 * HOUR - dex.now() % HOUR)
    dex.send(dex.pool.write.sync(ALICE))
    after = [dex.pool.read.price0CumulativeLast(), dex.pool.read.price1CumulativeLast()]
    side = 0 if dex.pool.read.token0() == dex.token0.address else 1
    assert after[side] < before[side], "the test has to reach the wrap"
    assert oracle.read.average_price(dex.token0, big)[0] == (2**112 - 1) * Q112
    assert oracle.read.average_price(big, dex.token0)[0] == Q112 // (2**112 - 1)


def test_amounts_are_exact_up_to_the_last_one_that_fits(steep):
    dex, big = steep
    oracle = dex.deploy("oracle_window", dex.factory, 2, 2)
    dex.send(dex.token0.write.transfer(ALICE, dex.pool, 6))
    dex.send(dex.pool.write.sync(ALICE))
    dex.send(oracle.write.update(ALICE, big, dex.token0))
    dex.wait(1)
    price, span = oracle.read.average_price(dex.token0, big)
    assert (price, span) == ((2**112 - 1) * Q112 // 7, 1)
    assert Q112 < price != price // Q112 * Q112, "a price with both halves"
    most = ((2**256 << 112) - 1) // price
    for amount in (0, 1, 7, 2**112 - 1, 2**112, 2**112 + 1, 2**143, most - 1, most):
        assert oracle.read.consult(dex.token0, amount, big) == price * amount >> 112
    with reverts("oracle: amount too large"):
        oracle.read.consult(dex.token0, most + 1, big)


def test_where_a_price_is_below_one_every_amount_is_answered(steep):
    dex, big = steep
    oracle = dex.deploy("oracle_window", dex.factory, 2, 2)
    dex.send(dex.token0.write.transfer(ALICE, dex.pool, 10**20))
    dex.send(dex.pool.write.sync(ALICE))
    dex.send(oracle.write.update(ALICE, big, dex.token0))
    dex.wait(1)
    price, _ = oracle.read.average_price(big, dex.token0)
    assert 0 < price < Q112
    assert oracle.read.consult(big, 2**256 - 1, dex.token0) == price * (2**256 - 1) >> 112
