"""Pools of one unit and pools that are full: rounding at its worst, to the unit."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dexsim.testing import reverts

E18 = 10**18
MAX_RESERVE = 2**112 - 1


@pytest.fixture
def dust(dex):
    """Reserves of 1001**2 and 1, of which 1 of 1001 shares is Alice's."""
    dex.add(1001**2, 1)
    assert dex.reserves() == (1001**2, 1)
    return dex


def test_the_only_unit_of_a_token_cannot_be_bought(dust):
    dust.pay(10**21)
    with reverts("pool: insufficient liquidity"):
        dust.swap(0, 1)


def test_one_unit_buys_the_half_of_a_pool_that_has_one(dust):
    out = 997 * 1001**2 // (1000 + 997)
    dust.pay(0, 1)
    with reverts("pool: k"):
        dust.swap(out + 1, 0)
    dust.swap(out, 0)
    assert dust.reserves() == (1001**2 - out, 2)


def test_shares_of_one_unit_cannot_be_burned_before_there_are_more(dust, alice):
    with reverts("pool: insufficient liquidity burned"):
        dust.remove(1)
    dust.pay(0, 999)
    with reverts("pool: insufficient liquidity burned"):
        dust.send(dust.pool.write.burn(alice, alice))
    dust.pay(0, 1)
    dust.send(dust.pool.write.burn(alice, alice))
    assert dust.reserves() == (1001**2 - 1001, 1000)


def test_a_unit_minted_at_one_unit_doubles_the_shares(dust, alice):
    dust.add(1001**2 - 1, 1)
    assert dust.pool.read.balanceOf(alice) == 1 + 1000
    dust.pay(1001**2)
    with reverts("pool: insufficient liquidity minted"):
        dust.send(dust.pool.write.mint(alice, alice))


@pytest.fixture
def units(dex, alice):
    """Reserves of 1 and 1 without any shares."""
    dex.pay(1, 1)
    dex.send(dex.pool.write.sync(alice))
    return dex


def test_a_pool_of_one_and_one_sells_nothing_and_its_first_shares_are_as_anywhere(units, alice):
    units.pay(10**21, 10**21)
    for out in ((1, 0), (0, 1)):
        with reverts("pool: insufficient liquidity"):
            units.swap(*out)
    units.send(units.pool.write.mint(alice, alice))
    assert units.pool.read.balanceOf(alice) == 10**21 - 1000
    assert units.reserves() == (10**21 + 1, 10**21 + 1)


def test_a_sale_that_is_worth_less_than_a_unit_is_a_gift(dex):
    dex.add(10**12, 10**6)
    dex.pay(10**6)
    with reverts("pool: k"):
        dex.swap(0, 1)
    dex.pay(10**6)
    dex.swap(0, 1)


def test_a_purchase_of_one_unit_is_paid_with_one_unit_at_least(dex):
    dex.add(10**6, 10**12)
    with reverts("pool: insufficient input"):
        dex.swap(0, 1)
    dex.pay(1)
    dex.swap(0, 1)
    assert dex.router.read.getAmountIn(1, 10**6, 10**12) == 1


@pytest.fixture
def full(dex, alice):
    """Both reserves as great as they can be."""
    tokens = [dex.deploy("token", "Big", "BIG", 18, 2**120) for _ in range(2)]
    token0, token1 = sorted(tokens, key=lambda token: int(token.address, 16))
    own = replace(dex, token0=token0, token1=token1, pool=dex.create_pool(token0, token1))
    own.add(MAX_RESERVE, MAX_RESERVE)
    assert own.reserves() == (MAX_RESERVE, MAX_RESERVE)
    return own


def test_a_full_pool_takes_nothing_that_stays(full, alice):
    assert full.pool.read.totalSupply() == MAX_RESERVE
    full.pay(10**6)
    with reverts("pool: overflow"):
        full.swap(0, 1)
    full.pay(0, 10**6)
    with reverts("pool: overflow"):
        full.send(full.pool.write.mint(alice, alice))
    full.send(full.pool.write.skim(alice, alice))
    assert full.token0.read.balanceOf(full.pool) == MAX_RESERVE


def test_a_full_pool_pays_out_and_is_open_again(full, alice, quoted):
    full.remove(10**6)
    assert full.reserves() == (MAX_RESERVE - 10**6, MAX_RESERVE - 10**6)
    out = quoted(10**6, MAX_RESERVE - 10**6, MAX_RESERVE - 10**6)
    full.pay(10**6)
    with reverts("pool: k"):
        full.swap(0, out + 1)
    full.swap(0, out)
    assert full.reserves() == (MAX_RESERVE, MAX_RESERVE - 10**6 - out)


def test_a_burn_brings_a_pool_that_holds_too_much_below_its_limit(full, alice, bob):
    full.pay(10**6)
    with reverts("pool: overflow"):
        full.send(full.pool.write.sync(alice))
    with reverts("pool: overflow"):
        full.remove(10**6 - 1)
    full.send(full.pool.write.transfer(alice, full.pool, 1))
    full.send(full.pool.write.burn(bob, bob))
    assert full.token0.read.balanceOf(bob) == 10**6
    assert full.reserves() == (MAX_RESERVE, MAX_RESERVE - 10**6)


def test_a_full_pool_lends_and_takes_a_fee_that_there_is_no_room_for(full, callee, plan, alice):
    full.send(full.token0.write.transfer(alice, callee, 10**6))
    plan(full.token0, "transfer", full.pool, 10**6 + 1)
    with reverts("pool: k"):
        full.swap(10**6, 0, to=callee, data=b"x")
    plan(full.token0, "transfer", full.pool, 3009)
    with reverts("pool: overflow"):
        full.swap(10**6, 0, to=callee, data=b"x")


def test_the_price_sums_hold_the_most_uneven_reserves(full, alice):
    """2**224 * seconds: the greatest price of all."""
    full.remove(MAX_RESERVE - 1000)
    assert full.reserves() == (1000, 1000)
    full.pay(MAX_RESERVE - 1000)
    full.send(full.pool.write.sync(alice))
    full.wait(100)
    full.send(full.pool.write.sync(alice))
    read = full.pool.read
    assert read.price0CumulativeLast() == 100 * ((1000 << 112) // MAX_RESERVE)
    assert read.price1CumulativeLast() == 100 * ((MAX_RESERVE << 112) // 1000)
