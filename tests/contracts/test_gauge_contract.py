"""The gauge: who gets which part of the emission, to the unit."""

from __future__ import annotations

import pytest

from dexsim.testing import reverts

E18 = 10**18
RATE = 10**15
CAP = 10**21
FOREVER = 2**256 - 1


@pytest.fixture
def farm(dex, alice, bob):
    """A gauge for the pool's liquidity that pays 0.001 a second from now on; both hold 10 of it."""
    dex.add(100 * E18, 100 * E18)
    dex.send(dex.pool.write.transfer(alice, bob, 10 * E18))
    gauge, reward = emitting(dex, alice, dex.pool, CAP, RATE)
    for who in (alice, bob):
        dex.send(dex.pool.write.approve(who, gauge, FOREVER))
    return dex, gauge, reward


def emitting(dex, alice, staked, cap, rate, *, start=None, named=True):
    """A gauge with the emission of a token to itself; named: its minter is the token's."""
    start = dex.now() if start is None else start
    schedule = (start, 1, 0, [], rate, 0)
    reward = dex.deploy("incentive_token", "Reward", "RWD", 0, cap, schedule)
    minter = dex.deploy("minter", reward, alice)
    gauge = dex.deploy("gauge", staked, minter, alice)
    dex.send(minter.write.add_gauge(alice, gauge, 1))
    if named:
        dex.send(reward.write.set_minter(alice, minter))
    return gauge, reward


def test_a_lone_staker_earns_every_second_and_claims_it_once(farm, alice):
    dex, gauge, reward = farm
    dex.send(gauge.write.deposit(alice, E18))
    dex.wait(100)
    assert gauge.read.claimable(alice, reward) == 100 * RATE
    receipt = dex.send(gauge.write.claim(alice))
    (event,) = gauge.events(receipt)
    assert (event.name, *event.fields.values()) == (
        "Claimed",
        alice.address,
        reward.address,
        100 * RATE,
    )
    assert reward.read.balanceOf(alice) == gauge.read.claimed(alice, reward) == 100 * RATE
    dex.send(gauge.write.claim(alice))
    assert reward.read.balanceOf(alice) == 100 * RATE
    assert gauge.read.claimable(alice, reward) == 0


def test_stakers_share_by_stake_and_time(farm, alice, bob):
    dex, gauge, reward = farm
    dex.send(gauge.write.deposit(alice, E18))
    dex.wait(10)
    dex.send(gauge.write.deposit(bob, 3 * E18))
    dex.wait(100)
    assert gauge.read.claimable(alice, reward) == 10 * RATE + 25 * RATE
    assert gauge.read.claimable(bob, reward) == 75 * RATE


def test_equal_stakes_over_equal_time_earn_the_same_to_the_unit(farm, alice, bob):
    dex, gauge, reward = farm
    for who in (alice, bob):
        dex.send(gauge.write.deposit(who, 3 * E18 + 1))
    for _ in range(7):
        dex.wait(13)
        for who in (alice, bob):
            dex.send(gauge.write.claim(who))
    assert gauge.read.claimed(alice, reward) == gauge.read.claimed(bob, reward) > 0


def test_claiming_often_costs_at_most_one_unit_a_claim(farm, alice, bob):
    dex, gauge, reward = farm
    for who in (alice, bob):
        dex.send(gauge.write.deposit(who, 3 * E18 + 1))
    for _ in range(7):
        dex.wait(13)
        dex.send(gauge.write.claim(alice))
    assert 0 <= gauge.read.claimable(bob, reward) - gauge.read.claimed(alice, reward) <= 7


def test_emission_before_the_first_stake_belongs_to_nobody(farm, alice):
    dex, gauge, reward = farm
    dex.wait(50)
    assert gauge.read.undistributed(reward) == 50 * RATE
    dex.send(gauge.write.deposit(alice, E18))
    dex.wait(50)
    assert gauge.read.undistributed(reward) == 50 * RATE
    assert gauge.read.claimable(alice, reward) == 50 * RATE


def test_emission_while_nobody_stakes_belongs_to_nobody(farm, alice, bob):
    dex, gauge, reward = farm
    dex.send(gauge.write.deposit(alice, E18))
    dex.wait(10)
    dex.send(gauge.write.exit(alice))
    dex.wait(30)
    dex.send(gauge.write.deposit(bob, E18))
    dex.wait(10)
    dex.send(gauge.write.exit(bob))
    assert gauge.read.undistributed(reward) == 30 * RATE
    assert reward.read.balanceOf(alice) == reward.read.balanceOf(bob) == 10 * RATE


def test_emission_ends_with_the_schedule(farm, alice):
    dex, gauge, reward = farm
    dex.send(gauge.write.deposit(alice, E18))
    dex.wait(CAP // RATE + 10**6)
    assert gauge.read.claimable(alice, reward) == CAP
    dex.send(gauge.write.claim(alice))
    assert reward.read.totalSupply() == reward.read.minted() == CAP
    dex.wait(10**6)
    assert gauge.read.claimable(alice, reward) == 0


def test_nothing_is_earned_before_the_schedule_starts(dex, alice):
    dex.add(100 * E18, 100 * E18)
    gauge, reward = emitting(dex, alice, dex.pool, CAP, RATE, start=dex.now() + 100)
    dex.send(dex.pool.write.approve(alice, gauge, FOREVER))
    dex.send(gauge.write.deposit(alice, E18))
    dex.wait(100)
    assert gauge.read.claimable(alice, reward) == 0
    dex.wait(1)
    assert gauge.read.claimable(alice, reward) == RATE


def test_deposit_takes_liquidity_and_tells_so(farm, alice):
    dex, gauge, _ = farm
    before = dex.pool.read.balanceOf(alice)
    receipt = dex.send(gauge.write.deposit(alice, E18))
    (event,) = gauge.events(receipt)
    assert (event.name, *event.fields.values()) == ("Deposited", alice.address, E18)
    assert dex.pool.read.balanceOf(gauge) == E18
    assert before - dex.pool.read.balanceOf(alice) == E18
    assert gauge.read.staked(alice) == gauge.read.total_staked() == E18


def test_withdrawal_gives_the_stake_back_and_not_one_more(farm, alice, bob):
    dex, gauge, reward = farm
    dex.send(gauge.write.deposit(alice, E18))
    dex.send(gauge.write.deposit(bob, E18))
    with reverts("gauge: insufficient stake"):
        dex.send(gauge.write.withdraw(alice, E18 + 1))
    dex.wait(10)
    receipt = dex.send(gauge.write.withdraw(alice, E18))
    (event,) = gauge.events(receipt)
    assert (event.name, *event.fields.values()) == ("Withdrawn", alice.address, E18)
    assert gauge.read.total_staked() == dex.pool.read.balanceOf(gauge) == E18
    dex.wait(10)
    assert gauge.read.claimable(alice, reward) == 5 * RATE


def test_amounts_of_zero_are_refused(farm, alice):
    dex, gauge, _ = farm
    for write in (gauge.write.deposit, gauge.write.withdraw):
        with reverts("gauge: zero amount"):
            dex.send(write(alice, 0))


def test_exit_returns_stake_and_reward_and_is_no_error_for_strangers(farm, alice, bob):
    dex, gauge, reward = farm
    before = dex.pool.read.balanceOf(alice)
    dex.send(gauge.write.deposit(alice, E18))
    dex.wait(10)
    dex.send(gauge.write.exit(alice))
    assert dex.pool.read.balanceOf(alice) == before
    assert reward.read.balanceOf(alice) == 10 * RATE
    dex.send(gauge.write.exit(bob))
    dex.send(gauge.write.claim(bob))
    assert reward.read.balanceOf(bob) == 0


def test_liquidity_that_cannot_be_taken_is_refused(farm, alice, bob):
    dex, gauge, _ = farm
    dex.send(dex.pool.write.approve(alice, gauge, E18 - 1))
    with reverts("gauge: transfer failed"):
        dex.send(gauge.write.deposit(alice, E18))
    assert gauge.read.total_staked() == 0


def test_what_has_no_code_can_be_neither_staked_nor_paid(dex, alice):
    gauge, _ = emitting(dex, alice, dex.pool, CAP, RATE)
    minter = gauge.read.minter()
    third = dex.deploy("token", "C", "C", 18, E18)
    with dex.chain.anchor():
        planned = dex.create_pool(dex.token0, third)
    for staked, emits, reason in (
        (planned, minter, "gauge: no such token"),
        (alice, minter, "gauge: no such token"),
        (dex.pool, alice, "gauge: no such minter"),
    ):
        with reverts(reason):
            dex.deploy("gauge", staked, emits, alice)
    homeless = dex.deploy("mocks/scripted_minter", alice)
    with reverts("gauge: no such token"):
        dex.deploy("gauge", dex.pool, homeless, alice)
    dex.create_pool(dex.token0, third)
    assert dex.deploy("gauge", planned, minter, alice).read.lp_token() == planned.address


def test_what_is_staked_cannot_be_emitted(dex, alice):
    minter = dex.deploy("mocks/scripted_minter", dex.pool)
    with reverts("gauge: staked token"):
        dex.deploy("gauge", dex.pool, minter, alice)


def test_stakes_come_back_even_when_rewards_cannot_be_minted(dex, alice):
    dex.add(100 * E18, 100 * E18)
    gauge, reward = emitting(dex, alice, dex.pool, CAP, RATE, named=False)
    dex.send(dex.pool.write.approve(alice, gauge, FOREVER))
    before = dex.pool.read.balanceOf(alice)
    dex.send(gauge.write.deposit(alice, E18))
    dex.wait(10)
    for write in (gauge.write.claim, gauge.write.exit):
        with reverts("incentive: not the minter"):
            dex.send(write(alice))
    dex.send(gauge.write.withdraw(alice, E18))
    assert dex.pool.read.balanceOf(alice) == before
    dex.send(reward.write.set_minter(alice, gauge.read.minter()))
    dex.send(gauge.write.claim(alice))
    assert reward.read.balanceOf(alice) == 10 * RATE


@pytest.mark.parametrize("stake", [2**112 - 1, 10**36 - 1])
def test_the_greatest_emission_and_stake_overflow_nothing(stake, dex, alice):
    token = dex.deploy("token", "Big", "BIG", 18, 2**256 - 1)
    gauge, reward = emitting(dex, alice, token, 2**128 - 1, 2**120)
    dex.send(token.write.approve(alice, gauge, FOREVER))
    dex.send(gauge.write.deposit(alice, 1))
    dex.wait(100)
    dex.send(gauge.write.deposit(alice, stake))
    dex.wait(1000)
    dex.send(gauge.write.exit(alice))
    assert token.read.balanceOf(alice) == 2**256 - 1
    # The fraction that his stake could not keep when it went.
    assert reward.read.balanceOf(alice) == 2**128 - 1 - (stake == 2**112 - 1)
    assert reward.read.available_supply() == 2**128 - 1


def test_stakes_have_a_limit_and_not_one_more(dex, alice, bob):
    token = dex.deploy("token", "Big", "BIG", 18, 2**256 - 1)
    gauge, _ = emitting(dex, alice, token, CAP, RATE)
    for who in (alice, bob):
        dex.send(token.write.approve(who, gauge, FOREVER))
    dex.send(token.write.transfer(alice, bob, E18))
    dex.send(gauge.write.deposit(bob, E18))
    most = gauge.read.MOST_STAKED() - E18
    for amount in (most + 1, 2**256 - 1):
        with reverts("gauge: stake too high"):
            dex.send(gauge.write.deposit(alice, amount))
    dex.send(gauge.write.deposit(alice, most))
    assert gauge.read.total_staked() == 10**36
    assert gauge.read.reward_count() == 1
    dex.send(gauge.write.emergency_exit(alice))
    dex.send(gauge.write.deposit(alice, most))
    with reverts("gauge: stake too high"):
        dex.send(gauge.write.deposit(alice, 1))
