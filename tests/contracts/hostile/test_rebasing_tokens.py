"""Tokens whose balances change by themselves: between calls, and in the middle of one."""

from __future__ import annotations

import pytest

from dexsim.testing import reverts

E18 = 10**18


@pytest.fixture
def trial(try_out):
    """Reserves of 10 and 10."""
    trial = try_out("rebasing")
    trial.add(10 * E18, 10 * E18)
    return trial


def rebase(trial, numerator, denominator):
    trial.do(trial.odd, "rebase", numerator, denominator)


def test_what_a_pool_gains_by_a_rebase_is_anybodys(trial, bob):
    rebase(trial, 5, 4)
    assert trial.reserves() == (10 * E18, 10 * E18)
    trial.do(trial.pool, "skim", bob, sender=bob)
    assert trial.held(bob) == (5 * E18 // 2, 0)
    assert trial.held(trial.pool) == (10 * E18, 10 * E18)


def test_a_sync_in_time_gives_the_gain_to_the_providers(trial, bob):
    rebase(trial, 5, 4)
    trial.do(trial.pool, "sync")
    trial.do(trial.pool, "skim", bob, sender=bob)
    assert trial.held(bob) == (0, 0)
    trial.do(trial.pool, "transfer", trial.pool, 5 * E18)
    trial.do(trial.pool, "burn", bob)
    assert trial.held(bob) == (25 * E18 // 4, 5 * E18)


def test_the_next_trader_gets_the_gain_as_if_he_had_paid_it(trial, bob, quoted):
    rebase(trial, 5, 4)
    out = quoted(5 * E18 // 2, 10 * E18, 10 * E18)
    with reverts("pool: k"):
        trial.swap(0, out + 1, to=bob)
    trial.swap(0, out, to=bob)
    assert trial.held(bob) == (0, out)
    assert trial.reserves() == (25 * E18 // 2, 10 * E18 - out)


def test_the_next_provider_gets_the_gain_for_as_much_of_the_other_token(trial, bob):
    rebase(trial, 5, 4)
    trial.give(trial.pool, plain=5 * E18 // 2)
    trial.do(trial.pool, "mint", bob)
    assert trial.liquidity(bob) == 5 * E18 // 2
    assert trial.reserves() == (25 * E18 // 2, 25 * E18 // 2)


def test_a_provider_who_leaves_gets_a_share_of_the_gain_without_sync(trial, bob):
    rebase(trial, 5, 4)
    trial.do(trial.pool, "transfer", trial.pool, E18)
    trial.do(trial.pool, "burn", bob)
    assert trial.held(bob) == (5 * E18 // 4, E18)


def test_a_loss_closes_mint_skim_and_quotes_until_somebody_syncs(trial, bob, quoted):
    rebase(trial, 4, 5)
    with reverts(""):
        trial.do(trial.pool, "mint", bob)
    with reverts(""):
        trial.do(trial.pool, "skim", bob)
    with reverts("pool: k"):
        trial.sell(trial.plain, E18)
    with reverts(""):
        trial.sell(trial.odd, E18 // 2, taxed=True)
    trial.do(trial.pool, "sync")
    assert trial.reserves() == (8 * E18, 10 * E18)
    trial.sell(trial.plain, E18, quoted(E18, 10 * E18, 8 * E18), to=bob)


def test_a_loss_can_be_filled_up_to_the_unit_and_then_mint_and_skim_are_open(trial, bob):
    rebase(trial, 4, 5)
    trial.give(trial.pool, odd=2 * E18 - 4)
    for name in ("skim", "mint"):
        with reverts(""):
            trial.do(trial.pool, name, bob)
    trial.give(trial.pool, odd=4)
    trial.do(trial.pool, "skim", bob)
    with reverts("pool: insufficient liquidity minted"):
        trial.do(trial.pool, "mint", bob)
    assert trial.held(trial.pool) == trial.reserves() == (10 * E18, 10 * E18)


def test_providers_leave_after_a_loss_by_what_is_there(trial, bob):
    rebase(trial, 4, 5)
    trial.do(trial.pool, "transfer", trial.pool, 5 * E18)
    trial.do(trial.pool, "burn", bob)
    assert trial.held(bob) == (4 * E18, 5 * E18)
    assert trial.reserves() == (4 * E18, 5 * E18)


def test_a_rebase_to_nothing_blocks_burn_and_takes_the_other_token_with_it(trial, bob):
    rebase(trial, 0, 1)
    trial.do(trial.pool, "transfer", trial.pool, 5 * E18)
    with reverts("pool: insufficient liquidity burned"):
        trial.do(trial.pool, "burn", bob)
    trial.do(trial.pool, "sync")
    assert trial.reserves() == (0, 10 * E18)
    with reverts("pool: insufficient liquidity"):
        trial.swap(0, 1, to=bob)
    with reverts("pool: insufficient liquidity burned"):
        trial.do(trial.pool, "burn", bob)
    trial.give(trial.pool, plain=E18)
    with reverts(""):
        trial.do(trial.pool, "mint", bob)
    rebase(trial, 1, 1)
    trial.do(trial.pool, "burn", bob)
    assert trial.held(bob) == (5 * E18, 11 * E18 // 2)


def test_a_rebase_in_a_flash_swap_pays_for_it(trial, bob, callee, plan):
    """Who can time a rebase takes the providers' other token for it."""
    plan(trial.odd, "rebase", 2, 1)
    trial.swap(0, 4 * E18, to=callee, data=b"x")
    assert trial.held(callee) == (0, 4 * E18)
    assert trial.reserves() == (20 * E18, 6 * E18)


def test_a_rebase_in_a_flash_swap_pays_no_more_than_its_quote(trial, callee, plan, quoted):
    plan(trial.odd, "rebase", 5, 4)
    out = quoted(5 * E18 // 2, 10 * E18, 10 * E18)
    with reverts("pool: k"):
        trial.swap(0, out + 1, to=callee, data=b"x")
    trial.swap(0, out, to=callee, data=b"x")
    assert trial.held(callee) == (0, out)


def test_a_loss_in_a_flash_swap_falls_on_the_borrower(trial, callee, plan):
    due = -(-4 * E18 * 1000 // 997)
    trial.give(callee, plain=due - 4 * E18)
    plan(trial.plain, "transfer", trial.pool, due)
    with trial.dex.chain.anchor():
        trial.swap(0, 4 * E18, to=callee, data=b"x")
    plan(trial.odd, "rebase", 999, 1000)
    with reverts("pool: k"):
        trial.swap(0, 4 * E18, to=callee, data=b"x")


@pytest.fixture
def gauge(trial, dex, alice, bob):
    """Alice and Bob have staked 10 each."""
    gauge = dex.deploy("gauge", trial.odd, "0x" + "00" * 20, alice)
    trial.give(bob, odd=10 * E18)
    for who in (alice, bob):
        trial.do(trial.odd, "approve", gauge, 10 * E18, sender=who)
        trial.do(gauge, "deposit", 10 * E18, sender=who)
    return gauge


def test_the_loss_of_a_gauge_is_that_of_who_withdraws_last(gauge, trial, bob):
    rebase(trial, 4, 5)
    trial.do(gauge, "withdraw", 10 * E18)
    for amount in (10 * E18, 6 * E18 + 4):
        with reverts("gauge: transfer failed"):
            trial.do(gauge, "withdraw", amount, sender=bob)
    trial.do(gauge, "withdraw", 6 * E18, sender=bob)
    assert gauge.read.staked(bob) == 4 * E18


def test_the_gain_of_a_gauge_is_nobodys(gauge, trial, bob):
    rebase(trial, 5, 4)
    trial.do(gauge, "withdraw", 10 * E18)
    trial.do(gauge, "withdraw", 10 * E18, sender=bob)
    assert (gauge.read.total_staked(), trial.odd.read.balanceOf(gauge)) == (0, 5 * E18)
    with reverts("gauge: insufficient stake"):
        trial.do(gauge, "withdraw", 1, sender=bob)
