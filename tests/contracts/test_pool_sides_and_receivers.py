"""What holds for one token of a pool holds for the other, and who is named gets what is paid.

A pool has everything twice, and in most tests one account is caller and receiver at once. Faults in
one half alone, or in who is who, once lived on in a suite that did not ask for both.
"""

from __future__ import annotations

import pytest

from dexsim.testing import reverts

E18 = 10**18


@pytest.fixture
def filled(dex):
    """Reserves of 5 and 10."""
    dex.add(5 * E18, 10 * E18)
    return dex


def on(side, this, other=0):
    """Two values in the order of the tokens."""
    return (this, other) if side == 0 else (other, this)


@pytest.mark.parametrize("side", [0, 1])
def test_an_input_of_either_token_pays_the_fee(side, filled):
    """A pool that took its fee of token0 alone was noticed by the recorded operations only."""
    reserves = filled.reserves()
    amount = 10**15 + 7
    effective = amount * 997
    out = effective * reserves[1 - side] // (reserves[side] * 1000 + effective)
    filled.pay(*on(side, amount))
    with reverts("pool: k"):
        filled.swap(*on(side, 0, out + 1))
    filled.swap(*on(side, 0, out))


@pytest.mark.parametrize("side", [0, 1])
def test_a_later_mint_counts_the_scarcer_token_whichever_it_is(side, filled, alice):
    """A pool that looked at token0 alone gave what the published numbers say."""
    supply = filled.pool.read.totalSupply()
    scarce = 7 * 10**15
    receipt = filled.add(*on(side, scarce, 9 * E18))
    minted = scarce * supply // on(side, 5, 10)[0] // E18
    assert filled.told(receipt)[0] == ("pool.Transfer", "zero", "alice", minted)


@pytest.mark.parametrize("side", [0, 1])
def test_a_burn_rounds_either_token_down(side, dex, alice):
    dex.add(*on(side, 10**12 + 1, 10**9))
    supply = dex.pool.read.totalSupply()
    receipt = dex.remove(10**7 + 1)
    paid = [(10**7 + 1) * held // supply for held in on(side, 10**12 + 1, 10**9)]
    assert all((10**7 + 1) * held % supply for held in (10**12 + 1, 10**9)), "no rest, no rounding"
    assert dex.told(receipt)[-1] == ("pool.Burn", "alice", *paid, "alice")


def test_a_pool_whose_reserves_were_given_takes_its_first_mint(dex, alice):
    """A pool that told a first mint by empty reserves was noticed by the recorded operations only.

    Anybody could have closed a new pool for good, with one unit of each token and a sync.
    """
    dex.pay(1, 1)
    dex.send(dex.pool.write.sync(alice))
    dex.add(4 * E18, E18)
    assert dex.pool.read.balanceOf(alice) == 2 * E18 - 1000


def test_the_named_one_gets_the_liquidity_and_the_caller_is_told(dex, bob, alice):
    dex.pay(4 * E18, E18)
    receipt = dex.send(dex.pool.write.mint(alice, bob))
    assert dex.told(receipt)[1:] == [
        ("pool.Transfer", "zero", "bob", 2 * E18 - 1000),
        ("pool.Sync", 4 * E18, E18),
        ("pool.Mint", "alice", 4 * E18, E18),
    ]


def test_the_named_one_gets_what_is_burnt_and_both_are_told(filled, bob, alice):
    filled.send(filled.pool.write.transfer(alice, filled.pool, E18))
    receipt = filled.send(filled.pool.write.burn(alice, bob))
    (_, *paid, _, (*_, amount0, amount1, _)) = told = filled.told(receipt)
    assert [each[:3] for each in paid] == [
        ("token0.Transfer", "pool", "bob"),
        ("token1.Transfer", "pool", "bob"),
    ]
    assert told[-1] == ("pool.Burn", "alice", amount0, amount1, "bob")


def test_the_named_one_gets_both_outputs_and_both_are_told(filled, bob):
    filled.pay(2 * E18, 3 * E18)
    receipt = filled.swap(E18, 2 * E18, to=bob)
    assert filled.told(receipt) == [
        ("token0.Transfer", "pool", "bob", E18),
        ("token1.Transfer", "pool", "bob", 2 * E18),
        ("pool.Sync", 6 * E18, 11 * E18),
        ("pool.Swap", "alice", 2 * E18, 3 * E18, E18, 2 * E18, "bob"),
    ]
