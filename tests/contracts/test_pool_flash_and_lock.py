"""Flash swaps, and what a pool lets happen in the middle of one."""

from __future__ import annotations

import pytest

from dexsim.testing import reverts

E18 = 10**18


@pytest.fixture
def filled(dex):
    """Reserves of 10 and 10."""
    dex.add(10 * E18, 10 * E18)
    return dex


@pytest.fixture
def callee(filled, alice):
    """A flash callee with 5 of each token of its own."""
    callee = filled.deploy("mocks/flash_callee")
    for token in (filled.token0, filled.token1):
        filled.send(token.write.transfer(alice, callee, 5 * E18))
    return callee


def plan(dex, callee, alice, contract, name, *args):
    """Have the callee make this call in its callback."""
    data = getattr(contract.write, name)(alice, *args).data
    dex.send(callee.write.add_call(alice, contract, data))


def test_callee_is_called_with_the_senders_name_and_the_amounts(filled, callee, alice):
    plan(filled, callee, alice, filled.token0, "transfer", filled.pool, 2 * E18)
    filled.swap(E18, 0, to=callee, data=b"hello")
    assert callee.read.sender() == alice.address
    assert (callee.read.amount0(), callee.read.amount1()) == (E18, 0)
    assert callee.read.data() == b"hello"


def test_swap_without_data_calls_nobody(filled, callee):
    filled.pay(2 * E18)
    filled.swap(E18, 0, to=callee)
    assert callee.read.amount0() == 0


def test_tokens_are_there_and_reserves_are_old_during_the_callback(filled, callee, alice):
    plan(filled, callee, alice, filled.token0, "balanceOf", callee)
    plan(filled, callee, alice, filled.pool, "getReserves")
    plan(filled, callee, alice, filled.token0, "transfer", filled.pool, 2 * E18)
    filled.swap(E18, 0, to=callee, data=b"x")
    assert int.from_bytes(callee.read.answers(0), "big") == 6 * E18
    during = callee.read.answers(1)
    assert int.from_bytes(during[:32], "big") == int.from_bytes(during[32:64], "big") == 10 * E18


@pytest.mark.parametrize("out", [1, 997, 1000, E18, 3 * E18 + 1])
def test_repaying_the_same_token_costs_the_fee_rounded_up(out, filled, callee, alice):
    due = -(-out * 1000 // 997)
    plan(filled, callee, alice, filled.token0, "transfer", filled.pool, due - 1)
    with reverts("pool: k"):
        filled.swap(out, 0, to=callee, data=b"x")
    plan(filled, callee, alice, filled.token0, "transfer", filled.pool, 1)
    filled.swap(out, 0, to=callee, data=b"x")


@pytest.mark.parametrize("out", [1, 1000, E18])
def test_repaying_the_other_token_costs_the_quoted_input(out, filled, callee, alice):
    quoted = filled.router.read.getAmountIn(out, 10 * E18, 10 * E18)
    plan(filled, callee, alice, filled.token1, "transfer", filled.pool, quoted)
    filled.swap(out, 0, to=callee, data=b"x")
    assert filled.reserves() == (10 * E18 - out, 10 * E18 + quoted)


def test_both_tokens_can_be_borrowed_at_once(filled, callee, alice):
    due = -(-E18 * 1000 // 997)
    plan(filled, callee, alice, filled.token0, "transfer", filled.pool, due)
    plan(filled, callee, alice, filled.token1, "transfer", filled.pool, due)
    filled.swap(E18, E18, to=callee, data=b"x")
    assert filled.reserves() == (10 * E18 + due - E18, 10 * E18 + due - E18)


def test_borrowing_without_repaying_is_refused(filled, callee):
    with reverts("pool: insufficient input"):
        filled.swap(E18, 0, to=callee, data=b"x")


@pytest.mark.parametrize(
    ("name", "args"),
    [
        ("mint", ["callee"]),
        ("burn", ["callee"]),
        ("swap", [1, 0, "callee", b""]),
        ("skim", ["callee"]),
        ("sync", []),
    ],
)
def test_a_locked_pool_refuses_every_change(name, args, filled, callee, alice):
    args = [callee if each == "callee" else each for each in args]
    plan(filled, callee, alice, filled.token0, "transfer", filled.pool, 2 * E18)
    plan(filled, callee, alice, filled.pool, name, *args)
    with reverts("pool: locked"):
        filled.swap(E18, 0, to=callee, data=b"x")


def test_the_lock_opens_again_after_every_call_of_one_transaction(filled, callee, alice):
    for contract, name, *args in (
        (filled.pool, "sync"),
        (filled.pool, "skim", callee),
        (filled.token0, "transfer", filled.pool, E18),
        (filled.token1, "transfer", filled.pool, E18),
        (filled.pool, "mint", callee),
        (filled.pool, "transfer", filled.pool, E18 // 2),
        (filled.pool, "burn", callee),
        (filled.token0, "transfer", filled.pool, E18),
        (filled.pool, "swap", 0, E18 // 2, callee, b""),
        (filled.pool, "sync"),
    ):
        plan(filled, callee, alice, contract, name, *args)
    filled.send(callee.write.run_calls(alice))
    assert filled.pool.read.balanceOf(callee) == E18 // 2


def test_the_lock_of_one_pool_leaves_others_open(filled, callee, alice):
    other = filled.on(filled.create_pool(filled.token0, filled.token1, filled.venue(30)))
    other.add(E18, E18)
    plan(filled, callee, alice, other.pool, "sync")
    plan(filled, callee, alice, filled.token0, "transfer", filled.pool, 2 * E18)
    filled.swap(E18, 0, to=callee, data=b"x")


def test_liquidity_can_be_transferred_while_the_pool_is_locked(filled, callee, alice, bob):
    filled.send(filled.pool.write.transfer(alice, callee, 1000))
    plan(filled, callee, alice, filled.pool, "transfer", bob, 400)
    plan(filled, callee, alice, filled.pool, "approve", bob, 600)
    plan(filled, callee, alice, filled.token0, "transfer", filled.pool, 2 * E18)
    filled.swap(E18, 0, to=callee, data=b"x")
    assert filled.pool.read.balanceOf(bob) == 400
    assert filled.pool.read.allowance(callee, bob) == 600


def test_a_token_that_calls_back_finds_the_pool_locked(dex, alice):
    token = dex.deploy("mocks/reentrant_token")
    dex.send(token.write.mint(alice, alice, 100 * E18))
    pool = dex.create_pool(token, dex.token0)
    own = dex.on(pool)
    for each in (token, dex.token0):
        dex.send(each.write.transfer(alice, pool, 10 * E18))
    dex.send(pool.write.mint(alice, alice))
    dex.send(token.write.set_hook(alice, pool, pool.write.sync(alice).data))
    dex.send(pool.write.transfer(alice, pool, E18))
    with reverts("pool: transfer failed"):
        dex.send(pool.write.burn(alice, alice))
    with reverts("pool: transfer failed"):
        dex.send(pool.write.skim(alice, alice))
    dex.send(token.write.set_hook(alice, "0x" + "00" * 20, b""))
    dex.send(pool.write.burn(alice, alice))
    assert own.reserves()[0] < 10 * E18


def test_callback_data_may_have_1024_bytes(filled, callee, alice):
    plan(filled, callee, alice, filled.token0, "transfer", filled.pool, 2 * E18)
    with reverts(""):
        filled.swap(E18, 0, to=callee, data=b"x" * 1025)
    filled.swap(E18, 0, to=callee, data=b"x" * 1024)
    assert callee.read.data() == b"x" * 1024
