"""Receivers of coins that refuse them or come back with them, and what was left at the router."""

from __future__ import annotations

import pytest

from dexsim.testing import reverts

E18 = 10**18
FOREVER = 2**256 - 1


@pytest.fixture
def market(dex, alice):
    """The pool of token0 and wrapped coins, 10 and 10, is `dex.pool` here."""
    write = dex.router.write.addLiquidityETH
    dex.send(dex.token0.write.approve(alice, dex.router, FOREVER))
    amounts = (10 * E18, 0, 0)
    dex.send(
        write(alice, dex.token0, *amounts, alice, FOREVER, value=10 * E18, gas_limit=5_000_000)
    )
    own = dex.on(dex.contract("pool", dex.factory.read.getPair(dex.token0, dex.weth)))
    dex.send(own.pool.write.approve(alice, dex.router, FOREVER))
    return own


@pytest.fixture
def receiver(market, alice):
    """A contract with 5 of token0 that the router may take."""
    receiver = market.deploy("mocks/coin_reentrant")
    market.send(market.token0.write.transfer(alice, receiver, 5 * E18))
    approve = market.token0.write.approve(alice, market.router, FOREVER).data
    market.send(receiver.write.run(alice, market.token0, approve))
    return receiver


def sales(market, alice, to):
    """Every function that pays coins to `to`."""
    write, path = market.router.write, [market.token0, market.weth]
    fees = "SupportingFeeOnTransferTokens"
    return [
        write.swapExactTokensForETH(alice, E18, 0, path, to, FOREVER),
        getattr(write, f"swapExactTokensForETH{fees}")(alice, E18, 0, path, to, FOREVER),
        write.swapTokensForExactETH(alice, E18 // 2, E18, path, to, FOREVER),
        write.removeLiquidityETH(alice, market.token0, E18, 0, 0, to, FOREVER),
        getattr(write, f"removeLiquidityETH{fees}")(alice, market.token0, E18, 0, 0, to, FOREVER),
    ]


@pytest.mark.parametrize("number", [3, 4])
def test_who_refuses_coins_gets_no_liquidity_out_and_keeps_it(number, market, alice):
    before = market.token0.read.balanceOf(alice), market.pool.read.balanceOf(alice)
    with reverts("router: coin transfer failed"):
        market.send(sales(market, alice, market.factory)[number])
    assert before == (market.token0.read.balanceOf(alice), market.pool.read.balanceOf(alice))


@pytest.mark.parametrize("number", range(5))
def test_a_receiver_that_sells_in_turn_gets_what_is_its_own_and_leaves_nothing(
    number, market, receiver, alice, bob, quoted
):
    path, dex = [market.token0, market.weth], market
    name = "swapExactTokensForETHSupportingFeeOnTransferTokens"
    again = getattr(dex.router.write, name)(alice, E18, 0, path, bob, FOREVER).data
    with dex.chain.anchor():
        dex.send(sales(dex, alice, receiver)[number])
        plain = dex.chain.balance(receiver.address)
        reserves = dex.token0.read.balanceOf(dex.pool), dex.weth.read.balanceOf(dex.pool)
    dex.send(receiver.write.set_call(alice, dex.router, again))
    before = dex.chain.balance(bob)
    dex.send(sales(dex, alice, receiver)[number])
    assert dex.chain.balance(receiver.address) == plain
    assert dex.chain.balance(bob) - before == quoted(E18, *reserves)
    assert dex.chain.balance(dex.router.address) == dex.weth.read.balanceOf(dex.router) == 0


def test_a_provider_who_refuses_change_has_to_send_what_fits(market, alice, bob):
    dex, refuser = market, market.deploy("mocks/coin_refuser")
    dex.send(dex.token0.write.transfer(alice, refuser, 2 * E18))
    approve = dex.token0.write.approve(alice, dex.router, FOREVER).data
    dex.send(refuser.write.run(alice, dex.token0, approve))
    join = dex.router.write.addLiquidityETH(alice, dex.token0, E18, 0, 0, bob, FOREVER).data
    with reverts("router: coin transfer failed"):
        dex.send(refuser.write.run(alice, dex.router, join, value=E18 + 1))
    dex.send(refuser.write.run(alice, dex.router, join, value=E18))
    assert dex.pool.read.balanceOf(bob) == E18


def test_change_goes_out_once_however_its_receiver_comes_back(market, receiver, alice, bob):
    dex, path = market, [market.weth, market.token0]
    again = dex.router.write.swapETHForExactTokens(alice, 1, path, bob, FOREVER).data
    dex.send(receiver.write.set_call(alice, dex.router, again))
    buy = dex.router.write.swapETHForExactTokens(alice, E18, path, bob, FOREVER).data
    # Without coins of its own the second purchase is refused, and with it the change.
    with reverts("router: coin transfer failed"):
        dex.send(receiver.write.run(alice, dex.router, buy, value=5 * E18))
    dex.send(receiver.write.set_call(alice, "0x" + "00" * 20, b""))
    dex.send(receiver.write.run(alice, dex.router, buy, value=5 * E18))
    price = 10 * E18 * E18 * 1000 // (9 * E18 * 997) + 1
    assert dex.chain.balance(receiver.address) == 5 * E18 - price


def test_wrapped_coins_left_at_the_router_are_for_who_sells_next(market, alice, bob, quoted):
    dex = market
    dex.send(dex.weth.write.deposit(alice, value=E18))
    dex.send(dex.weth.write.transfer(alice, dex.router, E18))
    path, before = [dex.token0, dex.weth], dex.chain.balance(bob)
    name = "swapExactTokensForETHSupportingFeeOnTransferTokens"
    dex.send(getattr(dex.router.write, name)(alice, E18, 0, path, bob, FOREVER))
    assert dex.chain.balance(bob) - before == E18 + quoted(E18, 10 * E18, 10 * E18)
    assert dex.weth.read.balanceOf(dex.router) == 0


def test_tokens_left_at_the_router_are_for_who_takes_that_tokens_liquidity_out(market, alice, bob):
    dex = market
    dex.send(dex.token0.write.transfer(alice, dex.router, 3 * E18))
    dex.send(dex.pool.write.transfer(alice, bob, E18))
    dex.send(dex.pool.write.approve(bob, dex.router, FOREVER))
    name = "removeLiquidityETHSupportingFeeOnTransferTokens"
    dex.send(getattr(dex.router.write, name)(bob, dex.token0, E18, 0, 0, bob, FOREVER))
    assert dex.token0.read.balanceOf(bob) == E18 + 3 * E18
    assert dex.token0.read.balanceOf(dex.router) == 0


def test_liquidity_left_at_the_router_is_taken_like_any_token_by_who_pairs_it_with_coins(
    market, alice, bob
):
    """Nobody can burn it there, as the caller's is taken; but a pool of it and coins can be made."""
    dex = market
    for who, amount in ((dex.router, 2 * E18), (bob, 2 * E18)):
        dex.send(dex.pool.write.transfer(alice, who, amount))
    tokens, rest = (dex.token0, dex.weth), (2 * E18, 0, 0, bob, FOREVER)
    with reverts("pool: insufficient allowance"):
        dex.send(dex.router.write.removeLiquidity(bob, *tokens, *rest))
    dex.send(dex.pool.write.approve(bob, dex.router, FOREVER))
    join = dex.router.write.addLiquidityETH
    args = (dex.pool, E18, 0, 0, bob, FOREVER)
    dex.send(join(bob, *args, value=E18, gas_limit=5_000_000))
    pool = dex.contract("pool", dex.factory.read.getPair(dex.pool, dex.weth))
    liquidity = pool.read.balanceOf(bob)
    dex.send(pool.write.approve(bob, dex.router, FOREVER))
    name = "removeLiquidityETHSupportingFeeOnTransferTokens"
    dex.send(getattr(dex.router.write, name)(bob, dex.pool, liquidity, 0, 0, bob, FOREVER))
    assert dex.pool.read.balanceOf(bob) == E18 + liquidity + 2 * E18
