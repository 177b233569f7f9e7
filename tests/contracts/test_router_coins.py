"""The router's functions for the chain's own coin: wrapped on the way in, paid out on the way out."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

import pytest

from dexsim.chain.types import Transaction
from dexsim.errors import Reverted
from dexsim.testing import reverts
from tests.permits import sign

E18 = 10**18
FOREVER = 2**256 - 1
NO_SIGNATURE = (False, 27, b"\0" * 32, b"\0" * 32)


@dataclass(frozen=True)
class Counter:
    """Somebody at a pool of 5 tokens and 10 coins, who may use all that she has."""

    dex: Any
    who: Any
    token: Any
    pool: Any

    def do(self, function, *args, coins=0):
        write = getattr(self.dex.router.write, function)
        return self.dex.send(write(self.who, *args, value=coins, gas_limit=5_000_000))

    def answer(self, function, *args, coins=0):
        receipt = self.do(function, *args, coins=coins)
        return self.dex.router.interface.functions[function][0].decode_output(receipt.output)

    def wealth(self, holder=None):
        """(tokens, coins, liquidity)."""
        holder = holder or self.who
        return (
            self.token.read.balanceOf(holder),
            self.dex.chain.balance(holder),
            self.pool.read.balanceOf(holder),
        )

    def change(self, before, holder=None):
        after = self.wealth(holder)
        return tuple(now - then for now, then in zip(after, before, strict=True))

    def reserves(self):
        """(tokens, coins)."""
        first, second, _ = self.pool.read.getReserves()
        ordered = self.pool.read.token0() == self.token.address
        return (first, second) if ordered else (second, first)

    def quote(self, path, amount):
        return self.dex.router.read.getAmountsOut(amount, path)[-1]

    def cost(self, path, amount):
        return self.dex.router.read.getAmountsIn(amount, path)[0]

    @property
    def buying(self):
        return [self.dex.weth, self.token]

    @property
    def selling(self):
        return [self.token, self.dex.weth]


@pytest.fixture
def counter(dex, alice):
    dex.send(dex.token0.write.approve(alice, dex.router, FOREVER))
    opening = (dex.token0, 5 * E18, 0, 0, alice, FOREVER)
    write = dex.router.write.addLiquidityETH
    dex.send(write(alice, *opening, value=10 * E18, gas_limit=5_000_000))
    pool = dex.contract("pool", dex.factory.read.getPair(dex.token0, dex.weth))
    dex.send(pool.write.approve(alice, dex.router, FOREVER))
    yield Counter(dex, alice, dex.token0, pool)
    for token in (dex.token0, dex.weth, pool):
        assert token.read.balanceOf(dex.router) == 0
    assert dex.chain.balance(dex.router.address) == 0
    assert dex.chain.balance(dex.weth.address) == dex.weth.read.balanceOf(pool)


def test_first_liquidity_opens_the_pool_with_all_that_was_sent(counter):
    assert counter.reserves() == (5 * E18, 10 * E18)
    assert counter.pool.read.balanceOf(counter.who) == 7071067811865475244 - 1000


def test_coins_that_do_not_fit_the_pools_ratio_go_back(counter, alice):
    before = counter.wealth()
    wanted = (counter.token, E18, 0, 0, alice, FOREVER)
    amounts = counter.answer("addLiquidityETH", *wanted, coins=9 * E18)
    assert amounts[:2] == (E18, 2 * E18)
    assert counter.change(before) == (-E18, -2 * E18, amounts[2])


def test_tokens_that_do_not_fit_the_pools_ratio_are_not_taken(counter, alice):
    before = counter.wealth()
    wanted = (counter.token, 9 * E18, 0, 0, alice, FOREVER)
    amounts = counter.answer("addLiquidityETH", *wanted, coins=2 * E18)
    assert amounts[:2] == (E18, 2 * E18)
    assert counter.change(before) == (-E18, -2 * E18, amounts[2])


def test_least_amounts_of_token_and_coins_pass_exactly_and_not_one_above(counter, alice):
    add = partial(counter.do, "addLiquidityETH", counter.token)
    with reverts("router: insufficient b amount"):
        add(E18, 0, 2 * E18 + 1, alice, FOREVER, coins=9 * E18)
    add(E18, E18, 2 * E18, alice, FOREVER, coins=9 * E18)
    with reverts("router: insufficient a amount"):
        add(9 * E18, E18 + 1, 0, alice, FOREVER, coins=2 * E18)
    add(9 * E18, E18, 2 * E18, alice, FOREVER, coins=2 * E18)


@pytest.mark.parametrize(
    "function", ["removeLiquidityETH", "removeLiquidityETHSupportingFeeOnTransferTokens"]
)
def test_liquidity_comes_back_as_tokens_and_coins(counter, bob, function):
    supply = counter.pool.read.totalSupply()
    out = E18 * 5 * E18 // supply, E18 * 10 * E18 // supply
    before, bobs = counter.wealth(), counter.wealth(bob)
    for mins, which in (((out[0] + 1, out[1]), "a"), ((out[0], out[1] + 1), "b")):
        with reverts(f"router: insufficient {which} amount"):
            counter.do(function, counter.token, E18, *mins, bob, FOREVER)
    answer = counter.answer(function, counter.token, E18, *out, bob, FOREVER)
    assert answer == (out if function == "removeLiquidityETH" else out[1])
    assert counter.change(before) == (0, 0, -E18)
    assert counter.change(bobs, bob) == (*out, 0)


@pytest.mark.parametrize("most", [False, True])
@pytest.mark.parametrize(
    "function",
    ["removeLiquidityETHWithPermit", "removeLiquidityETHWithPermitSupportingFeeOnTransferTokens"],
)
def test_a_signature_stands_for_the_approval(counter, alice, function, most):
    dex, pool = counter.dex, counter.pool
    dex.send(pool.write.approve(alice, dex.router, 0))
    amount = FOREVER if most else E18
    signature = sign(dex, alice, dex.router, amount, token=pool, name="dexsim LP")
    before = counter.wealth()
    call = partial(counter.do, function, counter.token, E18, 0, 0, alice, FOREVER)
    with reverts("pool: invalid signature"):
        call(not most, *signature)
    call(most, *signature)
    supply = 7071067811865475244
    out = E18 * 5 * E18 // supply, E18 * 10 * E18 // supply
    assert counter.change(before) == (*out, -E18)
    assert pool.read.allowance(alice, dex.router) == (FOREVER if most else 0)
    with reverts("pool: invalid signature"):
        call(most, *signature)


def test_exact_coins_buy_the_quoted_tokens(counter, bob):
    out = counter.quote(counter.buying, E18)
    before, bobs = counter.wealth(), counter.wealth(bob)
    buy = partial(counter.answer, "swapExactETHForTokens", coins=E18)
    with reverts("router: insufficient output"):
        buy(out + 1, counter.buying, bob, FOREVER)
    assert buy(out, counter.buying, bob, FOREVER) == (E18, out)
    assert counter.change(before) == (0, -E18, 0)
    assert counter.change(bobs, bob) == (out, 0, 0)


def test_exact_tokens_cost_the_quoted_coins_and_the_others_go_back(counter, bob):
    due = counter.cost(counter.buying, E18)
    before, bobs = counter.wealth(), counter.wealth(bob)
    buy = partial(counter.answer, "swapETHForExactTokens", E18, counter.buying, bob, FOREVER)
    with reverts("router: excessive input"):
        buy(coins=due - 1)
    assert buy(coins=due + 7) == (due, E18)
    assert counter.change(before) == (0, -due, 0)
    assert counter.change(bobs, bob) == (E18, 0, 0)


def test_exact_tokens_sell_for_the_quoted_coins(counter, bob):
    out = counter.quote(counter.selling, E18)
    before, bobs = counter.wealth(), counter.wealth(bob)
    sell = partial(counter.answer, "swapExactTokensForETH", E18)
    with reverts("router: insufficient output"):
        sell(out + 1, counter.selling, bob, FOREVER)
    assert sell(out, counter.selling, bob, FOREVER) == (E18, out)
    assert counter.change(before) == (-E18, 0, 0)
    assert counter.change(bobs, bob) == (0, out, 0)


def test_exact_coins_cost_the_quoted_tokens(counter, bob):
    due = counter.cost(counter.selling, E18)
    before, bobs = counter.wealth(), counter.wealth(bob)
    sell = partial(counter.answer, "swapTokensForExactETH", E18)
    with reverts("router: excessive input"):
        sell(due - 1, counter.selling, bob, FOREVER)
    assert sell(due, counter.selling, bob, FOREVER) == (due, E18)
    assert counter.change(before) == (-due, 0, 0)
    assert counter.change(bobs, bob) == (0, E18, 0)


COIN_PATHS = {
    "swapExactETHForTokens": ("buying", 0, True),
    "swapETHForExactTokens": ("buying", E18, True),
    "swapExactETHForTokensSupportingFeeOnTransferTokens": ("buying", 0, True),
    "swapExactTokensForETH": ("selling", (E18, 0), False),
    "swapTokensForExactETH": ("selling", (E18, FOREVER), False),
    "swapExactTokensForETHSupportingFeeOnTransferTokens": ("selling", (E18, 0), False),
}


def swap_by(counter, function, *, path=None, deadline=FOREVER, to=None):
    side, amounts, with_coins = COIN_PATHS[function]
    amounts = amounts if isinstance(amounts, tuple) else (amounts,)
    path = getattr(counter, side) if path is None else path
    coins = 4 * E18 if with_coins else 0
    return counter.do(function, *amounts, path, to or counter.who, deadline, coins=coins)


@pytest.mark.parametrize("function", COIN_PATHS)
def test_a_path_that_does_not_end_at_the_wrapped_coin_is_refused(counter, function):
    side = COIN_PATHS[function][0]
    wrong = list(reversed(getattr(counter, side)))
    for path in (wrong, [counter.dex.weth], []):
        with reverts("router: invalid path"):
            swap_by(counter, function, path=path)
    swap_by(counter, function)


@pytest.mark.parametrize("function", COIN_PATHS)
def test_a_swap_of_coins_passes_in_its_last_second_and_not_in_the_next(counter, function):
    with reverts("router: expired"):
        swap_by(counter, function, deadline=counter.dex.now() - 1)
    swap_by(counter, function, deadline=counter.dex.now())


def test_liquidity_in_coins_has_a_deadline_too(counter, alice):
    late = counter.dex.now() - 1
    with reverts("router: expired"):
        counter.do("addLiquidityETH", counter.token, E18, 0, 0, alice, late, coins=E18)
    counter.do("addLiquidityETH", counter.token, E18, 0, 0, alice, late + 1, coins=E18)
    for function in ("removeLiquidityETH", "removeLiquidityETHSupportingFeeOnTransferTokens"):
        with reverts("router: expired"):
            counter.do(function, counter.token, E18, 0, 0, alice, late)
        counter.do(function, counter.token, E18, 0, 0, alice, late + 1)
    for function in (
        "removeLiquidityETHWithPermit",
        "removeLiquidityETHWithPermitSupportingFeeOnTransferTokens",
    ):
        with reverts("pool: expired"):
            counter.do(function, counter.token, E18, 0, 0, alice, late, *NO_SIGNATURE)


@pytest.mark.parametrize("function", [name for name in COIN_PATHS if "ForETH" in name])
def test_a_receiver_that_takes_no_coins_stops_the_sale(counter, function):
    before = counter.wealth()
    with reverts("router: coin transfer failed"):
        swap_by(counter, function, to=counter.dex.factory)
    assert counter.change(before) == (0, 0, 0)


def test_a_receiver_may_use_the_gas_that_it_needs(counter):
    receiver = counter.dex.deploy("mocks/coin_receiver", False)
    out = counter.quote(counter.selling, E18)
    swap_by(counter, "swapExactTokensForETH", to=receiver)
    assert receiver.read.received() == out


def test_a_contract_that_takes_no_change_has_to_send_exact_coins(counter, bob):
    """The mock that refuses coins buys as itself: with one coin too many it gets nothing at all."""
    dex = counter.dex
    refuser = dex.deploy("mocks/coin_refuser")
    due = counter.cost(counter.buying, E18)

    def buy(coins):
        args = (E18, counter.buying, bob, FOREVER)
        data = dex.router.write.swapETHForExactTokens(bob, *args).data
        dex.send(refuser.write.run(counter.who, dex.router, data, value=coins))

    with pytest.raises(Reverted, match="router: coin transfer failed"):
        buy(due + 1)
    buy(due)
    assert counter.token.read.balanceOf(bob) == E18


def test_coins_from_anybody_but_the_wrapping_token_are_refused(counter, alice):
    plain = Transaction(sender=alice.address, to=counter.dex.router.address, value=1)
    with reverts("router: not for coins"):
        counter.dex.send(plain)


@pytest.mark.parametrize("function", ["swapExactTokensForTokens", "addLiquidity", "quote"])
def test_functions_for_tokens_take_no_coins(counter, alice, function):
    args = {
        "swapExactTokensForTokens": (E18, 0, counter.selling, alice, FOREVER),
        "addLiquidity": (counter.token, counter.dex.weth, 1, 1, 0, 0, alice, FOREVER),
        "quote": (1, 1, 1),
    }[function]
    with reverts(""):
        counter.do(function, *args, coins=1)


def test_coins_travel_through_a_middle_pool(counter, alice, bob):
    dex = counter.dex
    dex.add(50 * E18, 100 * E18)
    path = [dex.weth, dex.token0, dex.token1]
    out = counter.quote(path, E18)
    before = dex.token1.read.balanceOf(bob)
    counter.do("swapExactETHForTokens", out, path, bob, FOREVER, coins=E18)
    assert dex.token1.read.balanceOf(bob) - before == out
    dex.send(dex.token1.write.approve(alice, dex.router, FOREVER))
    back = path[::-1]
    due, coins = counter.cost(back, E18), dex.chain.balance(bob)
    counter.do("swapTokensForExactETH", E18, due, back, bob, FOREVER)
    assert dex.chain.balance(bob) - coins == E18
