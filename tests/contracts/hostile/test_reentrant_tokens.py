"""Tokens that call their holders, as ERC-777 does: what a holder can do in the middle of a call."""

from __future__ import annotations

import pytest

from dexsim.testing import reverts

E18 = 10**18
FOREVER = 2**256 - 1
NOBODY = "0x" + "00" * 20


@pytest.fixture
def trial(try_out):
    """Reserves of 10 and 10."""
    trial = try_out("hooked_token")
    trial.add(10 * E18, 10 * E18)
    return trial


def hook(trial, owner, before=NOBODY, after=NOBODY):
    trial.do(trial.odd, "set_hooks", owner, before, after)


def arguments(name, trial, to):
    """For each function of the pool, so that it passes when the pool was paid for it."""
    return {"sync": (), "swap": (*trial.pair(E18 // 2, 0), to, b"")}.get(name, (to,))


@pytest.mark.parametrize("outer", ["swap", "burn", "skim"])
@pytest.mark.parametrize("inner", ["mint", "burn", "swap", "skim", "sync"])
def test_who_receives_tokens_finds_the_pool_locked(outer, inner, trial, callee, plan):
    """The token fails by the refusal of its receiver, and the pool by that of the token."""
    trial.give(trial.pool, odd=E18, plain=E18)
    trial.do(trial.pool, "transfer", trial.pool, E18)
    before = trial.held(trial.pool), trial.reserves(), trial.pool.read.totalSupply()
    for name in (inner, outer):
        with trial.dex.chain.anchor():
            trial.do(trial.pool, name, *arguments(name, trial, callee))
    hook(trial, callee, after=callee)
    plan(trial.pool, inner, *arguments(inner, trial, callee))
    with reverts("pool: transfer failed"):
        trial.do(trial.pool, outer, *arguments(outer, trial, callee))
    assert before == (trial.held(trial.pool), trial.reserves(), trial.pool.read.totalSupply())


def test_liquidity_moves_in_a_burn_but_what_comes_late_is_burned_by_the_next(
    trial, callee, plan, alice, bob
):
    trial.do(trial.pool, "transfer", callee, 2 * E18)
    hook(trial, callee, after=callee)
    plan(trial.pool, "transfer", trial.pool, 2 * E18)
    trial.burn(E18, to=callee)
    assert trial.held(callee) == (E18, E18)
    assert trial.liquidity(trial.pool) == 2 * E18
    trial.do(trial.pool, "burn", bob, sender=bob)
    assert trial.held(bob) == (2 * E18, 2 * E18)


@pytest.fixture
def accomplice(trial, callee, plan, alice):
    """A contract with 5 of each that Alice's token calls before it takes hers."""
    trial.give(callee, 5 * E18, 5 * E18)
    for token in (trial.odd, trial.plain):
        data = token.write.approve(alice, trial.router, FOREVER).data
        trial.do(callee, "run", token, data)
    hook(trial, alice, before=callee)
    return callee


def test_a_sale_within_a_sale_makes_the_outer_quote_stale_and_refused(
    trial, accomplice, plan, quoted
):
    path = [trial.odd, trial.plain]
    plan(trial.router, "swapExactTokensForTokens", E18, 0, path, accomplice, FOREVER)
    with reverts("pool: k"):
        trial.sell(trial.odd, E18)
    assert trial.reserves() == (10 * E18, 10 * E18)


def test_a_sale_within_a_sale_of_what_arrives_gives_what_two_sales_give(
    trial, accomplice, plan, alice, quoted
):
    path = [trial.odd, trial.plain]
    before = trial.held(alice)[1], trial.held(accomplice)[1]
    plan(trial.router, "swapExactTokensForTokens", E18, 0, path, accomplice, FOREVER)
    trial.sell(trial.odd, E18, taxed=True)
    first = quoted(E18, 10 * E18, 10 * E18)
    second = quoted(E18, 11 * E18, 10 * E18 - first)
    gained = trial.held(alice)[1] - before[0], trial.held(accomplice)[1] - before[1]
    assert gained == (second, first)


def test_a_price_made_better_within_a_sale_is_the_pools_gain(
    trial, accomplice, plan, alice, quoted
):
    path, before = [trial.plain, trial.odd], trial.held(alice)[1]
    plan(trial.router, "swapExactTokensForTokens", 5 * E18, 0, path, accomplice, FOREVER)
    trial.sell(trial.odd, E18)
    assert trial.held(alice)[1] - before == quoted(E18, 10 * E18, 10 * E18)


def test_another_pool_is_open_in_the_middle_of_a_swap(trial, callee, plan, dex, quoted):
    dex.add(10 * E18, 10 * E18)
    dex.pay(E18)
    hook(trial, callee, after=callee)
    out = quoted(E18, 10 * E18, 10 * E18)
    plan(dex.pool, "swap", 0, out, callee, b"")
    trial.give(trial.pool, plain=E18)
    trial.swap(E18 // 2, 0, to=callee)
    assert dex.token1.read.balanceOf(callee) == out


def test_the_pool_that_liquidity_goes_to_cannot_be_made_a_second_time(
    trial, callee, plan, dex, alice
):
    third = dex.deploy("token", "C", "C", 18, 10 * E18)
    trial.do(third, "approve", trial.router, FOREVER)
    hook(trial, alice, before=callee)
    rest = (E18, E18, 0, 0, alice, FOREVER)
    with dex.chain.anchor():
        plan(dex.factory, "createPair", third, dex.token0)
        trial.do(trial.router, "addLiquidity", trial.odd, third, *rest)
        length = dex.factory.read.allPairsLength()
        made = [dex.contract("pool", dex.factory.read.allPairs(length - i)) for i in (2, 1)]
        tokens = [{pool.read.token0(), pool.read.token1()} for pool in made]
        assert tokens == [
            {trial.odd.address, third.address},
            {dex.token0.address, third.address},
        ]
    plan(dex.factory, "createPair", third, trial.odd)
    with reverts("router: transfer failed"):
        trial.do(trial.router, "addLiquidity", trial.odd, third, *rest)
    assert dex.factory.read.getPair(third, trial.odd) == NOBODY


def test_who_adds_liquidity_with_a_hostile_token_can_lose_the_other_one_at_once(
    trial, callee, plan, alice
):
    """The other token is in the pool, not counted yet, when the hostile one is asked for.

    Minimums do not help: they are of what is taken, and all of it is.
    """
    hook(trial, alice, before=callee)
    plan(trial.pool, "skim", callee)
    tokens, rest = (trial.plain, trial.odd), (E18, E18, E18, E18, alice, FOREVER)
    with reverts("pool: insufficient liquidity minted"):
        trial.do(trial.router, "addLiquidity", *tokens, *rest)
    plan(trial.plain, "transfer", trial.pool, 1)
    before = trial.liquidity()
    trial.do(trial.router, "addLiquidity", *tokens, *rest)
    assert trial.liquidity() - before == 1
    assert trial.held(callee) == (0, E18 - 1)
    assert trial.reserves() == (11 * E18, 10 * E18 + 1)


def test_a_hostile_token_named_first_is_asked_before_there_is_anything_to_take(
    trial, callee, plan, alice
):
    hook(trial, alice, before=callee)
    plan(trial.pool, "skim", callee)
    before = trial.liquidity()
    trial.join(E18, E18)
    assert trial.liquidity() - before == E18
    assert trial.held(callee) == (0, 0)


@pytest.fixture
def coins(trial, dex, alice):
    """The pool of the odd token and wrapped coins: 10 and 10."""
    write = dex.router.write.addLiquidityETH
    amounts = (10 * E18, 0, 0)
    dex.send(write(alice, trial.odd, *amounts, alice, FOREVER, value=10 * E18, gas_limit=5_000_000))
    pool = dex.contract("pool", dex.factory.read.getPair(trial.odd, dex.weth))
    trial.do(pool, "approve", dex.router, FOREVER)
    return pool


@pytest.mark.parametrize("suffix", ["", "SupportingFeeOnTransferTokens"])
def test_wrapped_coins_cannot_be_taken_from_the_router_while_it_pays_the_token_out(
    suffix, coins, trial, callee, plan, dex, alice, bob
):
    """The hook does take them, by a sale that pays out all that the router has; then the rest fails."""
    hook(trial, bob, after=callee)
    trial.give(callee, odd=E18)
    approve = trial.odd.write.approve(alice, dex.router, FOREVER).data
    trial.do(callee, "run", trial.odd, approve)
    thief = dex.deploy("mocks/coin_receiver", True)
    path = [trial.odd, dex.weth]
    steal = "swapExactTokensForETHSupportingFeeOnTransferTokens"
    plan(dex.router, steal, E18, 0, path, thief, FOREVER)
    leave = f"removeLiquidityETH{suffix}"
    with reverts("weth: insufficient balance"):
        trial.do(dex.router, leave, trial.odd, E18, 0, 0, bob, FOREVER)
    assert dex.chain.balance(thief.address) == 0
    hook(trial, bob)
    before = dex.chain.balance(bob)
    trial.do(dex.router, leave, trial.odd, E18, 0, 0, bob, FOREVER)
    assert dex.chain.balance(bob) - before == E18
    assert trial.odd.read.balanceOf(bob) == E18


def test_unspent_coins_in_the_router_are_out_of_a_hooks_reach(
    coins, trial, callee, plan, dex, bob, alice, quoted
):
    """While Bob's hook runs, the router holds Alice's change: a sale pays out its own coins only."""
    dex.send(dex.token0.write.approve(alice, dex.router, FOREVER))
    join = dex.router.write.addLiquidityETH
    args = (dex.token0, 10 * E18, 0, 0, alice, FOREVER)
    dex.send(join(alice, *args, value=10 * E18, gas_limit=5_000_000))
    dex.send(dex.token0.write.transfer(alice, callee, E18))
    approve = dex.token0.write.approve(alice, dex.router, FOREVER).data
    trial.do(callee, "run", dex.token0, approve)
    thief = dex.deploy("mocks/coin_receiver", True)
    sale = "swapExactTokensForETHSupportingFeeOnTransferTokens"
    plan(dex.router, sale, E18, 0, [dex.token0, dex.weth], thief, FOREVER)
    hook(trial, bob, after=callee)
    before = dex.chain.balance(alice)
    write = dex.router.write.swapETHForExactTokens
    path = [dex.weth, trial.odd]
    receipt = dex.send(write(alice, E18, path, bob, FOREVER, value=5 * E18))
    assert dex.chain.balance(thief.address) == quoted(E18, 10 * E18, 10 * E18)
    spent = before - dex.chain.balance(alice) - receipt.fee
    assert spent == 10 * E18 * E18 * 1000 // (9 * E18 * 997) + 1
    assert dex.chain.balance(dex.router.address) == 0


def test_a_hostile_token_is_asked_before_coins_are_paid_so_that_it_finds_none(
    coins, trial, callee, plan, dex, alice
):
    hook(trial, alice, before=callee)
    plan(coins, "skim", callee)
    before = coins.read.balanceOf(alice)
    args = (trial.odd, E18, 0, 0, alice, FOREVER)
    dex.send(dex.router.write.addLiquidityETH(alice, *args, value=E18))
    assert coins.read.balanceOf(alice) - before == E18
    assert dex.weth.read.balanceOf(callee) == 0


@pytest.fixture
def gauge(trial, dex, callee, alice):
    """Alice has staked 10 of the odd token; the callee has 10 and lets the gauge take them."""
    reward = dex.deploy("mocks/no_return")
    minter = dex.deploy("mocks/scripted_minter", reward)
    trial.do(minter, "set_rate", 10**15)
    gauge = dex.deploy("gauge", trial.odd, minter, alice)
    trial.do(trial.odd, "approve", gauge, 10 * E18)
    trial.do(gauge, "deposit", 10 * E18)
    trial.give(callee, odd=10 * E18)
    trial.do(callee, "run", trial.odd, trial.odd.write.approve(alice, gauge, FOREVER).data)
    return gauge


@pytest.mark.parametrize("within", [1, 5])
def test_a_stake_cannot_be_asked_for_while_it_is_given_back(
    within, gauge, trial, callee, plan, alice
):
    """The hook is off for what it does itself."""
    trial.do(callee, "run", gauge, gauge.write.deposit(alice, 10 * E18).data)
    hook(trial, callee, after=callee)
    plan(trial.odd, "set_hooks", callee, NOBODY, NOBODY)
    plan(gauge, "withdraw", within * E18)
    with reverts("gauge: transfer failed"):
        trial.dex.send(callee.write.run(alice, gauge, gauge.write.withdraw(alice, 5 * E18).data))
    assert gauge.read.staked(callee) == 10 * E18
    assert gauge.read.total_staked() == trial.odd.read.balanceOf(gauge) == 20 * E18


@pytest.mark.parametrize("call", [("withdraw", 10 * E18), ("claim",)])
def test_a_stake_that_is_not_paid_yet_cannot_be_taken_back_nor_earn(
    call, gauge, trial, callee, plan, dex, alice
):
    hook(trial, callee, before=callee)
    plan(gauge, *call)
    dex.wait(100)
    with reverts("gauge: transfer failed"):
        trial.do(callee, "run", gauge, gauge.write.deposit(alice, 10 * E18).data)
    assert trial.odd.read.balanceOf(gauge) == gauge.read.total_staked() == 10 * E18
    reward = gauge.read.reward_tokens(0)
    assert gauge.read.claimable(alice, reward) == 100 * 10**15
