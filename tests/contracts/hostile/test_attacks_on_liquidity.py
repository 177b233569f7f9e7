"""Attacks on who provides: inflated first shares, donations, skewed ratios, liquidity sent astray."""

from __future__ import annotations

import pytest

from dexsim.chain.accounts import Account
from dexsim.testing import reverts

E18 = 10**18
FOREVER = 2**256 - 1
MALLORY = Account.named("mallory")


@pytest.fixture
def arena(dex, alice):
    """The empty pool; Alice and Mallory hold 5000 of each token, and the router may take them."""
    dex.chain.set_balance(MALLORY, 10**24)
    for token in (dex.token0, dex.token1):
        dex.send(token.write.transfer(alice, MALLORY, 5000 * E18))
        for who in (alice, MALLORY):
            dex.send(token.write.approve(who, dex.router, FOREVER))
    return dex


def held(dex, who):
    return dex.token0.read.balanceOf(who), dex.token1.read.balanceOf(who)


def inflate(dex, first, donation):
    """Mallory mints first, gives the pool a donation of both tokens and syncs."""
    dex.add(first, first, sender=MALLORY)
    dex.pay(donation, donation, sender=MALLORY)
    dex.send(dex.pool.write.sync(MALLORY))


@pytest.mark.parametrize("donation", [0, 1001, E18, 1000 * E18])
@pytest.mark.parametrize("first", [1001, 2000, 10**6, 10**9])
@pytest.mark.parametrize("units", [1, 2, 50])
def test_inflating_a_share_costs_its_maker_whatever_the_victim_puts_in(
    first, donation, units, arena, alice
):
    """The victim puts in all but one wei of one unit more: rounding takes the most it can.

    Mallory's gain is below zero always: the victim loses less than one unit of liquidity,
    and the 1000 units that nobody can burn are a loss of hers.
    """
    dex, reserve = arena, first + donation
    inflate(dex, first, donation)
    victim = -(-(units + 1) * reserve // first) - 1
    before = held(dex, alice)[0], 5000 * E18
    dex.add(victim, victim)
    got = victim * first // reserve
    assert dex.pool.read.balanceOf(alice) == got == units
    shares = dex.pool.read.balanceOf(MALLORY)
    assert shares == first - 1000
    dex.remove(shares, sender=MALLORY)
    back = shares * (reserve + victim) // (first + got)
    gain = held(dex, MALLORY)[0] - before[1]
    assert gain == back - reserve
    assert gain < 0
    left, supply = reserve + victim - back, got + 1000
    dex.remove(got)
    loss = before[0] - held(dex, alice)[0]
    assert loss == victim - got * left // supply
    assert 0 <= loss < -(-reserve // first) + 1


def test_a_unit_of_liquidity_made_worth_a_token_costs_a_thousand_tokens_for_good(arena, alice):
    dex = arena
    inflate(dex, 1001, 1001 * (E18 - 1))
    assert dex.reserves() == (1001 * E18, 1001 * E18)
    with reverts("pool: insufficient liquidity minted"):
        add_by_router(dex, alice, (E18 - 1, E18 - 1))
    add_by_router(dex, alice, (E18, E18))
    assert dex.pool.read.balanceOf(alice) == 1
    with dex.chain.anchor():
        dex.remove(1)
        assert held(dex, alice) == (5000 * E18, 5000 * E18)
    dex.remove(1, sender=MALLORY)
    assert held(dex, MALLORY) == (4000 * E18, 4000 * E18)


def test_a_victim_that_mints_one_unit_for_nearly_two_loses_half_to_the_locked_ones(arena, alice):
    dex, unit = arena, E18
    inflate(dex, 1001, 1001 * (unit - 1))
    dex.add(2 * unit - 1, 2 * unit - 1)
    dex.remove(1)
    shared = (1001 * unit + 2 * unit - 1) // 1002
    assert held(dex, alice)[0] == 5000 * E18 - (2 * unit - 1) + shared
    dex.remove(1, sender=MALLORY)
    rest = (1001 * unit + 2 * unit - 1) - shared
    assert held(dex, MALLORY)[0] == 5000 * E18 - 1001 * unit + rest // 1001
    assert held(dex, MALLORY)[0] < 4001 * E18


def test_tokens_sent_ahead_are_minted_by_whoever_calls_first(arena, alice):
    dex = arena
    dex.add(10 * E18, 10 * E18)
    dex.pay(E18, E18)
    dex.send(dex.pool.write.mint(MALLORY, MALLORY))
    assert dex.pool.read.balanceOf(MALLORY) == E18
    with reverts("pool: insufficient liquidity minted"):
        dex.send(dex.pool.write.mint(alice, alice))


def test_tokens_sent_ahead_are_skimmed_by_whoever_calls_first(arena, alice):
    dex = arena
    dex.add(10 * E18, 10 * E18)
    dex.pay(E18, 2 * E18)
    dex.send(dex.pool.write.skim(MALLORY, MALLORY))
    assert held(dex, MALLORY) == (5001 * E18, 5002 * E18)
    dex.send(dex.pool.write.skim(alice, alice))
    assert held(dex, MALLORY) == (5001 * E18, 5002 * E18)


def test_a_donation_before_a_burn_is_shared_by_the_burner(arena, alice):
    dex = arena
    dex.add(10 * E18, 10 * E18)
    dex.pay(E18, sender=MALLORY)
    before = held(dex, alice)
    dex.remove(5 * E18)
    assert held(dex, alice) == (before[0] + 11 * E18 // 2, before[1] + 5 * E18)


def test_a_donation_before_a_swap_is_the_traders_input(arena, alice, quoted):
    dex = arena
    dex.add(10 * E18, 10 * E18)
    dex.pay(E18, sender=MALLORY)
    out = quoted(E18, 10 * E18, 10 * E18)
    with reverts("pool: k"):
        dex.swap(0, out + 1)
    dex.swap(0, out)
    assert dex.reserves() == (11 * E18, 10 * E18 - out)


def test_a_donation_is_the_providers_once_it_is_synced(arena, alice):
    dex = arena
    dex.add(10 * E18, 10 * E18)
    dex.pay(E18, E18, sender=MALLORY)
    dex.send(dex.pool.write.sync(alice))
    before = held(dex, alice)[0]
    dex.remove(10 * E18 - 1000)
    assert held(dex, alice)[0] - before == (10 * E18 - 1000) * 11 // 10
    assert dex.reserves() == (1100, 1100)


def test_liquidity_sent_to_the_pool_is_burned_by_whoever_calls_first(arena, alice):
    dex = arena
    dex.add(10 * E18, 10 * E18)
    dex.send(dex.pool.write.transfer(alice, dex.pool, 3 * E18))
    dex.send(dex.pool.write.burn(MALLORY, MALLORY))
    assert held(dex, MALLORY) == (5003 * E18, 5003 * E18)
    with reverts("pool: insufficient liquidity burned"):
        dex.send(dex.pool.write.burn(alice, alice))


def add_by_router(dex, who, amounts, least=(0, 0)):
    tokens = (dex.token0, dex.token1)
    return dex.send(dex.router.write.addLiquidity(who, *tokens, *amounts, *least, who, FOREVER))


def sell_by_router(dex, who, path, amount):
    write = dex.router.write.swapExactTokensForTokens
    return dex.send(write(who, amount, 0, path, who, FOREVER))


def test_a_sandwich_of_liquidity_without_minimums_takes_a_part_of_it(arena, alice, quoted):
    dex, there = arena, [arena.token0, arena.token1]
    dex.add(100 * E18, 100 * E18)
    before = held(dex, alice)
    bought = quoted(100 * E18, 100 * E18, 100 * E18)
    reserves = 200 * E18, 100 * E18 - bought
    fitting = 1000 * E18 * reserves[1] // reserves[0]
    with dex.chain.anchor():
        sell_by_router(dex, MALLORY, there, 100 * E18)
        with reverts("router: insufficient b amount"):
            add_by_router(dex, alice, (1000 * E18, 1000 * E18), (0, fitting + 1))
    sell_by_router(dex, MALLORY, there, 100 * E18)
    add_by_router(dex, alice, (1000 * E18, 1000 * E18))
    assert dex.reserves() == (1200 * E18, reserves[1] + fitting)
    sell_by_router(dex, MALLORY, there[::-1], bought)
    back = quoted(bought, reserves[1] + fitting, 1200 * E18)
    assert held(dex, MALLORY) == (4900 * E18 + back, 5000 * E18)
    gain = back - 100 * E18
    assert gain == 70_547_507_159_341_659_410
    dex.remove(dex.pool.read.balanceOf(alice))
    now = held(dex, alice)
    # She had put 100 and 100 in before; all but the locked dust of everything is hers again.
    change = now[0] - before[0] - 100 * E18, now[1] - before[1] - 100 * E18
    assert -1000 * 10 < change[0] + gain <= 0
    assert -1000 * 10 < change[1] <= 0


@pytest.mark.parametrize("side", [0, 1])
def test_one_unit_of_one_token_closes_an_empty_pool_to_the_router_until_it_has_one_of_the_other(
    side, arena, alice
):
    dex = arena
    dust = (1, 0) if side == 0 else (0, 1)
    dex.pay(*dust, sender=MALLORY)
    dex.send(dex.pool.write.sync(MALLORY))
    with reverts("router: insufficient liquidity"):
        add_by_router(dex, alice, (E18, 4 * E18))
    with dex.chain.anchor():
        dex.add(E18, 4 * E18)
        assert dex.pool.read.balanceOf(alice) == 2 * E18 - 1000
    dex.pay(*dust[::-1])
    dex.send(dex.pool.write.sync(alice))
    with reverts("router: insufficient a amount"):
        add_by_router(dex, alice, (4 * E18, E18), (4 * E18, E18))
    add_by_router(dex, alice, (E18, 4 * E18))
    assert dex.reserves() == (E18 + 1, E18 + 1)


def test_tokens_synced_into_a_pool_without_shares_are_the_first_providers(arena, alice):
    dex = arena
    dex.pay(E18, E18, sender=MALLORY)
    dex.send(dex.pool.write.sync(MALLORY))
    dex.add(10_000, 10_000)
    before = held(dex, alice)[0]
    dex.remove(9000)
    assert held(dex, alice)[0] - before == 9000 * (E18 + 10_000) // 10_000
