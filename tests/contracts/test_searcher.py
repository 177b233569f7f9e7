"""The searcher's contract: only its owner moves it, and every bound is exact to the unit."""

from __future__ import annotations

import pytest

from dexsim.chain.types import Transaction
from dexsim.testing import reverts
from tests.contracts.searchers import ALL, E18, HUNTER, fill, open_desk

ZERO = "0x" + "00" * 20


@pytest.fixture
def desk(dex):
    return open_desk(dex)


def changes(desk, to):
    """A call of every function that changes anything, each of which the owner may make."""
    token = desk.dex.token0
    return {
        "swap": ([desk.pool], token, E18, 0),
        "finish": ([desk.pool], token, E18, 0, 0, 0),
        "add": (desk.pool, E18, 2 * E18, 0),
        "remove": (desk.pool, 0, 0, 0, 0),
        "take": (token, 1, to),
        "take_money": (1, to),
    }


def test_the_functions_tried_are_all_that_change_anything(desk, bob):
    functions = desk.searcher.interface.functions
    changing = {name for name, [one] in functions.items() if one.mutability not in {"view", "pure"}}
    assert changing == set(changes(desk, bob))
    assert set(functions) - changing == {"owner"}
    assert desk.searcher.read.owner() == HUNTER.address


@pytest.mark.parametrize("name", ["swap", "finish", "add", "remove", "take", "take_money"])
def test_who_is_not_the_owner_can_do_nothing(desk, alice, bob, name):
    arguments = changes(desk, bob)[name]
    for stranger in (alice, bob):  # Alice deployed it
        with reverts("searcher: forbidden"):
            desk.send(name, *arguments, sender=stranger)
    desk.dex.send(desk.pool.write.transfer(alice, desk.searcher, E18))
    if name == "remove":
        arguments = (desk.pool, E18, 0, 0, 0)
    desk.send(name, *arguments)


def test_nobody_is_no_owner(dex):
    with reverts("searcher: zero address"):
        dex.deploy("searcher", ZERO)


def test_anybody_can_give_it_money_but_no_orders_with_it(desk, bob):
    pay = Transaction(sender=bob.address, to=desk.searcher.address, value=7)
    before = desk.money()
    desk.dex.send(pay)
    assert desk.money() - before == 7
    for data in (b"\1", b"\0\1\2\3\4"):
        with reverts("searcher: no such function"):
            desk.dex.send(
                Transaction(sender=bob.address, to=desk.searcher.address, value=7, data=data)
            )


@pytest.mark.parametrize("sold", [0, 1])
@pytest.mark.parametrize("fee_bps", [0, 5, 30, 100, 1000])
def test_a_pool_that_tells_its_fee_gives_what_the_arithmetic_says(dex, desk, fee_bps, sold):
    pool = dex.create_pool(dex.token0, dex.token1, dex.venue(fee_bps))
    dex.on(pool).add(50 * E18 + 1, 70 * E18 + 3)
    token, got = (dex.token0, dex.token1) if sold == 0 else (dex.token1, dex.token0)
    out = desk.out(pool, token, E18 + 7, fee_bps)
    with reverts("searcher: insufficient output"):
        desk.send("swap", [pool], token, E18 + 7, out + 1)
    before = desk.held(token), desk.held(got)
    assert desk.answer("swap", [pool], token, E18 + 7, out) == out
    desk.send("swap", [pool], token, E18 + 7, out)
    assert (before[0] - desk.held(token), desk.held(got) - before[1]) == (E18 + 7, out)


def test_what_the_contract_held_before_is_no_output(dex, desk):
    out = desk.out(desk.pool, dex.token0, E18, 30)
    assert desk.held(dex.token1) > out + 1
    with reverts("searcher: insufficient output"):
        desk.send("swap", [desk.pool], dex.token0, E18, out + 1)


def test_all_is_what_the_contract_holds_and_no_more(dex, desk):
    out = desk.out(desk.pool, dex.token0, 100 * E18, 30)
    assert desk.answer("swap", [desk.pool], dex.token0, ALL, out) == out
    desk.send("swap", [desk.pool], dex.token0, ALL, out)
    assert desk.held(dex.token0) == 0
    for amount in (ALL, 0):
        with reverts("searcher: nothing to sell"):
            desk.send("swap", [desk.pool], dex.token0, amount, 0)
    with reverts("searcher: transfer failed"):
        desk.send("swap", [desk.pool], dex.token0, 1, 0)


def test_a_path_needs_pools_that_have_its_tokens(dex, desk, alice):
    with reverts("searcher: no pools"):
        desk.send("swap", [], dex.token0, E18, 0)
    stranger = dex.deploy("token", "C", "C", 18, E18)
    dex.send(stranger.write.transfer(alice, desk.searcher, E18))
    with reverts("searcher: not in the pool"):
        desk.send("swap", [desk.pool], stranger, E18, 0)
    elsewhere = dex.create_pool(dex.token0, stranger)
    with reverts("searcher: not in the pool"):
        desk.send("swap", [desk.pool, elsewhere], dex.token0, E18, 0)


def test_a_path_of_eight_pools_gives_what_eight_swaps_give(dex, desk):
    """Each pays the next one; nine are too many to be decoded."""
    path = [desk.pool, desk.other] * 4
    with dex.chain.anchor():
        amount, token = E18, dex.token0
        for pool in path:
            out = desk.out(pool, token, amount, 30 if pool is desk.pool else 5)
            desk.send("swap", [pool], token, amount, out)
            amount, token = out, dex.token1 if token is dex.token0 else dex.token0
    assert desk.answer("swap", path, dex.token0, E18, amount) == amount
    before = desk.held(dex.token0), desk.held(dex.token1)
    desk.send("swap", path, dex.token0, E18, amount)
    assert desk.held(dex.token0) - before[0] == amount - E18
    assert desk.held(dex.token1) == before[1]
    with reverts("searcher: insufficient output"):
        desk.send("swap", path, dex.token0, E18, amount)  # the pools moved
    with reverts(""):
        desk.send("swap", [*path, desk.pool], dex.token0, E18, 0)


@pytest.mark.parametrize("missing", [0, 1])
def test_tips_come_out_of_its_own_money_to_the_wei(dex, desk, missing):
    tip = desk.money() + missing
    builder = dex.chain.coinbase
    before = desk.money(builder)
    finish = ([desk.pool], dex.token0, E18, 0, 0, tip)
    if missing:
        with reverts("searcher: insufficient money"):
            desk.send("finish", *finish)
        return
    desk.send("finish", *finish)
    assert (desk.money(builder) - before, desk.money()) == (tip, 0)


def test_a_tip_is_paid_to_the_block_s_builder_and_none_is_no_call(dex, desk, alice, monkeypatch):
    refuser = dex.deploy("mocks/coin_refuser")
    monkeypatch.setattr(dex.chain, "coinbase", refuser.address)
    with reverts("searcher: tip refused"):
        desk.send("finish", [desk.pool], dex.token0, E18, 0, 0, 1)
    desk.send("finish", [desk.pool], dex.token0, E18, 0, 0, 0)
    desk.dex.send(desk.pool.write.transfer(alice, desk.searcher, E18))
    with reverts("searcher: tip refused"):
        desk.send("remove", desk.pool, E18, 0, 0, 1)
    desk.send("remove", desk.pool, E18, 0, 0, 0)


def test_liquidity_just_in_time_is_exact_on_both_sides(dex, desk):
    supply = desk.pool.read.totalSupply()
    minted = min(10 * E18 * supply // (1_000 * E18), 20 * E18 * supply // (2_000 * E18))
    with reverts("searcher: insufficient liquidity"):
        desk.send("add", desk.pool, 10 * E18, 20 * E18, minted + 1)
    assert desk.answer("add", desk.pool, 10 * E18, 20 * E18, minted) == minted
    desk.send("add", desk.pool, 10 * E18, 20 * E18, minted)
    assert desk.held(desk.pool) == minted
    assert (desk.held(dex.token0), desk.held(dex.token1)) == (90 * E18, 80 * E18)
    supply += minted
    amounts = (minted * 1_010 * E18 // supply, minted * 2_020 * E18 // supply)
    for more in ((1, 0), (0, 1)):
        least = [amount + extra for amount, extra in zip(amounts, more, strict=True)]
        with reverts("searcher: insufficient output"):
            desk.send("remove", desk.pool, ALL, *least, 0)
    assert desk.answer("remove", desk.pool, ALL, *amounts, 0) == amounts
    before = desk.money(dex.chain.coinbase)
    desk.send("remove", desk.pool, ALL, *amounts, 11)
    assert desk.money(dex.chain.coinbase) - before == 11
    assert desk.held(desk.pool) == 0
    assert desk.held(dex.token0) == 90 * E18 + amounts[0]
    assert desk.held(dex.token1) == 80 * E18 + amounts[1]


def test_liquidity_that_it_had_is_not_what_it_got(dex, desk):
    desk.send("add", desk.pool, 10 * E18, 20 * E18, 0)
    minted = desk.held(desk.pool)
    with reverts("searcher: insufficient liquidity"):
        desk.send("add", desk.pool, 10 * E18, 20 * E18, minted + 1)
    desk.send("add", desk.pool, 10 * E18, 20 * E18, minted)
    desk.send("remove", desk.pool, minted, 0, 0, 0)
    assert desk.held(desk.pool) == minted


def test_all_of_both_tokens_can_be_provided(dex, desk):
    desk.send("add", desk.pool, ALL, ALL, 0)
    assert desk.held(dex.token0) == desk.held(dex.token1) == 0


def test_the_owner_takes_tokens_out(dex, desk, bob):
    with reverts("searcher: transfer failed"):
        desk.send("take", dex.token0, 100 * E18 + 1, bob)
    desk.send("take", dex.token0, 1, bob)
    assert desk.held(dex.token0, bob) == 1
    desk.send("take", dex.token0, ALL, bob)
    assert (desk.held(dex.token0, bob), desk.held(dex.token0)) == (100 * E18, 0)


def test_the_owner_takes_money_out(dex, desk, bob):
    had, before = desk.money(), desk.money(bob)
    with reverts("searcher: insufficient money"):
        desk.send("take_money", had + 1, bob)
    desk.send("take_money", 1, bob)
    assert desk.money(bob) - before == 1
    with reverts("searcher: money refused"):
        desk.send("take_money", 1, dex.deploy("mocks/coin_refuser"))
    desk.send("take_money", ALL, bob)
    assert (desk.money(bob) - before, desk.money()) == (had, 0)


@pytest.mark.parametrize("hops", [1, 2])
def test_a_swap_costs_less_gas_than_through_the_router(dex, desk, alice, hops):
    """The same swap of the same pools; who gets the output has some of it, and allowances have no end."""
    third = dex.deploy("token", "C", "C", 18, 10_000 * E18)
    further = dex.create_pool(dex.token1, third)
    for token in (dex.token1, third):
        dex.send(token.write.transfer(alice, further, 500 * E18))
    dex.send(further.write.mint(alice, alice))
    dex.send(third.write.transfer(alice, fill(desk).searcher, E18))
    dex.send(dex.token0.write.approve(alice, dex.router, ALL))
    pools, path = [desk.pool, further][:hops], [dex.token0, dex.token1, third][: hops + 1]
    swap = dex.router.write.swapExactTokensForTokens
    with dex.chain.anchor():
        routed = dex.send(swap(alice, E18, 1, path, alice, ALL)).gas_used
    with dex.chain.anchor():
        direct = dex.send(
            desk.searcher.write.swap(HUNTER, pools, dex.token0, E18, 1, gas_limit=500_000)
        ).gas_used
    print(f"{hops}: {direct:,} gas, {routed:,} through the router")
    assert direct < routed
