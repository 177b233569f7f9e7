"""What the lens says liquidity is worth, against what burning it pays; and in the middle of a swap."""

from __future__ import annotations

import pytest

from dexsim import cpmm
from tests.looking import ALICE, Looking

E18 = 10**18
NOBODY = "0x" + "00" * 20


@pytest.fixture
def busy(dex):
    """Fee on, swaps since the last mint, a donation."""
    dex.send(dex.factory.write.setFeeTo(ALICE, "0x" + "fe" * 20))
    dex.add(300 * E18 + 7, 700 * E18 + 3)
    dex.pay(30 * E18)
    dex.swap(0, dex.router.read.getAmountOut(30 * E18, *dex.reserves()))
    dex.pay(11, 13)
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


def test_during_a_flash_swap_balances_below_reserves_are_the_sign(busy):
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
