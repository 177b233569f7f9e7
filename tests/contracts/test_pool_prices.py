"""The cumulative prices, through both of their wraps."""

from __future__ import annotations

import pytest

E18 = 10**18
Q112 = 2**112


@pytest.fixture
def steep(dex, alice):
    """A pool with reserves of 1 and 2**112 - 1, so that one price is nearly 2**224."""
    token = dex.deploy("token", "Big", "BIG", 18, 2**113)
    pool = dex.create_pool(token, dex.token0)
    dex.send(token.write.transfer(alice, pool, 2**112 - 1))
    dex.send(dex.token0.write.transfer(alice, pool, 1))
    dex.send(pool.write.sync(alice))
    return dex.on(pool)


def prices(dex):
    return dex.pool.read.price0CumulativeLast(), dex.pool.read.price1CumulativeLast()


def test_a_second_call_in_one_timestamp_adds_nothing(dex, alice):
    dex.add(E18, 2 * E18)
    dex.wait(10)
    dex.send(dex.pool.write.sync(alice))
    before = prices(dex)
    assert before == (20 * Q112, 5 * Q112)
    dex.send(dex.pool.write.sync(alice))
    assert prices(dex) == before


def test_nothing_is_added_while_a_reserve_is_zero(dex, alice):
    dex.pay(E18)
    dex.send(dex.pool.write.sync(alice))
    dex.wait(10)
    dex.send(dex.pool.write.sync(alice))
    assert prices(dex) == (0, 0)
    assert dex.pool.read.getReserves()[2] == dex.now()


def test_prices_round_down(dex, alice):
    dex.add(3000, 7000)
    dex.pay(1)
    dex.send(dex.pool.write.sync(alice))
    dex.wait(5)
    dex.send(dex.pool.write.sync(alice))
    assert prices(dex) == (7000 * Q112 // 3001 * 5, 3001 * Q112 // 7000 * 5)


def test_the_sum_wraps_at_256_bits(steep, alice):
    total = [0, 0]
    reserve0, reserve1 = steep.reserves()
    for seconds in (2**32 - 1, 2**32 - 1, 5):
        steep.wait(seconds)
        steep.send(steep.pool.write.sync(alice))
        total[0] += reserve1 * Q112 // reserve0 * seconds
        total[1] += reserve0 * Q112 // reserve1 * seconds
    assert max(total) > 2**256, "the test has to reach the wrap"
    assert prices(steep) == tuple(each % 2**256 for each in total)


def test_the_clock_wraps_at_32_bits(dex, alice):
    dex.add(E18, E18)
    dex.wait(2**32 - 1 - dex.now())
    dex.send(dex.pool.write.sync(alice))
    assert dex.pool.read.getReserves()[2] == 2**32 - 1
    before, _ = prices(dex)
    dex.wait(8)
    dex.send(dex.pool.write.sync(alice))
    assert dex.pool.read.getReserves()[2] == 7
    assert prices(dex)[0] - before == 8 * Q112


def test_time_goes_on_after_the_clock_has_wrapped(dex, alice):
    """Only now the stored time is below the block's: a pool that forgot to cut the difference to 32 bits."""
    dex.add(E18, E18)
    dex.wait(2**32 + 7 - dex.now())
    dex.send(dex.pool.write.sync(alice))
    before, _ = prices(dex)
    dex.wait(5)
    dex.send(dex.pool.write.sync(alice))
    assert dex.pool.read.getReserves()[2] == 12
    assert prices(dex)[0] - before == 5 * Q112
