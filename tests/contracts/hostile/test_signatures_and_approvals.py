"""Permits that others send first or again elsewhere, and approvals that are changed too late."""

from __future__ import annotations

import pytest

from dexsim.testing import reverts
from tests.permits import sign

E18 = 10**18
FOREVER = 2**256 - 1
NAME = "dexsim LP"


@pytest.fixture
def filled(dex):
    """Reserves of 10 and 10."""
    dex.add(10 * E18, 10 * E18)
    return dex


@pytest.fixture
def leave(filled, alice):
    """`leave(signature)`: Alice takes 1 of her liquidity out by permit; `sender` may be another."""

    def go(signature, sender=alice):
        write = filled.router.write.removeLiquidityWithPermit
        tokens = (filled.token0, filled.token1)
        rest = (E18, 0, 0, alice, FOREVER, False, *signature)
        return filled.send(write(sender, *tokens, *rest))

    return go


def test_a_permit_that_somebody_else_sends_first_stops_its_owner_but_takes_nothing(
    filled, leave, alice, bob
):
    dex = filled
    signature = sign(dex, alice, dex.router, E18, token=dex.pool, name=NAME)
    dex.send(dex.pool.write.permit(bob, alice, dex.router, E18, FOREVER, *signature))
    with reverts("pool: invalid signature"):
        leave(signature)
    # What the signature was for is there already: the same without a permit passes.
    assert dex.pool.read.allowance(alice, dex.router) == E18
    before = dex.token0.read.balanceOf(alice)
    tokens = (dex.token0, dex.token1)
    dex.send(dex.router.write.removeLiquidity(alice, *tokens, E18, 0, 0, alice, FOREVER))
    assert dex.token0.read.balanceOf(alice) - before == E18
    # A signature with the next nonce passes too.
    leave(sign(dex, alice, dex.router, E18, token=dex.pool, name=NAME, nonce=1))


def test_nobody_can_use_an_allowance_of_the_router_but_its_owner(filled, alice, bob):
    dex = filled
    signature = sign(dex, alice, dex.router, E18, token=dex.pool, name=NAME)
    dex.send(dex.pool.write.permit(bob, alice, dex.router, E18, FOREVER, *signature))
    tokens = (dex.token0, dex.token1)
    with reverts("pool: insufficient balance"):
        dex.send(dex.pool.write.approve(bob, dex.router, FOREVER))
        dex.send(dex.router.write.removeLiquidity(bob, *tokens, E18, 0, 0, bob, FOREVER))
    with reverts("pool: insufficient allowance"):
        dex.send(dex.pool.write.transferFrom(bob, alice, bob, 1))


def test_a_permit_for_one_pool_is_none_for_another(filled, alice, bob):
    dex = filled
    other = dex.create_pool(dex.token0, dex.token1, dex.venue(30))
    signature = sign(dex, alice, bob, E18, token=dex.pool, name=NAME)
    with reverts("pool: invalid signature"):
        dex.send(other.write.permit(bob, alice, bob, E18, FOREVER, *signature))
    assert other.read.DOMAIN_SEPARATOR() != dex.pool.read.DOMAIN_SEPARATOR()
    dex.send(dex.pool.write.permit(bob, alice, bob, E18, FOREVER, *signature))
    assert (other.read.allowance(alice, bob), other.read.nonces(alice)) == (0, 0)


def test_a_permit_of_another_chain_is_none_here_though_all_addresses_are_the_same(
    filled, alice, bob
):
    dex = filled
    there = dex.chain.chain_id + 1
    signature = sign(dex, alice, bob, E18, token=dex.pool, name=NAME, chain_id=there)
    with reverts("pool: invalid signature"):
        dex.send(dex.pool.write.permit(bob, alice, bob, E18, FOREVER, *signature))


def test_two_permits_count_in_the_order_of_their_nonces_and_the_last_is_what_is_allowed(
    filled, alice, bob
):
    dex = filled
    first, second = (
        sign(dex, alice, bob, amount, token=dex.pool, name=NAME, nonce=nonce)
        for nonce, amount in enumerate((5, 3))
    )
    with reverts("pool: invalid signature"):
        dex.send(dex.pool.write.permit(bob, alice, bob, 3, FOREVER, *second))
    dex.send(dex.pool.write.permit(bob, alice, bob, 5, FOREVER, *first))
    dex.send(dex.pool.write.permit(bob, alice, bob, 3, FOREVER, *second))
    assert dex.pool.read.allowance(alice, bob) == 3


def test_a_permit_outlives_an_approval_that_was_taken_back(filled, alice, bob):
    """Only the use of its nonce ends it: an owner who regrets signs something else first."""
    dex = filled
    signature = sign(dex, alice, bob, 5, token=dex.pool, name=NAME)
    dex.send(dex.pool.write.approve(alice, bob, 0))
    with dex.chain.anchor():
        dex.send(dex.pool.write.permit(bob, alice, bob, 5, FOREVER, *signature))
        assert dex.pool.read.allowance(alice, bob) == 5
    harmless = sign(dex, alice, alice, 0, token=dex.pool, name=NAME)
    dex.send(dex.pool.write.permit(alice, alice, alice, 0, FOREVER, *harmless))
    with reverts("pool: invalid signature"):
        dex.send(dex.pool.write.permit(bob, alice, bob, 5, FOREVER, *signature))


@pytest.mark.parametrize("token", ["pool", "token0", "weth"])
def test_an_allowance_changed_too_late_is_spent_twice(token, filled, alice, bob):
    """From 100 to 50: who is quick takes 150. By way of zero, and looking, he takes 100."""
    dex, coin = filled, getattr(filled, token)
    dex.send(dex.weth.write.deposit(alice, value=E18))
    dex.send(coin.write.approve(alice, bob, 100))
    with dex.chain.anchor():
        dex.send(coin.write.transferFrom(bob, alice, bob, 100))
        dex.send(coin.write.approve(alice, bob, 50))
        dex.send(coin.write.transferFrom(bob, alice, bob, 50))
        assert coin.read.balanceOf(bob) == 150
    label = {"pool": "pool", "token0": "token", "weth": "weth"}[token]
    dex.send(coin.write.transferFrom(bob, alice, bob, 100))
    dex.send(coin.write.approve(alice, bob, 0))
    with reverts(f"{label}: insufficient allowance"):
        dex.send(coin.write.transferFrom(bob, alice, bob, 1))
    assert coin.read.balanceOf(bob) == 100
