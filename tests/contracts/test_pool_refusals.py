"""What the pool refuses, in pairs: the exact amount passes, one more is refused with its reason."""

from __future__ import annotations

import pytest

from dexsim.testing import reverts

E18 = 10**18
MAX_RESERVE = 2**112 - 1


@pytest.fixture
def filled(dex):
    """Reserves of 5 and 10."""
    dex.add(5 * E18, 10 * E18)
    return dex


@pytest.fixture
def mock_pool(dex, alice):
    """`mock_pool("no_return")`: that mock, a plain token and their empty pool; Alice holds both."""

    def create(name, *args):
        mock = dex.deploy(f"mocks/{name}", *args)
        plain = dex.deploy("token", "P", "P", 18, 10**30)
        dex.send(mock.write.mint(alice, alice, 10**30))
        return mock, plain, dex.create_pool(mock, plain)

    return create


def test_swap_without_output_is_refused(filled):
    with reverts("pool: insufficient output"):
        filled.swap(0, 0)


def test_swap_may_take_all_but_one_unit_of_a_reserve(filled):
    with reverts("pool: insufficient liquidity"):
        filled.swap(5 * E18, 0)
    with reverts("pool: insufficient liquidity"):
        filled.swap(0, 10 * E18)
    with reverts("pool: insufficient input"):
        filled.swap(5 * E18 - 1, 0)


def test_swap_to_one_of_the_tokens_is_refused(filled):
    for token in (filled.token0, filled.token1):
        with reverts("pool: invalid to"):
            filled.swap(1, 0, to=token)


def test_checks_come_in_the_order_of_the_original(filled):
    with reverts("pool: insufficient output"):
        filled.swap(0, 0, to=filled.token0)
    with reverts("pool: insufficient liquidity"):
        filled.swap(5 * E18, 0, to=filled.token0)
    with reverts("pool: invalid to"):
        filled.swap(1, 0, to=filled.token0, data=b"x")


def test_swap_without_payment_is_refused_before_k_is_looked_at(filled):
    with reverts("pool: insufficient input"):
        filled.swap(1, 0)
    filled.pay(1)
    with reverts("pool: k"):
        filled.swap(1, 0)


def test_a_product_one_unit_short_of_k_is_refused(dex):
    free = dex.on(dex.create_pool(dex.token0, dex.token1, dex.venue(0)))
    free.add(10_000, 10_000)
    free.pay(1)
    with reverts("pool: k"):
        free.swap(0, 1)
    free.pay(1)
    free.swap(0, 1)


def test_swap_of_an_empty_pool_is_refused(dex):
    dex.pay(1)
    with reverts("pool: insufficient liquidity"):
        dex.swap(0, 1)


def test_both_tokens_may_be_taken_out_of_one_swap(filled):
    filled.pay(2 * E18, 2 * E18)
    filled.swap(E18, E18)
    assert filled.reserves() == (6 * E18, 11 * E18)


@pytest.mark.parametrize(("amount0", "amount1"), [(1000, 1000), (999, 999), (0, 0), (10**12, 0)])
def test_first_mint_of_no_more_than_the_minimum_is_refused(amount0, amount1, dex):
    with reverts("pool: insufficient liquidity minted"):
        dex.add(amount0, amount1)


def test_first_mint_of_one_more_than_the_minimum_passes(dex, alice):
    dex.add(1001, 1001)
    assert dex.pool.read.balanceOf(alice) == 1
    assert dex.pool.read.totalSupply() == 1001


def test_later_mint_counts_the_scarcer_token(filled, alice):
    before = filled.pool.read.balanceOf(alice)
    supply = filled.pool.read.totalSupply()
    filled.add(E18, 10 * E18)
    assert filled.pool.read.balanceOf(alice) - before == E18 * supply // (5 * E18)


def test_later_mint_of_one_token_alone_is_refused(filled):
    with reverts("pool: insufficient liquidity minted"):
        filled.add(E18, 0)


def test_burn_of_nothing_is_refused(filled, alice):
    with reverts("pool: insufficient liquidity burned"):
        filled.send(filled.pool.write.burn(alice, alice))


def test_burn_in_a_pool_without_supply_is_refused(dex, alice):
    dex.pay(10, 10)
    with reverts("pool: insufficient liquidity burned"):
        dex.send(dex.pool.write.burn(alice, alice))


def test_burn_that_gives_nothing_of_one_token_is_refused(dex, alice):
    dex.add(10**12, 4)
    supply = dex.pool.read.totalSupply()
    least = -(-supply // 4)
    dex.send(dex.pool.write.transfer(alice, dex.pool, least - 1))
    with reverts("pool: insufficient liquidity burned"):
        dex.send(dex.pool.write.burn(alice, alice))
    dex.send(dex.pool.write.transfer(alice, dex.pool, 1))
    dex.send(dex.pool.write.burn(alice, alice))
    assert dex.reserves()[1] == 3


def test_burn_pays_by_balances_and_not_by_reserves(filled, alice):
    filled.pay(E18)
    supply = filled.pool.read.totalSupply()
    before = filled.token0.read.balanceOf(alice)
    filled.remove(10**9)
    assert filled.token0.read.balanceOf(alice) - before == 10**9 * 6 * E18 // supply


@pytest.mark.parametrize("side", [0, 1])
def test_reserves_hold_up_to_112_bits_and_skim_is_the_way_out(side, dex, alice, bob):
    tokens = [dex.deploy("token", "Big", "BIG", 18, 2**113) for _ in range(2)]
    token = sorted(tokens, key=lambda each: int(each.address, 16))[side]
    pool = dex.create_pool(*tokens)
    dex.send(token.write.transfer(alice, pool, MAX_RESERVE))
    dex.send(pool.write.sync(alice))
    assert pool.read.getReserves()[side] == MAX_RESERVE
    dex.send(token.write.transfer(alice, pool, 1))
    with reverts("pool: overflow"):
        dex.send(pool.write.sync(alice))
    dex.send(pool.write.skim(alice, bob))
    assert token.read.balanceOf(bob) == 1
    dex.send(pool.write.sync(alice))


def test_skim_sends_the_excess_of_both_tokens_and_leaves_the_reserves(filled, alice, bob):
    filled.pay(7, 9)
    receipt = filled.send(filled.pool.write.skim(alice, bob))
    assert filled.told(receipt) == [
        ("token0.Transfer", "pool", "bob", 7),
        ("token1.Transfer", "pool", "bob", 9),
    ]
    assert filled.reserves() == (5 * E18, 10 * E18)


def test_skim_transfers_amounts_of_zero_too(filled, alice, bob):
    receipt = filled.send(filled.pool.write.skim(alice, bob))
    assert filled.told(receipt) == [
        ("token0.Transfer", "pool", "bob", 0),
        ("token1.Transfer", "pool", "bob", 0),
    ]


def test_sync_takes_the_balances_as_reserves(filled, alice):
    filled.pay(7, 9)
    receipt = filled.send(filled.pool.write.sync(alice))
    assert filled.told(receipt) == [("pool.Sync", 5 * E18 + 7, 10 * E18 + 9)]


def test_initialize_is_refused_to_everybody(dex, alice):
    with reverts("pool: forbidden"):
        dex.send(dex.pool.write.initialize(alice, dex.token0, dex.token1))


def test_tokens_without_return_value_can_be_traded(mock_pool, dex, alice, bob):
    mock, plain, pool = mock_pool("no_return")
    dex.send(mock.write.transfer(alice, pool, 10 * E18))
    dex.send(plain.write.transfer(alice, pool, 10 * E18))
    dex.send(pool.write.mint(alice, alice))
    dex.send(plain.write.transfer(alice, pool, E18))
    outs = (E18 // 2, 0) if pool.read.token0() == mock.address else (0, E18 // 2)
    dex.send(pool.write.swap(alice, *outs, bob, b""))
    assert mock.read.balanceOf(bob) == E18 // 2


@pytest.mark.parametrize("name", ["false_return", "reverting"])
def test_a_token_that_does_not_pay_is_refused_with_the_pools_reason(name, mock_pool, dex, alice):
    mock, plain, pool = mock_pool(name)
    dex.send(mock.write.transfer(alice, pool, 10 * E18))
    dex.send(plain.write.transfer(alice, pool, 10 * E18))
    dex.send(pool.write.mint(alice, alice))
    dex.send(plain.write.transfer(alice, pool, E18))
    outs = (E18 // 2, 0) if pool.read.token0() == mock.address else (0, E18 // 2)
    dex.send(mock.write.set_failing(alice, True))
    with reverts("pool: transfer failed"):
        dex.send(pool.write.swap(alice, *outs, alice, b""))
    with reverts("pool: transfer failed"):
        dex.send(pool.write.skim(alice, alice))
    dex.send(pool.write.transfer(alice, pool, E18))
    with reverts("pool: transfer failed"):
        dex.send(pool.write.burn(alice, alice))
    dex.send(mock.write.set_failing(alice, False))
    dex.send(pool.write.swap(alice, *outs, alice, b""))


def test_a_token_that_taxes_transfers_is_counted_by_what_arrives(mock_pool, dex, alice):
    mock, plain, pool = mock_pool("fee_on_transfer", 100)
    dex.send(mock.write.transfer(alice, pool, 10_000))
    dex.send(plain.write.transfer(alice, pool, 10_000))
    dex.send(pool.write.mint(alice, alice))
    assert sorted(pool.read.getReserves()[:2]) == [9_900, 10_000]
