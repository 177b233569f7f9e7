"""The numbers that Uniswap's own tests of its pair assert, on our pool."""

from __future__ import annotations

import pytest

from dexsim.testing import reverts

FEE_RECEIVER = "0x" + "fe" * 20


def test_first_mint_locks_the_minimum_and_tells_so_before_the_rest(dex, alice, vector):
    spec = vector("univ2_core_pair")["mint_first"]
    amount0, amount1 = int(spec["amount0"]), int(spec["amount1"])
    receipt = dex.add(amount0, amount1)
    minted = int(spec["expect"]["lp_wallet"])
    assert dex.told(receipt) == [
        ("pool.Transfer", "zero", "zero", 1000),
        ("pool.Transfer", "zero", "alice", minted),
        ("pool.Sync", amount0, amount1),
        ("pool.Mint", "alice", amount0, amount1),
    ]
    assert dex.pool.read.totalSupply() == int(spec["expect"]["totalSupply"])
    assert dex.pool.read.balanceOf("0x" + "00" * 20) == dex.pool.read.MINIMUM_LIQUIDITY() == 1000
    assert dex.reserves() == (amount0, amount1)


@pytest.mark.parametrize("case", range(7))
def test_swap_gives_the_specified_output_and_not_one_more(case, dex, vector):
    spec = vector("univ2_core_pair")["getInputPrice"][case]
    dex.add(int(spec["reserve0"]), int(spec["reserve1"]))
    dex.pay(int(spec["swapAmount0"]))
    out = int(spec["expectedOut1"])
    with reverts("pool: k"):
        dex.swap(0, out + 1)
    dex.swap(0, out)


@pytest.mark.parametrize("case", range(4))
def test_same_token_in_and_out_gives_the_specified_output_and_not_one_more(case, dex, vector):
    spec = vector("univ2_core_pair")["optimistic"][case]
    dex.add(int(spec["reserve0"]), int(spec["reserve1"]))
    dex.pay(int(spec["in0"]))
    with reverts("pool: k"):
        dex.swap(int(spec["out0"]) + 1, 0)
    dex.swap(int(spec["out0"]), 0)


def test_swap_of_token0_moves_and_tells_what_the_spec_says(dex, alice, vector):
    spec = vector("univ2_core_pair")["swap_token0"]
    dex.add(int(spec["reserve0"]), int(spec["reserve1"]))
    amount, out = int(spec["in0"]), int(spec["out1"])
    dex.pay(amount)
    receipt = dex.swap(0, out)
    reserves = int(spec["expect"]["reserve0"]), int(spec["expect"]["reserve1"])
    assert dex.told(receipt) == [
        ("token1.Transfer", "pool", "alice", out),
        ("pool.Sync", *reserves),
        ("pool.Swap", "alice", amount, 0, 0, out, "alice"),
    ]
    assert dex.reserves() == reserves
    assert dex.token0.read.balanceOf(alice) == int(spec["expect"]["wallet_token0"])
    assert dex.token1.read.balanceOf(alice) == int(spec["expect"]["wallet_token1"])


def test_swap_of_token1_moves_and_tells_what_the_spec_says(dex, alice, vector):
    spec = vector("univ2_core_pair")["swap_token1"]
    dex.add(int(spec["reserve0"]), int(spec["reserve1"]))
    amount, out = int(spec["in1"]), int(spec["out0"])
    dex.pay(0, amount)
    receipt = dex.swap(out, 0)
    reserves = int(spec["expect"]["reserve0"]), int(spec["expect"]["reserve1"])
    assert dex.told(receipt) == [
        ("token0.Transfer", "pool", "alice", out),
        ("pool.Sync", *reserves),
        ("pool.Swap", "alice", 0, amount, out, 0, "alice"),
    ]
    assert dex.reserves() == reserves
    assert dex.token0.read.balanceOf(alice) == int(spec["expect"]["wallet_token0"])
    assert dex.token1.read.balanceOf(alice) == int(spec["expect"]["wallet_token1"])


def test_burning_everything_leaves_the_minimum(dex, alice, vector):
    spec = vector("univ2_core_pair")["burn_all"]
    dex.add(int(spec["amount0"]), int(spec["amount1"]))
    liquidity = int(spec["burn_liquidity"])
    receipt = dex.remove(liquidity)
    amount0, amount1 = int(spec["expect"]["amount0"]), int(spec["expect"]["amount1"])
    assert dex.told(receipt) == [
        ("pool.Transfer", "pool", "zero", liquidity),
        ("token0.Transfer", "pool", "alice", amount0),
        ("token1.Transfer", "pool", "alice", amount1),
        ("pool.Sync", 1000, 1000),
        ("pool.Burn", "alice", amount0, amount1, "alice"),
    ]
    assert dex.pool.read.balanceOf(alice) == 0
    assert dex.pool.read.totalSupply() == 1000
    assert dex.token0.read.balanceOf(alice) == int(spec["expect"]["wallet_token0"])
    assert dex.token1.read.balanceOf(alice) == int(spec["expect"]["wallet_token1"])


def test_cumulative_prices_grow_by_the_price_before_each_call(dex, alice, vector):
    steps = vector("univ2_core_pair")["price_cumulative"]["steps"]
    start = None
    for step in steps:
        delay = int(step["at"].removeprefix("t").removeprefix("+") or 0)
        if start is not None:
            dex.wait(start + delay - dex.now())
        if step["do"] == "mint":
            dex.add(int(step["amount0"]), int(step["amount1"]))
            start = dex.now()
            continue
        if step["do"] == "swap":
            dex.pay(int(step["in0"]))
            dex.swap(0, int(step["out1"]))
        else:
            dex.send(dex.pool.write.sync(alice))
        expect = step["expect"]
        assert dex.pool.read.price0CumulativeLast() == int(expect["price0CumulativeLast"])
        assert dex.pool.read.price1CumulativeLast() == int(expect["price1CumulativeLast"])
        assert dex.pool.read.getReserves()[2] == start + delay


def test_without_a_receiver_nobody_gets_a_protocol_fee(dex, vector):
    spec = vector("univ2_core_pair")["feeTo_off"]
    dex.add(int(spec["amount0"]), int(spec["amount1"]))
    dex.pay(0, int(spec["in1"]))
    dex.swap(int(spec["out0"]), 0)
    dex.remove(int(spec["burn_liquidity"]))
    assert dex.pool.read.totalSupply() == int(spec["expect"]["totalSupply"])
    assert dex.pool.read.kLast() == 0


def test_with_a_receiver_one_sixth_of_the_growth_is_minted_to_it(dex, alice, vector):
    spec = vector("univ2_core_pair")["feeTo_on"]
    dex.send(dex.factory.write.setFeeTo(alice, FEE_RECEIVER))
    dex.add(int(spec["amount0"]), int(spec["amount1"]))
    dex.pay(0, int(spec["in1"]))
    dex.swap(int(spec["out0"]), 0)
    dex.remove(int(spec["burn_liquidity"]))
    expect = spec["expect"]
    assert dex.pool.read.totalSupply() == int(expect["totalSupply"])
    assert dex.pool.read.balanceOf(FEE_RECEIVER) == int(expect["lp_feeTo"])
    assert dex.token0.read.balanceOf(dex.pool) == int(expect["pair_token0_balance"])
    assert dex.token1.read.balanceOf(dex.pool) == int(expect["pair_token1_balance"])
