"""Tokens that take a fee of transfers, from what arrives or from the sender on top."""

from __future__ import annotations

import pytest

from dexsim.testing import reverts

E18 = 10**18
FOREVER = 2**256 - 1


def less(amount):
    """What arrives of a transfer at 1 %."""
    return amount - amount // 100


@pytest.fixture
def taxed(try_out):
    """Reserves of 9.9 and 9.9, with a token that keeps 1 % of what arrives."""
    trial = try_out("fee_on_transfer", 100)
    trial.join(10 * E18, 9_900_000_000_000_000_000)
    assert trial.reserves() == (9_900_000_000_000_000_000, 9_900_000_000_000_000_000)
    return trial


@pytest.fixture
def on_top(try_out):
    """Reserves of 10 and 10, with a token that takes 1 % more of its sender."""
    trial = try_out("tax_on_top", 100)
    trial.add(10 * E18, 10 * E18)
    assert trial.reserves() == (10 * E18, 10 * E18)
    return trial


def test_later_liquidity_is_counted_by_the_token_that_arrived_short(taxed):
    supply, (odd, plain) = taxed.pool.read.totalSupply(), taxed.reserves()
    before = taxed.liquidity()
    taxed.join(E18, E18)
    assert taxed.reserves() == (odd + less(E18), plain + E18)
    assert taxed.liquidity() - before == less(E18) * supply // odd


def test_a_sale_by_the_ordinary_function_is_refused_for_what_the_fee_took(taxed, quoted):
    odd, plain = taxed.reserves()
    with reverts("pool: k"):
        taxed.sell(taxed.odd, E18)
    out = quoted(less(E18), odd, plain)
    taxed.give(taxed.pool, odd=E18)
    with reverts("pool: k"):
        taxed.swap(0, out + 1)
    taxed.swap(0, out)


def test_a_sale_of_what_arrives_gives_the_quote_for_it_and_not_one_more(taxed, bob, quoted):
    out = quoted(less(E18), *taxed.reserves())
    with reverts("router: insufficient output"):
        taxed.sell(taxed.odd, E18, out + 1, to=bob, taxed=True)
    taxed.sell(taxed.odd, E18, out, to=bob, taxed=True)
    assert taxed.held(bob) == (0, out)


def test_a_purchase_is_promised_by_one_function_and_measured_at_the_receiver_by_the_other(
    taxed, bob, quoted
):
    odd, plain = taxed.reserves()
    out = quoted(E18, plain, odd)
    with reverts("router: insufficient output"):
        taxed.sell(taxed.plain, E18, less(out) + 1, to=bob, taxed=True)
    with taxed.dex.chain.anchor():
        taxed.sell(taxed.plain, E18, less(out), to=bob, taxed=True)
        assert taxed.held(bob) == (less(out), 0)
    taxed.sell(taxed.plain, E18, out, to=bob)
    assert taxed.held(bob) == (less(out), 0)


def test_two_hops_lose_the_fee_at_each_pool_that_the_token_reaches(taxed, bob, dex, quoted):
    (odd, plain), router = taxed.reserves(), taxed.router
    second = dex.create_pool(taxed.odd, dex.token0)
    for token, amount in ((taxed.odd, 10 * E18), (dex.token0, 10 * E18)):
        taxed.do(token, "transfer", second, amount)
    taxed.do(second, "mint", bob)
    path = [taxed.plain, taxed.odd, dex.token0]
    between = less(quoted(E18, plain, odd))
    out = quoted(between, less(10 * E18), 10 * E18)
    name = "swapExactTokensForTokens"
    with reverts("pool: k"):
        taxed.do(router, name, E18, 0, path, bob, FOREVER)
    name += "SupportingFeeOnTransferTokens"
    with reverts("router: insufficient output"):
        taxed.do(router, name, E18, out + 1, path, bob, FOREVER)
    taxed.do(router, name, E18, out, path, bob, FOREVER)
    assert dex.token0.read.balanceOf(bob) == out


def test_a_provider_gets_less_than_the_router_says_by_the_fee(taxed, bob):
    supply, (odd, plain) = taxed.pool.read.totalSupply(), taxed.reserves()
    sent = E18 * odd // supply
    receipt = taxed.leave(E18, (sent, E18 * plain // supply), to=bob)
    answer = taxed.router.interface.functions["removeLiquidity"][0].decode_output(receipt.output)
    assert answer == (sent, E18 * plain // supply)
    assert taxed.held(bob) == (less(sent), E18 * plain // supply)


@pytest.fixture
def coins(try_out, dex, alice):
    """(trial, pool) of a token at 1 % and wrapped coins: 9.9 and 10."""
    trial = try_out("fee_on_transfer", 100)
    write = dex.router.write.addLiquidityETH
    join = write(alice, trial.odd, 10 * E18, 0, 0, alice, FOREVER, value=10 * E18, gas_limit=10**7)
    dex.send(join)
    pool = dex.contract("pool", dex.factory.read.getPair(trial.odd, dex.weth))
    trial.do(pool, "approve", dex.router, FOREVER)
    assert trial.odd.read.balanceOf(pool) == less(10 * E18)
    return trial, pool


def test_coins_buy_what_arrives_at_the_receiver(coins, dex, alice, bob, quoted):
    trial, _ = coins
    out = quoted(E18, 10 * E18, less(10 * E18))
    write = dex.router.write.swapExactETHForTokensSupportingFeeOnTransferTokens
    path = [dex.weth, trial.odd]
    with reverts("router: insufficient output"):
        dex.send(write(alice, less(out) + 1, path, bob, FOREVER, value=E18))
    dex.send(write(alice, less(out), path, bob, FOREVER, value=E18))
    assert trial.odd.read.balanceOf(bob) == less(out)


def test_coins_are_paid_for_what_arrives_at_the_pool(coins, dex, bob, quoted):
    trial, _ = coins
    out = quoted(less(E18), less(10 * E18), 10 * E18)
    name = "swapExactTokensForETHSupportingFeeOnTransferTokens"
    path, before = [trial.odd, dex.weth], dex.chain.balance(bob)
    with reverts("pool: k"):
        trial.do(dex.router, "swapExactTokensForETH", E18, 0, path, bob, FOREVER)
    with reverts("router: insufficient output"):
        trial.do(dex.router, name, E18, out + 1, path, bob, FOREVER)
    trial.do(dex.router, name, E18, out, path, bob, FOREVER)
    assert dex.chain.balance(bob) - before == out


def test_a_provider_gets_coins_back_only_by_the_function_for_fees_and_pays_the_fee_twice(
    coins, dex, bob
):
    trial, pool = coins
    supply, before = pool.read.totalSupply(), dex.chain.balance(bob)
    sent, paid = E18 * less(10 * E18) // supply, E18 * 10 * E18 // supply
    args = (trial.odd, E18, sent, paid, bob, FOREVER)
    with reverts("router: transfer failed"):
        trial.do(dex.router, "removeLiquidityETH", *args)
    trial.do(dex.router, "removeLiquidityETHSupportingFeeOnTransferTokens", *args)
    assert trial.odd.read.balanceOf(bob) == less(less(sent))
    assert dex.chain.balance(bob) - before == paid


def test_nothing_bought_of_a_token_that_taxes_its_sender_passes_for_its_quote(on_top, bob, quoted):
    out = quoted(E18, 10 * E18, 10 * E18)
    for taxed in (False, True):
        with reverts("pool: k"):
            on_top.sell(on_top.plain, E18, to=bob, taxed=taxed)
    on_top.give(on_top.pool, plain=E18)
    # The pool loses `most` and its fee together: no more than the quote.
    most = next(each for each in range(out * 100 // 101 + 2, 0, -1) if each + each // 100 <= out)
    with reverts("pool: k"):
        on_top.swap(most + 1, 0, to=bob)
    on_top.swap(most, 0, to=bob)
    assert on_top.held(bob) == (most, 0)
    assert on_top.reserves()[0] == 10 * E18 - most - most // 100


def test_a_token_that_taxes_its_sender_is_sold_like_any_other(on_top, alice, bob, quoted):
    before = on_top.held(alice)[0]
    on_top.sell(on_top.odd, E18, quoted(E18, 10 * E18, 10 * E18), to=bob)
    assert before - on_top.held(alice)[0] == E18 + E18 // 100


def test_who_leaves_first_leaves_the_tax_on_top_to_those_who_stay(on_top, alice, bob):
    on_top.do(on_top.pool, "transfer", bob, 5 * E18)
    odd, plain = on_top.held(alice)
    on_top.burn(4 * E18)
    assert on_top.held(alice) == (odd + 4 * E18, plain + 4 * E18)
    left = 10 * E18 - 4 * E18 - 4 * E18 // 100
    assert on_top.reserves() == (left, 6 * E18)
    on_top.do(on_top.pool, "transfer", on_top.pool, 5 * E18, sender=bob)
    on_top.do(on_top.pool, "burn", bob, sender=bob)
    assert on_top.held(bob) == (5 * left // 6, 5 * E18)


def test_the_last_provider_leaves_the_tax_behind_or_somebody_pays_it(on_top, alice):
    liquidity = on_top.liquidity()
    with reverts("pool: transfer failed"):
        on_top.leave(liquidity)
    most = next(
        each for each in range(10 * E18 * 100 // 101 + 2, 0, -1) if each + each // 100 <= 10 * E18
    )
    with on_top.dex.chain.anchor():
        with reverts("pool: transfer failed"):
            on_top.leave(most + 1)
        on_top.leave(most)
        assert on_top.reserves() == (0, 10 * E18 - most)
    # What is paid in for the tax is shared out by balances too, and taxed.
    on_top.give(on_top.pool, odd=E18)
    before = on_top.held(alice)
    on_top.burn(9 * E18)
    paid = 9 * 11 * E18 // 10
    assert on_top.held(alice) == (before[0] + paid, before[1] + 9 * E18)
    assert on_top.reserves() == (11 * E18 - paid - paid // 100, E18)


def test_a_tax_on_top_lets_anybody_burn_the_pools_tokens_for_as_much_of_his_own(on_top, alice, bob):
    before = on_top.held(alice)[0]
    on_top.give(on_top.pool, odd=E18)
    on_top.do(on_top.pool, "skim", alice)
    assert before - on_top.held(alice)[0] == E18 // 100
    assert on_top.held(on_top.pool) == (10 * E18 - E18 // 100, 10 * E18)
    assert on_top.reserves() == (10 * E18, 10 * E18)
    with reverts(""):
        on_top.do(on_top.pool, "skim", bob)
    with reverts(""):
        on_top.do(on_top.pool, "mint", bob)
    with reverts(""):
        on_top.sell(on_top.odd, E18 // 100 - 1, taxed=True)
    on_top.do(on_top.pool, "sync")
    assert on_top.reserves() == (10 * E18 - E18 // 100, 10 * E18)


@pytest.fixture
def staked(try_out, dex, alice, bob):
    """(token, gauge): Alice and Bob have staked 10 each of a token that keeps 1 %."""
    token = try_out("fee_on_transfer", 100).odd
    gauge = dex.deploy("gauge", token, "0x" + "00" * 20, alice)
    dex.send(token.write.mint(alice, bob, 10 * E18))
    for who in (alice, bob):
        dex.send(token.write.approve(who, gauge, FOREVER))
        dex.send(gauge.write.deposit(who, 10 * E18))
    return token, gauge


def test_a_gauge_of_a_token_that_takes_fees_owes_more_than_it_holds(staked, dex, alice, bob):
    token, gauge = staked
    held = 2 * less(10 * E18)
    assert (gauge.read.total_staked(), token.read.balanceOf(gauge)) == (20 * E18, held)
    dex.send(gauge.write.withdraw(alice, 10 * E18))
    rest = held - 10 * E18
    for amount in (10 * E18, rest + 1):
        with reverts("gauge: transfer failed"):
            dex.send(gauge.write.withdraw(bob, amount))
    dex.send(gauge.write.withdraw(bob, rest))
    assert token.read.balanceOf(bob) == less(rest)
    assert gauge.read.staked(bob) == 10 * E18 - rest == 2 * (10 * E18 // 100)
