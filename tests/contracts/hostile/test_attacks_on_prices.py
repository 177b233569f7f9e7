"""Prices read in the middle of things: within one second, within a swap, within a burn."""

from __future__ import annotations

import pytest

E18 = 10**18


def number(answer, position=0):
    return int.from_bytes(answer[32 * position : 32 * position + 32], "big")


def sums(dex):
    return dex.pool.read.price0CumulativeLast(), dex.pool.read.price1CumulativeLast()


def price(dex):
    """Of token0 in token1, as the pool's sums count it."""
    reserve0, reserve1 = dex.reserves()
    return (reserve1 << 112) // reserve0


@pytest.fixture
def market(dex):
    """Reserves of 10 and 10, 100 seconds old."""
    dex.add(10 * E18, 10 * E18)
    dex.wait(100)
    return dex


def buy(dex, amount0, amount1, quoted):
    """Pay one token and take what it gives of the other."""
    reserve0, reserve1 = dex.reserves()
    dex.pay(amount0, amount1)
    out0 = quoted(amount1, reserve1, reserve0) if amount1 else 0
    out1 = quoted(amount0, reserve0, reserve1) if amount0 else 0
    dex.swap(out0, out1)
    return out0 or out1


def test_a_price_moved_and_put_back_within_a_second_leaves_no_trace_in_the_sums(market, quoted):
    dex, fair = market, price(market)
    assert (sums(dex), fair) == ((0, 0), 1 << 112)
    bought = buy(dex, 10 * E18, 0, quoted)
    # Who reads the reserves now sees a quarter of the price.
    assert price(dex) * 1000 // fair == 250
    assert sums(dex) == (100 * fair, 100 * fair)
    buy(dex, 0, bought, quoted)
    assert sums(dex) == (100 * fair, 100 * fair)
    after = price(dex)
    assert after * 10_000 // fair == 9970
    dex.wait(12)
    dex.send(dex.pool.write.sync(dex.chain.coinbase))
    assert sums(dex)[0] == 100 * fair + 12 * after


def test_a_price_held_over_a_block_weighs_as_much_as_its_seconds(market, quoted):
    dex, fair = market, price(market)
    bought = buy(dex, 10 * E18, 0, quoted)
    moved = price(dex)
    dex.wait(12)
    buy(dex, 0, bought, quoted)
    assert sums(dex)[0] == 100 * fair + 12 * moved
    average = sums(dex)[0] // 112
    assert average * 1000 // fair == (100 * 1000 + 12 * 250) // 112 == 919


@pytest.fixture
def ordered(try_out):
    """`ordered(True)`: a pool of 10 and 10 in which the token with hooks is paid out first."""

    def prepare(first):
        for _ in range(20):
            trial = try_out("hooked_token")
            if trial.pair("odd", "plain")[0] == ("odd" if first else "plain"):
                trial.add(10 * E18, 10 * E18)
                return trial
        raise AssertionError("twenty tokens in the wrong order")

    return prepare


def ask_all(trial, plan):
    """What a reader would ask of the pool, in this order."""
    plan(trial.pool, "getReserves")
    plan(trial.pool, "totalSupply")
    plan(trial.odd, "balanceOf", trial.pool)
    plan(trial.plain, "balanceOf", trial.pool)


def answers(callee):
    """Reserves, supply, balances."""
    reserves = callee.read.answers(0)
    return (
        number(reserves),
        number(reserves, 1),
        *(number(callee.read.answers(i)) for i in (1, 2, 3)),
    )


@pytest.mark.parametrize("first", [True, False])
def test_in_a_burn_shares_are_gone_before_reserves_and_look_dear(first, ordered, callee, plan):
    """Half of the shares leave: each of the others looks worth twice as much by the reserves.

    By balances it looks worth one and a half where the second token is still there.
    """
    trial = ordered(first)
    trial.do(trial.odd, "set_hooks", callee, "0x" + "00" * 20, callee)
    ask_all(trial, plan)
    trial.burn(5 * E18, to=callee)
    still = 10 * E18 if first else 5 * E18
    assert answers(callee) == (10 * E18, 10 * E18, 5 * E18, 5 * E18, still)
    reserve0, reserve1, supply, odd, plain = answers(callee)
    assert (reserve0 + reserve1) * 100 // supply == 400
    assert (odd + plain) * 100 // supply == (300 if first else 200)
    assert trial.reserves() == (5 * E18, 5 * E18)
    assert 2 * 5 * E18 * 100 // trial.pool.read.totalSupply() == 200


def test_in_a_flash_swap_balances_are_short_and_reserves_are_old(ordered, callee, plan):
    trial = ordered(True)
    ask_all(trial, plan)
    due = -(-4 * E18 * 1000 // 997)
    trial.give(callee, plain=due)
    plan(trial.plain, "transfer", trial.pool, due)
    trial.swap(0, 4 * E18, to=callee, data=b"x")
    assert answers(callee) == (10 * E18, 10 * E18, 10 * E18, 10 * E18, 6 * E18)
    assert trial.reserves() == (10 * E18, 6 * E18 + due)


def test_in_a_flash_swap_the_sums_are_those_of_before(market, callee, plan, alice):
    dex, fair = market, price(market)
    plan(dex.pool, "price0CumulativeLast")
    plan(dex.pool, "getReserves")
    dex.send(dex.token0.write.transfer(alice, callee, 5 * E18))
    plan(dex.token0, "transfer", dex.pool, 5 * E18)
    dex.swap(4 * E18, 0, to=callee, data=b"x")
    assert number(callee.read.answers(0)) == 0
    assert number(callee.read.answers(1), 2) == dex.now() - 100
    assert sums(dex)[0] == 100 * fair
