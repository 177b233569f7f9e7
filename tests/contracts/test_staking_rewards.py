"""Streamed rewards: who gets which part, what a period is, and who may do what."""

from __future__ import annotations

import pytest

from dexsim.chain.accounts import Account
from dexsim.testing import reverts

E18 = 10**18
DURATION = 1000
REWARD = 1000 * 10**15
RATE = REWARD // DURATION
FOREVER = 2**256 - 1
PRECISION = 10**36
NOWHERE = "0x" + "00" * 20
CAROL = Account.named("carol")


@pytest.fixture
def farm(dex, alice, bob):
    """Stakes of token A earn token B in periods of 1000 seconds; Alice distributes, Bob holds 10 A."""
    dex.send(dex.token0.write.transfer(alice, bob, 10 * E18))
    rewards = dex.deploy("staking_rewards", dex.token0, dex.token1, DURATION, alice)
    for who in (alice, bob):
        dex.send(dex.token0.write.approve(who, rewards, FOREVER))
    return dex, rewards


@pytest.fixture
def running(farm, alice):
    """The same, with a period that has just begun: 0.001 B a second."""
    dex, rewards = farm
    fund(dex, rewards, alice, REWARD)
    return farm


def fund(dex, rewards, alice, amount):
    """Send rewards and begin a period with them."""
    dex.send(dex.token1.write.transfer(alice, rewards, amount))
    return dex.send(rewards.write.notify(alice, amount))


def only_event(contract, receipt):
    (event,) = contract.events(receipt)
    return event.name, *event.fields.values()


# --- shares -------------------------------------------------------------------


def test_a_lone_staker_earns_every_second_and_claims_it_once(running, alice):
    dex, rewards = running
    dex.send(rewards.write.stake(alice, 3 * E18 + 1))
    dex.wait(100)
    before = dex.token1.read.balanceOf(alice)
    assert rewards.read.earned(alice) == 100 * RATE - 1  # 10**36 / (3 * 10**18 + 1) rounds down
    receipt = dex.send(rewards.write.claim(alice))
    assert only_event(rewards, receipt) == ("Claimed", alice.address, 100 * RATE - 1)
    again = dex.send(rewards.write.claim(alice))
    assert rewards.events(again) == []
    assert dex.token1.read.balanceOf(alice) - before == 100 * RATE - 1
    assert rewards.read.earned(alice) == 0


def test_stakers_share_by_stake_and_time(running, alice, bob):
    dex, rewards = running
    dex.send(rewards.write.stake(alice, E18))
    dex.wait(10)
    dex.send(rewards.write.stake(bob, 3 * E18))
    dex.wait(100)
    assert rewards.read.earned(alice) == 10 * RATE + 25 * RATE
    assert rewards.read.earned(bob) == 75 * RATE
    dex.send(rewards.write.withdraw(alice, E18))
    dex.wait(10)
    assert rewards.read.earned(alice) == 35 * RATE
    assert rewards.read.earned(bob) == 85 * RATE - 1  # 10 * RATE / 3 per 10**18 rounds down


def test_counting_somebody_often_takes_nothing_from_him(farm, alice, bob):
    """Whole units a checkpoint would leave him nothing: he earns one every ten seconds."""
    dex, rewards = farm
    fund(dex, rewards, alice, 100 * DURATION)
    dex.send(rewards.write.stake(alice, 1000 * E18))
    dex.send(rewards.write.stake(bob, E18))
    for _ in range(96):
        dex.wait(10)
        dex.send(rewards.write.checkpoint(CAROL, bob))
    assert rewards.read.earned(bob) == 960 * 100 // 1001 == 95
    dex.wait(40)
    for who in (alice, bob):
        dex.send(rewards.write.exit(who))
    left = dex.token1.read.balanceOf(rewards)
    assert left <= 1, "whole units; the fractions of both make one"


def test_a_period_ends_to_the_second(running, alice):
    dex, rewards = running
    dex.send(rewards.write.stake(alice, E18))
    seen = []
    for seconds in (DURATION - 1, 1, 1, 10**8):
        dex.wait(seconds)
        seen.append((rewards.read.earned(alice), rewards.read.last_time_applicable()))
    finish = rewards.read.period_finish()
    assert seen == [(REWARD - RATE, finish - 1)] + [(REWARD, finish)] * 3


def test_somebody_elses_checkpoint_pays_nothing_and_takes_nothing(running, alice, bob):
    dex, rewards = running
    dex.send(rewards.write.stake(alice, E18))
    dex.wait(100)
    receipt = dex.send(rewards.write.checkpoint(bob, alice))
    assert receipt.logs == ()
    assert rewards.read.earned(alice) == 100 * RATE
    assert rewards.read.earned(bob) == 0
    dex.wait(100)
    assert rewards.read.earned(alice) == 200 * RATE


def test_equal_stakes_over_equal_time_earn_the_same_to_the_unit(running, alice, bob):
    dex, rewards = running
    for who in (alice, bob):
        dex.send(rewards.write.stake(who, 3 * E18 + 1))
    paid = {}
    for _ in range(7):
        dex.wait(13)
        for who in (alice, bob):
            (event,) = rewards.events(dex.send(rewards.write.claim(who)))
            paid[who] = paid.get(who, 0) + event.fields["amount"]
    assert paid[alice] == paid[bob] > 0


# --- periods ------------------------------------------------------------------


def test_a_period_starts_with_its_notice(farm, alice):
    dex, rewards = farm
    assert rewards.read.rate() == rewards.read.period_finish() == 0
    receipt = fund(dex, rewards, alice, REWARD + 999)
    finish = dex.now() + DURATION
    assert only_event(rewards, receipt) == ("Notified", REWARD + 999, RATE, finish)
    assert (rewards.read.rate(), rewards.read.period_finish()) == (RATE, finish)
    assert rewards.read.reward_for_duration() == REWARD
    assert rewards.read.undistributed() == 999


@pytest.mark.parametrize("passed", [0, 1, 400, 999, 1000, 1001])
def test_what_is_left_of_a_period_goes_into_the_next(passed, running, alice):
    dex, rewards = running
    dex.send(rewards.write.stake(alice, E18))
    dex.wait(passed)
    fund(dex, rewards, alice, 7 * REWARD + 13)
    left = RATE * max(DURATION - passed, 0)
    assert rewards.read.rate() == (7 * REWARD + 13 + left) // DURATION
    assert rewards.read.undistributed() == (7 * REWARD + 13 + left) % DURATION
    assert rewards.read.earned(alice) == RATE * min(passed, DURATION)
    dex.wait(DURATION)
    assert rewards.read.earned(alice) == REWARD + 7 * REWARD


def test_a_notice_of_nothing_stretches_what_is_left(running, alice):
    dex, rewards = running
    dex.send(rewards.write.stake(alice, E18))
    dex.wait(500)
    dex.send(rewards.write.notify(alice, 0))
    assert rewards.read.rate() == RATE // 2
    assert rewards.read.period_finish() == dex.now() + DURATION


def test_what_is_there_can_be_notified_and_not_one_more(farm, alice):
    dex, rewards = farm
    dex.send(dex.token1.write.transfer(alice, rewards, REWARD))
    with reverts("staking: reward too high"):
        dex.send(rewards.write.notify(alice, REWARD + 1))
    dex.send(rewards.write.notify(alice, REWARD))
    with reverts("staking: reward too high"):
        dex.send(rewards.write.notify(alice, 1))


def test_what_is_owed_cannot_be_streamed_again(running, alice):
    dex, rewards = running
    dex.send(rewards.write.stake(alice, E18))
    dex.wait(DURATION)
    assert dex.token1.read.balanceOf(rewards) == rewards.read.earned(alice) == REWARD
    with reverts("staking: reward too high"):
        dex.send(rewards.write.notify(alice, 1))
    dex.send(rewards.write.claim(alice))
    assert dex.token1.read.balanceOf(rewards) == 0


def test_the_duration_changes_between_periods_only(running, alice):
    dex, rewards = running
    dex.wait(DURATION - 1)
    with reverts("staking: period is running"):
        dex.send(rewards.write.set_duration(alice, 500))
    dex.wait(1)
    receipt = dex.send(rewards.write.set_duration(alice, 500))
    assert only_event(rewards, receipt) == ("DurationSet", 500)
    fund(dex, rewards, alice, REWARD)
    assert rewards.read.rate() == 2 * RATE
    assert rewards.read.period_finish() == dex.now() + 500 == dex.now() + rewards.read.duration()


def test_the_duration_stays_within_its_borders(farm, alice):
    dex, rewards = farm
    for seconds in (0, 2**32):
        with reverts("staking: duration out of range"):
            dex.send(rewards.write.set_duration(alice, seconds))
        with reverts("staking: duration out of range"):
            dex.deploy("staking_rewards", dex.token0, dex.token1, seconds, alice)
    for seconds in (1, 2**32 - 1):
        dex.send(rewards.write.set_duration(alice, seconds))
        assert rewards.read.duration() == seconds


@pytest.mark.parametrize(
    ("second_stake", "counted"),
    # A stake so great that its share of 2**127 units is below 10**-36 a unit earns nothing.
    [(2**112, 2**32 - 1), (2**255, 2**31)],
)
def test_the_highest_rate_overflows_nothing_and_the_next_is_refused(
    second_stake, counted, dex, alice
):
    token = dex.deploy("token", "Big", "BIG", 18, FOREVER)
    rewards = dex.deploy("staking_rewards", token, token, 2**32 - 1, alice)
    too_high = 2**96 * (2**32 - 1)
    dex.send(token.write.approve(alice, rewards, FOREVER))
    dex.send(rewards.write.stake(alice, 1))
    dex.send(token.write.transfer(alice, rewards, too_high))
    with reverts("staking: rate too high"):
        dex.send(rewards.write.notify(alice, too_high))
    dex.send(rewards.write.notify(alice, too_high - 1))
    assert rewards.read.rate() == 2**96 - 1
    dex.wait(2**31)
    dex.send(rewards.write.stake(alice, second_stake))
    dex.wait(2**31)
    assert 0 <= rewards.read.rate() * counted - rewards.read.earned(alice) <= 1
    earned = rewards.read.earned(alice)
    dex.send(rewards.write.exit(alice))
    assert token.read.balanceOf(alice) == FOREVER - too_high + earned


# --- seconds without stakes ---------------------------------------------------


def test_what_is_streamed_while_nobody_stakes_can_be_streamed_again(running, alice, bob):
    dex, rewards = running
    dex.wait(30)
    assert rewards.read.undistributed() == 30 * RATE
    dex.send(rewards.write.stake(alice, E18))
    dex.wait(10)
    dex.send(rewards.write.exit(alice))
    dex.wait(50)
    assert rewards.read.undistributed() == 80 * RATE
    dex.send(rewards.write.stake(bob, E18))
    dex.wait(DURATION)
    assert rewards.read.earned(bob) == REWARD - 90 * RATE
    with reverts("staking: reward too high"):
        dex.send(rewards.write.notify(alice, 80 * RATE + 1))
    dex.send(rewards.write.notify(alice, 80 * RATE))
    dex.wait(DURATION)
    assert rewards.read.earned(bob) == REWARD - 10 * RATE
    dex.send(rewards.write.exit(bob))
    assert dex.token1.read.balanceOf(rewards) == 0


def test_what_is_streamed_while_nobody_stakes_can_be_recovered(running, alice):
    dex, rewards = running
    dex.wait(30)
    with reverts("staking: reward is promised"):
        dex.send(rewards.write.recover_token(alice, dex.token1, 30 * RATE + 1))
    before = dex.token1.read.balanceOf(alice)
    receipt = dex.send(rewards.write.recover_token(alice, dex.token1, 30 * RATE))
    assert only_event(rewards, receipt) == ("Recovered", dex.token1.address, 30 * RATE)
    assert dex.token1.read.balanceOf(alice) - before == 30 * RATE
    assert rewards.read.undistributed() == 0
    dex.send(rewards.write.stake(alice, E18))
    dex.wait(DURATION)
    assert rewards.read.earned(alice) == REWARD - 30 * RATE == dex.token1.read.balanceOf(rewards)


# --- stakes -------------------------------------------------------------------


def test_a_stake_is_taken_and_told(running, alice):
    dex, rewards = running
    before = dex.token0.read.balanceOf(alice)
    receipt = dex.send(rewards.write.stake(alice, E18))
    assert only_event(rewards, receipt) == ("Staked", alice.address, E18)
    assert before - dex.token0.read.balanceOf(alice) == E18
    assert dex.token0.read.balanceOf(rewards) == rewards.read.total_staked() == E18
    assert rewards.read.staked(alice) == E18


def test_a_withdrawal_gives_the_stake_back_and_not_one_more(running, alice, bob):
    dex, rewards = running
    for who in (alice, bob):
        dex.send(rewards.write.stake(who, E18))
    with reverts("staking: insufficient stake"):
        dex.send(rewards.write.withdraw(alice, E18 + 1))
    receipt = dex.send(rewards.write.withdraw(alice, E18))
    assert only_event(rewards, receipt) == ("Withdrawn", alice.address, E18)
    assert dex.token0.read.balanceOf(rewards) == rewards.read.total_staked() == E18
    assert (rewards.read.staked(alice), rewards.read.staked(bob)) == (0, E18)
    with reverts("staking: insufficient stake"):
        dex.send(rewards.write.withdraw(alice, 1))


def test_amounts_of_zero_are_refused(running, alice):
    dex, rewards = running
    for write in (rewards.write.stake, rewards.write.withdraw):
        with reverts("staking: zero amount"):
            dex.send(write(alice, 0))


def test_exit_returns_stake_and_reward_and_is_no_error_for_strangers(running, alice, bob):
    dex, rewards = running
    before = [token.read.balanceOf(alice) for token in (dex.token0, dex.token1)]
    dex.send(rewards.write.stake(alice, E18))
    dex.wait(10)
    receipt = dex.send(rewards.write.exit(alice))
    assert [event.name for event in rewards.events(receipt)] == ["Withdrawn", "Claimed"]
    assert [token.read.balanceOf(alice) for token in (dex.token0, dex.token1)] == [
        before[0],
        before[1] + 10 * RATE,
    ]
    assert rewards.read.earned(alice) == rewards.read.staked(alice) == 0
    assert dex.send(rewards.write.exit(bob)).logs == ()


def test_a_stake_that_cannot_be_taken_is_refused(running, alice):
    dex, rewards = running
    dex.send(dex.token0.write.approve(alice, rewards, E18 - 1))
    with reverts("staking: transfer failed"):
        dex.send(rewards.write.stake(alice, E18))
    assert rewards.read.total_staked() == 0
    dex.send(rewards.write.stake(alice, E18 - 1))


def test_a_pause_stops_new_stakes_and_nothing_else(running, alice, bob):
    dex, rewards = running
    dex.send(rewards.write.stake(bob, 2 * E18))
    dex.wait(10)
    receipt = dex.send(rewards.write.set_paused(alice, True))
    assert only_event(rewards, receipt) == ("PausedSet", True)
    with reverts("staking: paused"):
        dex.send(rewards.write.stake(bob, 1))
    dex.send(rewards.write.withdraw(bob, E18))
    dex.send(rewards.write.claim(bob))
    dex.send(rewards.write.exit(bob))
    assert dex.token1.read.balanceOf(bob) == 10 * RATE
    dex.send(rewards.write.set_paused(alice, False))
    dex.send(rewards.write.stake(bob, 1))


# --- who may do what ----------------------------------------------------------


def test_only_the_distributor_distributes(running, alice, bob):
    dex, rewards = running
    dex.wait(DURATION)
    assert rewards.read.distributor() == alice.address
    for tx in (
        rewards.write.notify(bob, 0),
        rewards.write.set_duration(bob, DURATION),
        rewards.write.set_paused(bob, True),
        rewards.write.recover_token(bob, dex.weth, 0),
    ):
        with reverts("staking: not the distributor"):
            dex.send(tx)


def test_foreign_tokens_are_recovered_and_the_staked_one_is_not(running, alice, bob):
    dex, rewards = running
    dex.send(rewards.write.stake(bob, E18))
    dex.send(dex.token0.write.transfer(alice, rewards, E18))
    for amount in (0, 1, E18):
        with reverts("staking: staked token"):
            dex.send(rewards.write.recover_token(alice, dex.token0, amount))
    stray = dex.deploy("token", "Stray", "STR", 18, E18)
    dex.send(stray.write.transfer(alice, rewards, E18))
    with reverts("staking: transfer failed"):
        dex.send(rewards.write.recover_token(alice, stray, E18 + 1))
    dex.send(rewards.write.recover_token(alice, stray, E18))
    assert stray.read.balanceOf(alice) == E18


def test_both_tokens_and_the_distributor_have_to_be_there(dex, alice):
    for staked, reward in ((CAROL, dex.token1), (dex.token0, CAROL)):
        with reverts("staking: no such token"):
            dex.deploy("staking_rewards", staked, reward, DURATION, alice)
    with reverts("staking: zero address"):
        dex.deploy("staking_rewards", dex.token0, dex.token1, DURATION, NOWHERE)
    rewards = dex.deploy("staking_rewards", dex.token0, dex.token1, DURATION, alice)
    assert rewards.read.staked_token() == dex.token0.address
    assert rewards.read.reward_token() == dex.token1.address


# --- the staked token as reward -----------------------------------------------


@pytest.fixture
def compounding(dex, alice, bob):
    """Stakes of token A earn token A; Bob has 10 of it, all staked."""
    rewards = dex.deploy("staking_rewards", dex.token0, dex.token0, DURATION, alice)
    dex.send(dex.token0.write.transfer(alice, bob, 10 * E18))
    dex.send(dex.token0.write.approve(bob, rewards, FOREVER))
    dex.send(rewards.write.stake(bob, 10 * E18))
    return dex, rewards


def test_stakes_are_never_streamed(compounding, alice):
    dex, rewards = compounding
    assert rewards.read.undistributed() == 0
    with reverts("staking: reward too high"):
        dex.send(rewards.write.notify(alice, 1))
    dex.send(dex.token0.write.transfer(alice, rewards, REWARD))
    with reverts("staking: reward too high"):
        dex.send(rewards.write.notify(alice, REWARD + 1))
    dex.send(rewards.write.notify(alice, REWARD))
    with reverts("staking: staked token"):
        dex.send(rewards.write.recover_token(alice, dex.token0, 0))


def test_stake_and_reward_in_one_token_both_come_back(compounding, alice, bob):
    dex, rewards = compounding
    dex.send(dex.token0.write.transfer(alice, rewards, REWARD))
    dex.send(rewards.write.notify(alice, REWARD))
    dex.wait(2 * DURATION)
    dex.send(rewards.write.exit(bob))
    assert dex.token0.read.balanceOf(bob) == 10 * E18 + REWARD
    assert dex.token0.read.balanceOf(rewards) == 0
