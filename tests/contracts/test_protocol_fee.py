"""The protocol's sixth: when it is minted, and who moves kLast."""

from __future__ import annotations

from math import isqrt

import pytest
from eth_utils import to_checksum_address

E18 = 10**18
RECEIVER = to_checksum_address("0x" + "fe" * 20)
NOBODY = "0x" + "00" * 20


@pytest.fixture
def charged(dex, alice):
    """Fee on, reserves of 100 and 100, and one swap since."""
    dex.send(dex.factory.write.setFeeTo(alice, RECEIVER))
    dex.add(100 * E18, 100 * E18)
    grow(dex)
    return dex


def grow(dex):
    dex.pay(10 * E18)
    reserve0, reserve1 = dex.reserves()
    dex.swap(0, dex.router.read.getAmountOut(10 * E18, reserve0, reserve1))


def due(dex):
    """What the next mint or burn gives to the receiver."""
    root = isqrt(dex.reserves()[0] * dex.reserves()[1])
    root_last = isqrt(dex.pool.read.kLast())
    return dex.pool.read.totalSupply() * (root - root_last) // (5 * root + root_last)


def test_fee_is_minted_before_the_liquidity_of_a_mint(charged):
    fee = due(charged)
    supply = charged.pool.read.totalSupply()
    reserve0, reserve1 = charged.reserves()
    receipt = charged.add(E18, E18)
    minted = min(E18 * (supply + fee) // reserve0, E18 * (supply + fee) // reserve1)
    assert fee > 0
    assert charged.told(receipt)[:2] == [
        ("pool.Transfer", "zero", RECEIVER, fee),
        ("pool.Transfer", "zero", "alice", minted),
    ]
    assert charged.pool.read.kLast() == (reserve0 + E18) * (reserve1 + E18)


def test_fee_is_minted_before_a_burn(charged):
    fee = due(charged)
    supply = charged.pool.read.totalSupply()
    reserve0, _ = charged.reserves()
    receipt = charged.remove(E18)
    told = charged.told(receipt)
    assert told[0] == ("pool.Transfer", "zero", RECEIVER, fee)
    assert told[2] == ("token0.Transfer", "pool", "alice", E18 * reserve0 // (supply + fee))
    assert charged.pool.read.kLast() == charged.reserves()[0] * charged.reserves()[1]


def test_no_growth_no_fee(charged):
    charged.add(E18, E18)
    before = charged.pool.read.balanceOf(RECEIVER)
    charged.add(E18, E18)
    # Rounding of the first mint in the pool's favour may be worth a few units of liquidity.
    assert charged.pool.read.balanceOf(RECEIVER) - before < 10


@pytest.mark.parametrize(("growth", "fee"), [(6, 0), (7, 1)])
def test_growth_that_is_worth_no_unit_of_liquidity_mints_and_tells_nothing(growth, fee, dex, alice):
    """A pool that told a fee of zero, by a Transfer to the receiver, once passed every test."""
    dex.send(dex.factory.write.setFeeTo(alice, RECEIVER))
    dex.add(10_000, 10_000)
    dex.pay(growth, growth)
    dex.send(dex.pool.write.sync(alice))
    assert due(dex) == fee
    told = dex.told(dex.add(1000, 1000))
    minted = [("pool.Transfer", "zero", RECEIVER, fee)] if fee else []
    assert told[:-3] == minted


def test_swap_sync_and_skim_leave_klast_alone(charged, alice):
    before = charged.pool.read.kLast()
    assert before == 100 * E18 * 100 * E18
    charged.pay(7, 7)
    charged.send(charged.pool.write.skim(alice, alice))
    charged.pay(7, 7)
    charged.send(charged.pool.write.sync(alice))
    assert charged.pool.read.kLast() == before


def test_switched_off_the_next_mint_clears_klast_and_mints_nothing(charged, alice):
    charged.send(charged.factory.write.setFeeTo(alice, NOBODY))
    assert charged.pool.read.kLast() > 0
    charged.add(E18, E18)
    assert charged.pool.read.kLast() == 0
    assert charged.pool.read.balanceOf(RECEIVER) == 0


def test_switched_on_late_only_later_growth_is_charged(dex, alice):
    dex.add(100 * E18, 100 * E18)
    grow(dex)
    dex.send(dex.factory.write.setFeeTo(alice, RECEIVER))
    dex.add(E18, E18)
    assert dex.pool.read.balanceOf(RECEIVER) == 0
    assert dex.pool.read.kLast() == dex.reserves()[0] * dex.reserves()[1]
    grow(dex)
    fee = due(dex)
    dex.remove(E18)
    assert dex.pool.read.balanceOf(RECEIVER) == fee > 0


def test_a_fee_that_goes_to_the_pool_itself_is_burnt_by_the_next_burn_only(charged, alice):
    charged.send(charged.factory.write.setFeeTo(alice, charged.pool))
    fee = due(charged)
    charged.remove(E18)
    assert charged.pool.read.balanceOf(charged.pool) == fee > 0
    before = charged.pool.read.totalSupply()
    charged.send(charged.pool.write.burn(alice, alice))
    assert charged.pool.read.totalSupply() <= before - fee + 10
