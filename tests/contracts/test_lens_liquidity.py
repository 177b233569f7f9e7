"""What the lens says liquidity is worth, against what burning it pays; and in the middle of a swap."""

from __future__ import annotations

import pytest

from dexsim import cpmm
from dexsim.testing import reverts
from tests.looking import ALICE, Looking

E18 = 10**18
NOBODY = "0x" + "00" * 20
FOREVER = 2**256 - 1


@pytest.fixture
def busy(dex):
    """Fee on, swaps since the last mint."""
    dex.send(dex.factory.write.setFeeTo(ALICE, "0x" + "fe" * 20))
    dex.add(300 * E18 + 7, 700 * E18 + 3)
    dex.pay(30 * E18)
    dex.swap(0, dex.router.read.getAmountOut(30 * E18, *dex.reserves()))
    return dex


def burn(dex, liquidity):
    """What it pays."""
    both = (dex.token0, dex.token1)
    before = [token.read.balanceOf(ALICE) for token in both]
    dex.remove(liquidity)
    return tuple(token.read.balanceOf(ALICE) - b for token, b in zip(both, before, strict=True))


@pytest.mark.parametrize("fee_on", [True, False])
def test_liquidity_is_worth_what_burning_it_pays(busy, fee_on):
    if not fee_on:
        busy.send(busy.factory.write.setFeeTo(ALICE, NOBODY))
    busy.pay(11, 13)  # a gift, which the burn pays out too
    value = Looking(busy).contract.read.liquidity_value(busy.pool, E18 + 1)
    assert burn(busy, E18 + 1) == value


@pytest.mark.parametrize(("num", "den"), [(1, 1), (9, 1), (193, 100), (7, 3), (1, 100)])
def test_liquidity_after_arbitrage_is_worth_what_burning_it_pays_after_that_swap(busy, num, den):
    lens = Looking(busy).contract.read
    value = lens.liquidity_value_after_arbitrage(busy.pool, 3 * E18, num, den)
    sells0, amount = cpmm.arbitrage(*busy.reserves(), num, den, 30)
    if amount:
        sold, bought = busy.reserves() if sells0 else busy.reserves()[::-1]
        out = cpmm.amount_out(amount, sold, bought, 30)
        busy.pay(*((amount, 0) if sells0 else (0, amount)))
        busy.swap(*((0, out) if sells0 else (out, 0)))
    assert (amount == 0) == ((num, den) == (193, 100)), "one price lies within the fee"
    assert burn(busy, 3 * E18) == value


def test_nobody_makes_liquidity_look_dearer_by_trading_first(busy):
    """Valued at the outside price; what the trader pays in fees is all that is added."""
    lens = Looking(busy).contract.read
    num, den = busy.reserves()[::-1]

    def worth(ask, *price):
        a, b = ask(busy.pool, 100 * E18, *price)
        return a * num + b * den

    honest = worth(lens.liquidity_value), worth(lens.liquidity_value_after_arbitrage, num, den)
    busy.pay(3000 * E18)
    busy.swap(0, busy.router.read.getAmountOut(3000 * E18, *busy.reserves()))
    pushed = worth(lens.liquidity_value), worth(lens.liquidity_value_after_arbitrage, num, den)
    assert pushed[0] > honest[0] * 17 // 10
    assert honest[1] <= pushed[1] < honest[1] * 102 // 100


def test_what_can_be_skimmed_again_adds_nothing_to_the_value_of_liquidity(busy):
    read = Looking(busy).contract.read
    honest = read.liquidity_value_after_arbitrage(busy.pool, E18, 1, 1)
    busy.pay(900 * E18, 900 * E18)
    assert read.liquidity_value_after_arbitrage(busy.pool, E18, 1, 1) == honest
    assert read.liquidity_value(busy.pool, E18) > honest, "for who burns now, it is a gift"


@pytest.mark.parametrize("price", [(), (1, 1)])
def test_liquidity_has_no_value_in_the_middle_of_a_flash_swap(busy, price):
    lens = Looking(busy).contract
    callee = busy.deploy("mocks/flash_callee")
    busy.send(busy.token0.write.transfer(ALICE, callee, E18))
    name = "liquidity_value_after_arbitrage" if price else "liquidity_value"
    ask = getattr(lens.write, name)(ALICE, busy.pool, E18, *price)
    busy.send(callee.write.add_call(ALICE, lens, ask.data))
    with reverts("lens: pool is locked"):
        busy.swap(99 * E18, 0, callee, b"x")


def test_in_the_middle_of_a_burn_balances_look_right_and_the_lens_says_locked(dex):
    """The supply has fallen, the balances have not: liquidity would look ten times as dear."""
    token = dex.deploy("mocks/hooked_token")
    pool = dex.create_pool(token, dex.token1)
    dex.send(token.write.mint(ALICE, pool, 100 * E18))
    dex.send(dex.token1.write.transfer(ALICE, pool, 100 * E18))
    dex.send(pool.write.mint(ALICE, ALICE))
    lens, agent = Looking(dex), dex.deploy("mocks/flash_callee")
    ask = lens.contract.write.pool_info(ALICE, pool, ALICE, ALICE)
    dex.send(agent.write.add_call(ALICE, lens.contract, ask.data))
    dex.send(token.write.set_hooks(ALICE, pool, agent, NOBODY))
    dex.send(pool.write.transfer(ALICE, pool, 90 * E18))
    burn_it = pool.write.burn(ALICE, ALICE, gas_limit=5_000_000)
    [seen] = answers_of(dex.chain.trace(burn_it), lens.contract.address)
    during = lens.named(lens.contract.interface.function("pool_info", 3).decode_output(seen))
    assert during.locked
    hooked = during.token0 if during.token0.token == token.address else during.token1
    assert hooked.balance == hooked.reserve
    assert hooked.unit_redeems > 9 * E18
    dex.send(burn_it)
    assert not lens.at(pool).locked


def test_a_token_that_shrank_below_what_arbitrage_buys_is_refused(dex):
    token = dex.deploy("mocks/rebasing")
    pool = dex.create_pool(token, dex.token1)
    dex.send(token.write.mint(ALICE, pool, 100 * E18))
    dex.send(dex.token1.write.transfer(ALICE, pool, 100 * E18))
    dex.send(pool.write.mint(ALICE, ALICE))
    dex.send(token.write.rebase(ALICE, 1, 10))
    price = (100, 1) if pool.read.token0() == token.address else (1, 100)
    with reverts("lens: insufficient liquidity"):
        Looking(dex).contract.read.liquidity_value_after_arbitrage(pool, E18, *price)


def test_liquidity_that_the_pool_refuses_to_burn_redeems_nothing(dex, bob):
    first, second = dex.deploy("mocks/no_return"), dex.deploy("mocks/no_return")
    pool = dex.create_pool(first, second)
    for token in (first, second):
        dex.send(token.write.mint(ALICE, pool, E18))
    dex.send(pool.write.mint(ALICE, ALICE))
    dex.send(pool.write.transfer(ALICE, bob, 10**6))
    assert Looking(dex).at(pool, bob).token0.user_redeems == 10**6
    dex.send(first.write.mint(ALICE, pool, 2**113))
    info = Looking(dex).at(pool, bob)
    assert (info.token0.user_redeems, info.token1.user_redeems) == (0, 0)
    dex.send(pool.write.transfer(bob, pool, 10**6))
    with reverts("pool: overflow"):
        dex.send(pool.write.burn(bob, bob))


def test_a_protocol_fee_that_overflows_is_told_and_leaves_nothing_to_redeem(dex, bob):
    dex.send(dex.factory.write.setFeeTo(ALICE, "0x" + "fe" * 20))
    first, second = dex.deploy("mocks/no_return"), dex.deploy("mocks/no_return")
    pool = dex.create_pool(first, second)
    for amount in (1001, 2**111 - 1001):
        for token in (first, second):
            dex.send(token.write.mint(ALICE, pool, amount))
        dex.send(pool.write.mint(ALICE, bob) if amount == 1001 else pool.write.sync(ALICE))
    dex.chain.engine.set_storage(pool.address, 0, 2**200)  # so much liquidity there cannot be
    info = Looking(dex).at(pool, bob)
    assert info.pending_fee == FOREVER
    assert (info.token0.user_redeems, info.user_share_e18) == (0, 0)
    dex.send(pool.write.transfer(bob, pool, 1))
    with reverts(""):
        dex.send(pool.write.burn(bob, bob))


def test_during_a_flash_swap_balances_are_below_reserves_and_the_lens_says_locked(busy):
    lens = Looking(busy)
    lent = 100 * E18
    callee = busy.deploy("mocks/flash_callee")
    busy.send(busy.token0.write.transfer(ALICE, callee, E18))
    before = lens.at(busy.pool)
    for target, call in (
        (lens.contract, lens.contract.write.pool_info(ALICE, busy.pool, ALICE, busy.router)),
        (busy.token0, busy.token0.write.transfer(ALICE, busy.pool, lent * 1000 // 997 + 1)),
    ):
        busy.send(callee.write.add_call(ALICE, target, call.data))
    swap = busy.pool.write.swap(ALICE, lent, 0, callee, b"x", gas_limit=5_000_000)
    [seen] = answers_of(busy.chain.trace(swap), lens.contract.address)
    function = lens.contract.interface.function("pool_info", 3)
    during = lens.named(function.decode_output(seen))
    assert during.locked
    assert not before.locked
    assert during.token0.balance == before.token0.balance - lent < during.token0.reserve
    for name in ("reserve", "spot_price", "cumulative_price"):
        assert getattr(during.token0, name) == getattr(before.token0, name)
    assert during.token0.user_redeems < before.token0.user_redeems
    busy.send(swap)
    after = lens.at(busy.pool)
    assert after.token0.balance == after.token0.reserve > before.token0.reserve


def answers_of(frame, address):
    """The outputs of all calls of an address, in order."""
    own = [frame.output] if frame.to == address else []
    return own + [each for call in frame.calls for each in answers_of(call, address)]
