"""What the lens tells of a pool, against the pool's own answers and against what it then does."""

from __future__ import annotations

import pytest
from eth_utils import to_checksum_address

from tests.looking import ALICE, Looking

E18 = 10**18
Q112 = 2**112
RECEIVER = to_checksum_address("0x" + "fe" * 20)
NOBODY = "0x" + "00" * 20


@pytest.fixture
def look(dex):
    """`look(pool, user=alice)`: what the lens tells."""
    return Looking(dex).at


@pytest.fixture
def charged(dex):
    """Fee on, three to seven, swaps since the last mint, donations and stray liquidity."""
    dex.send(dex.factory.write.setFeeTo(ALICE, RECEIVER))
    dex.add(300 * E18 + 7, 700 * E18 + 3)
    dex.wait(5)
    dex.pay(30 * E18)
    dex.swap(0, dex.router.read.getAmountOut(30 * E18, *dex.reserves()))
    dex.wait(7)
    dex.pay(11, 13)
    return dex


def test_it_tells_what_the_pool_and_its_tokens_tell(charged, look):
    dex = charged
    dex.send(dex.token0.write.approve(ALICE, dex.router, 77))
    dex.send(dex.pool.write.approve(ALICE, dex.router, 78))
    dex.send(dex.pool.write.transfer(ALICE, dex.pool, 79))
    info = look(dex.pool)
    reserves = dex.pool.read.getReserves()
    assert (info.pool, info.factory, info.fee_bps) == (dex.pool.address, dex.factory.address, 30)
    assert info.last_change == reserves[2] == dex.now() - 7
    assert (info.total_supply, info.k_last) == (dex.pool.read.totalSupply(), dex.pool.read.kLast())
    assert info.fee_receiver == RECEIVER
    assert info.stray_liquidity == 79
    assert info.user_liquidity == dex.pool.read.balanceOf(ALICE)
    assert info.user_liquidity_allowance == 78
    assert info.user_share_e18 == info.user_liquidity * E18 // (
        info.total_supply + info.pending_fee
    )
    for token, told, reserve, surplus, allowance in (
        (dex.token0, info.token0, reserves[0], 11, 77),
        (dex.token1, info.token1, reserves[1], 13, 0),
    ):
        assert told.token == token.address
        assert (told.symbol, told.decimals) == (token.read.symbol(), 18)
        assert (told.reserve, told.balance) == (reserve, reserve + surplus)
        assert told.surplus == surplus
        assert told.user_balance == token.read.balanceOf(ALICE)
        assert told.user_allowance == allowance
        known = (told.symbol_known, told.decimals_known, told.balance_known)
        assert (*known, told.user_balance_known, told.user_allowance_known) == (True,) * 5


def test_a_user_without_anything_has_nothing(charged, look, bob):
    info = look(charged.pool, bob)
    assert (info.user_liquidity, info.user_share_e18, info.user_liquidity_allowance) == (0, 0, 0)
    for told in (info.token0, info.token1):
        assert (told.user_balance, told.user_allowance, told.user_redeems) == (0, 0, 0)


def test_sums_are_those_that_a_sync_would_leave(charged, look):
    info = look(charged.pool)
    assert info.token0.spot_price == info.token1.reserve * Q112 // info.token0.reserve
    assert info.token1.spot_price == info.token0.reserve * Q112 // info.token1.reserve
    told = (info.token0.cumulative_price, info.token1.cumulative_price)
    read = charged.pool.read
    assert told[0] > read.price0CumulativeLast()
    charged.send(charged.pool.write.skim(ALICE, ALICE))
    charged.send(charged.pool.write.sync(ALICE))
    assert told == (read.price0CumulativeLast(), read.price1CumulativeLast())


def test_sums_go_through_the_wrap_of_the_clock(charged, look):
    charged.wait(2**32 - charged.now() + 5)
    info = look(charged.pool)
    assert info.last_change > charged.now() % 2**32
    told = (info.token0.cumulative_price, info.token1.cumulative_price)
    charged.send(charged.pool.write.sync(ALICE))
    read = charged.pool.read
    assert told == (read.price0CumulativeLast(), read.price1CumulativeLast())


@pytest.mark.parametrize("way", ["mint", "burn"])
def test_the_pending_fee_is_what_the_next_mint_or_burn_gives(charged, look, way):
    told = look(charged.pool).pending_fee
    assert told > 0
    if way == "mint":
        charged.add(E18, 10 * E18)
    else:
        charged.remove(E18)
    assert charged.pool.read.balanceOf(RECEIVER) == told
    assert look(charged.pool).pending_fee == 0


def test_without_a_receiver_no_fee_is_pending(charged, look):
    charged.send(charged.factory.write.setFeeTo(ALICE, NOBODY))
    info = look(charged.pool)
    assert info.k_last > 0
    assert info.pending_fee == 0


def test_what_the_user_redeems_is_what_burning_all_of_it_pays(charged, look):
    info = look(charged.pool)
    before = [token.read.balanceOf(ALICE) for token in (charged.token0, charged.token1)]
    charged.remove(info.user_liquidity)
    after = [token.read.balanceOf(ALICE) for token in (charged.token0, charged.token1)]
    paid = [b - a for a, b in zip(before, after, strict=True)]
    assert paid == [info.token0.user_redeems, info.token1.user_redeems]
    whole = info.total_supply * info.token0.balance // info.total_supply
    assert paid[0] < whole, "the pending fee comes off"


def test_a_whole_unit_redeems_what_burning_it_pays(charged, look):
    info = look(charged.pool)
    before = charged.token0.read.balanceOf(ALICE), charged.token1.read.balanceOf(ALICE)
    charged.remove(E18)
    after = charged.token0.read.balanceOf(ALICE), charged.token1.read.balanceOf(ALICE)
    assert after[0] - before[0] == info.token0.unit_redeems
    assert after[1] - before[1] == info.token1.unit_redeems


def test_where_the_pool_would_not_burn_nothing_is_redeemed(dex, look, bob):
    dex.add(10**4, 10**12)
    supply = dex.pool.read.totalSupply()
    least = -(-supply // 10**4)
    for liquidity, redeemed in ((least - 1, (0, 0)), (least, (1, 10**12 * least // supply))):
        dex.send(dex.pool.write.transfer(ALICE, bob, liquidity - dex.pool.read.balanceOf(bob)))
        info = look(dex.pool, bob)
        assert (info.token0.user_redeems, info.token1.user_redeems) == redeemed
    dex.remove(least, sender=bob)
    assert (dex.token0.read.balanceOf(bob), dex.token1.read.balanceOf(bob)) == redeemed


def test_an_empty_pool_is_told_too(dex, look):
    info = look(dex.pool)
    assert (info.total_supply, info.pending_fee, info.user_share_e18) == (0, 0, 0)
    for told in (info.token0, info.token1):
        assert (told.reserve, told.spot_price, told.cumulative_price, told.unit_redeems) == (0,) * 4
