"""A gauge with several rewards: who earns what of each, who may do what, and that the books close."""

from __future__ import annotations

import pytest

from dexsim.testing import reverts
from tests.contracts.gauges import ALICE, BOB, CAROL, E18, NOBODY, ONE, plant

DURATION = 1000


@pytest.fixture
def farm(dex):
    """What is emitted is told by the test."""
    return plant(dex)


@pytest.fixture
def both(farm):
    """The same, and a token that is streamed: 5 a second, from now on."""
    farm.stream(duration=DURATION)
    farm.do("notify", ALICE, farm.streams[0], 5 * DURATION)
    return farm


# --- stakes ---------------------------------------------------------------------------------------


def test_a_deposit_for_somebody_else_is_his_stake_and_earns_for_him(farm):
    told = farm.do("deposit", ALICE, 4, BOB)
    assert told == [("Deposited", BOB.address, 4)]
    farm.emit(100)
    assert (farm.read.staked(ALICE), farm.read.staked(BOB)) == (0, 4)
    assert farm.read.claimable(BOB, farm.reward) == 100
    with reverts("gauge: insufficient stake"):
        farm.do("withdraw", ALICE, 1)
    before = farm.staked.read.balanceOf(BOB)
    farm.do("withdraw", BOB, 4)
    assert farm.staked.read.balanceOf(BOB) - before == 4


def test_a_deposit_for_somebody_with_a_stake_keeps_what_he_has_earned(farm):
    farm.do("deposit", BOB, 1)
    farm.do("deposit", CAROL, 1)
    farm.emit(10)
    farm.do("deposit", ALICE, 2, BOB)
    farm.emit(8)
    assert farm.read.claimable(BOB, farm.reward) == 5 + 6
    assert farm.read.claimable(CAROL, farm.reward) == 5 + 2
    farm.books(farm.reward)


def test_a_claim_for_somebody_else_pays_him(both, dex):
    both.do("deposit", BOB, 4)
    both.emit(70)
    dex.wait(10)
    told = both.do("claim", CAROL, BOB)
    streamed = both.streams[0]
    assert told == [
        ("Claimed", BOB.address, both.reward.address, 70),
        ("Claimed", BOB.address, streamed.address, 50),
    ]
    assert [token.read.balanceOf(BOB) for token in both.tokens] == [70, 50]
    assert [both.read.claimed(BOB, token) for token in both.tokens] == [70, 50]
    assert [token.read.balanceOf(CAROL) for token in both.tokens] == [0, 0]


def test_one_reward_is_claimed_and_the_other_stays(both, dex):
    both.do("deposit", BOB, 4)
    both.emit(70)
    dex.wait(10)
    streamed = both.streams[0]
    assert both.do("claim", BOB, BOB, streamed) == [("Claimed", BOB.address, streamed.address, 50)]
    assert [both.read.claimable(BOB, token) for token in both.tokens] == [70, 0]
    assert both.do("claim", BOB, BOB, both.reward)[0][-1] == 70
    assert both.do("claim", BOB, BOB, both.reward) == []


def test_a_stake_that_goes_keeps_what_it_has_earned(farm):
    farm.do("deposit", BOB, 4)
    farm.emit(10)
    farm.do("withdraw", BOB, 4)
    farm.emit(5)
    assert farm.read.claimable(BOB, farm.reward) == 10
    assert farm.read.undistributed(farm.reward) == 5
    farm.do("deposit", BOB, 1)
    farm.emit(2)
    assert farm.read.claimable(BOB, farm.reward) == 12
    farm.books(farm.reward)


# --- fractions ------------------------------------------------------------------------------------


def test_being_counted_often_costs_nobody_a_unit(farm):
    """A third of a unit each time: whole units alone would leave him nothing."""
    farm.do("deposit", BOB, E18)
    farm.do("deposit", CAROL, 2 * E18)
    for _ in range(30):
        farm.emit(1)
        farm.do("claim", ALICE, BOB)
    farm.emit(1)
    assert farm.read.claimed(BOB, farm.reward) + farm.read.claimable(BOB, farm.reward) == 10
    farm.books(farm.reward)


def test_a_fraction_survives_a_change_of_the_stake(farm):
    farm.do("deposit", BOB, E18)
    farm.do("deposit", CAROL, E18)
    farm.emit(1)
    assert farm.read.claimable_exact(BOB, farm.reward) == ONE // 2
    farm.do("deposit", BOB, 7 * E18)
    assert 0 <= ONE // 2 - farm.read.claimable_exact(BOB, farm.reward) < 8 * E18
    farm.do("withdraw", BOB, 7 * E18 - 1)
    assert 0 <= ONE // 2 - farm.read.claimable_exact(BOB, farm.reward) < 10 * E18
    farm.books(farm.reward)


def test_the_fraction_of_a_stake_that_goes_is_shared_by_the_others(farm):
    farm.do("deposit", BOB, 1)
    farm.do("deposit", CAROL, 1)
    farm.emit(1)
    farm.do("withdraw", BOB, 1)
    assert farm.read.claimable_exact(BOB, farm.reward) == 0
    assert farm.read.undistributed_exact(farm.reward) == ONE // 2
    farm.emit(1)
    assert farm.read.claimable_exact(CAROL, farm.reward) == 2 * ONE
    farm.books(farm.reward)


def test_what_does_not_divide_waits_for_what_comes(farm):
    for who, stake in ((BOB, 7 * E18), (CAROL, 4 * E18)):
        farm.do("deposit", who, stake)
    for _ in range(11):
        farm.emit(1)
        farm.do("claim", ALICE, ALICE)
        farm.books(farm.reward)
    assert farm.read.claimable(BOB, farm.reward) == 7
    assert farm.read.claimable(CAROL, farm.reward) == 4
    assert farm.read.undistributed_exact(farm.reward) == 0


def test_who_acts_alike_in_a_second_earns_alike_though_fractions_return(farm):
    for who in (BOB, CAROL):
        farm.do("deposit", who, 3)
    farm.emit(7)
    for who in (BOB, CAROL):
        farm.do("withdraw", who, 2)
    assert farm.read.claimable_exact(BOB, farm.reward) == farm.read.claimable_exact(
        CAROL, farm.reward
    )


# --- the minter -----------------------------------------------------------------------------------


def test_the_minter_is_asked_to_draw_only_when_the_gauge_has_too_little(farm):
    for who in (BOB, CAROL):
        farm.do("deposit", who, 1)
    farm.emit(10)
    farm.do("claim", BOB)
    assert farm.minter.read.draws() == 1
    assert farm.reward.read.balanceOf(farm.gauge) == 5
    farm.do("claim", CAROL)
    assert farm.minter.read.draws() == 1
    farm.emit(10)
    farm.do("claim", BOB)
    farm.emit(2)
    assert farm.minter.read.draws() == 2
    farm.do("claim", CAROL)
    assert farm.minter.read.draws() == 3, "5 are there, and 6 are owed"


def test_a_minter_that_cannot_tell_keeps_no_stake_and_what_it_emits_is_earned_later(farm):
    farm.do("deposit", BOB, 5)
    farm.emit(10)
    farm.dex.send(farm.minter.write.set_refuses(ALICE, True))
    farm.do("deposit", CAROL, 5)
    farm.do("withdraw", BOB, 2)
    assert farm.read.claimable(BOB, farm.reward) == 0
    farm.dex.send(farm.minter.write.set_refuses(ALICE, False))
    assert farm.read.claimable(BOB, farm.reward) == 3
    assert farm.read.claimable(CAROL, farm.reward) == 6
    farm.books(farm.reward)


def test_an_emission_that_goes_back_takes_nothing_back(farm):
    farm.do("deposit", BOB, 5)
    farm.emit(10)
    farm.do("claim", BOB)
    farm.dex.send(farm.minter.write.take_back(ALICE, 4))
    farm.do("withdraw", BOB, 1)
    farm.emit(5)
    assert farm.read.claimable(BOB, farm.reward) == 1


def test_more_is_emitted_than_can_be_counted_and_stakes_come_back(farm):
    farm.do("deposit", BOB, 1)
    farm.emit(2**255)
    assert farm.read.claimable(BOB, farm.reward) == 2**128 - 1
    farm.do("withdraw", BOB, 1)


def test_without_a_minter_nothing_is_emitted_and_streams_are_paid(dex):
    farm = plant(dex, minter=False)
    assert (farm.read.minter(), farm.read.reward_count()) == (NOBODY, 0)
    farm.do("deposit", BOB, 4)
    token = farm.stream()
    assert farm.read.reward_tokens(0) == token.address
    farm.do("notify", ALICE, token, 5 * DURATION)
    dex.wait(10)
    assert farm.do("exit", BOB)[1] == ("Claimed", BOB.address, token.address, 50)


# --- streams --------------------------------------------------------------------------------------


def test_a_reward_is_added_and_told(farm):
    token = farm.dex.deploy("mocks/no_return")
    told = farm.do("add_reward", ALICE, token, BOB, DURATION)
    assert told == [("RewardAdded", token.address, BOB.address, DURATION)]
    assert farm.read.stream(token) == (BOB.address, DURATION, 0, 0)
    assert farm.read.stream(farm.reward) == (NOBODY, 0, 0, 0)
    assert [farm.read.reward_tokens(i) for i in range(3)] == [
        *(farm.reward.address, token.address, NOBODY),
    ]
    assert farm.read.reward_count() == 2


def test_eight_rewards_and_not_one_more_are_paid(farm):
    for number in range(7):
        token = farm.stream()
        farm.do("notify", ALICE, token, DURATION * (number + 1))
    with reverts("gauge: too many rewards"):
        farm.stream()
    farm.do("deposit", BOB, 1)
    farm.emit(9)
    farm.dex.wait(10)
    farm.do("exit", BOB)
    assert [token.read.balanceOf(BOB) for token in farm.tokens] == [
        *(9, 10, 20, 30, 40, 50, 60, 70),
    ]


def test_rewards_that_cannot_be_are_refused(farm):
    add = ("add_reward", ALICE)
    token = farm.dex.deploy("mocks/no_return")
    with reverts("gauge: no such token"):
        farm.do(*add, BOB, ALICE, DURATION)
    with reverts("gauge: staked token"):
        farm.do(*add, farm.staked, ALICE, DURATION)
    with reverts("gauge: reward is there"):
        farm.do(*add, farm.reward, ALICE, DURATION)
    with reverts("gauge: zero address"):
        farm.do(*add, token, NOBODY, DURATION)
    for seconds in (0, 2**32):
        with reverts("gauge: duration out of range"):
            farm.do(*add, token, ALICE, seconds)
    farm.do(*add, token, ALICE, 2**32 - 1)
    with reverts("gauge: reward is there"):
        farm.do(*add, token, ALICE, 1)


def test_what_is_no_reward_is_told_so(farm):
    other = farm.dex.deploy("mocks/no_return")
    for name in ("emitted", "undistributed", "undistributed_exact", "stream"):
        with reverts("gauge: no such reward"):
            getattr(farm.read, name)(other)
    for name in ("claimable", "claimable_exact", "claimed"):
        with reverts("gauge: no such reward"):
            getattr(farm.read, name)(BOB, other)
    for name, *args in (("claim", BOB, other), ("notify", other, 0)):
        with reverts("gauge: no such reward"):
            farm.do(name, BOB, *args)


def test_only_the_owner_adds_rewards_and_hands_that_over(farm):
    token = farm.dex.deploy("mocks/no_return")
    for name, *args in (("add_reward", token, BOB, 1), ("set_owner", BOB)):
        with reverts("gauge: forbidden"):
            farm.do(name, BOB, *args)
    with reverts("gauge: zero address"):
        farm.do("set_owner", ALICE, NOBODY)
    with reverts("gauge: zero address"):
        farm.dex.deploy("gauge", farm.staked, farm.minter, NOBODY)
    assert farm.do("set_owner", ALICE, BOB) == [("OwnerSet", BOB.address)]
    assert farm.read.owner() == BOB.address
    farm.do("add_reward", BOB, token, BOB, 1)


def test_only_its_distributor_starts_a_period(both):
    for token in both.tokens:
        with reverts("gauge: not the distributor"):
            both.do("notify", BOB, token, 0)
    with reverts("gauge: not the distributor"):
        both.do("notify", ALICE, both.reward, 0)


def test_a_period_is_told_and_ends_to_the_second(farm, dex):
    token = farm.stream(duration=DURATION)
    farm.do("deposit", BOB, E18)
    told = farm.do("notify", ALICE, token, 5 * DURATION + 7)
    assert told == [("Notified", token.address, 5 * DURATION + 7, 5, dex.now() + DURATION)]
    assert farm.read.stream(token) == (ALICE.address, DURATION, 5, dex.now() + DURATION)
    assert farm.read.emitted(token) == farm.read.undistributed(token) == 7
    seen = []
    for seconds in (DURATION - 1, 1, 1, 10**8):
        dex.wait(seconds)
        seen.append(farm.read.claimable(BOB, token))
    assert seen == [5 * DURATION - 5, *[5 * DURATION] * 3]
    assert farm.read.emitted(token) == 5 * DURATION + 7
    farm.books(token)


@pytest.mark.parametrize("passed", [0, 1, 400, 999, 1000, 1001])
def test_what_is_left_and_what_is_nobodys_goes_into_the_next_period(passed, both, dex):
    """Half of what passes is earned; the other half passes before anybody stakes."""
    token = both.streams[0]
    dex.wait(passed)
    both.do("deposit", BOB, 2)
    dex.wait(passed)
    spent = min(passed, DURATION)
    earned = 5 * (min(2 * passed, DURATION) - spent)
    both.do("notify", ALICE, token, 7 * DURATION + 13)
    whole = 12 * DURATION + 13 - earned
    assert both.read.stream(token)[2] == whole // DURATION
    assert both.read.undistributed(token) == whole % DURATION
    both.books(token)
    dex.wait(DURATION)
    assert both.read.claimable(BOB, token) == earned + whole // DURATION * DURATION
    both.books(token)


def test_a_fraction_that_returns_as_a_period_begins_stops_no_stream(farm, dex):
    token = farm.stream(duration=DURATION)
    for who, stake in ((BOB, 1), (CAROL, 2)):
        farm.do("deposit", who, stake)
    farm.do("notify", ALICE, token, DURATION)
    dex.wait(1)
    farm.do("notify", ALICE, token, DURATION)
    farm.do("withdraw", BOB, 1)
    farm.books(token)
    dex.wait(DURATION)
    assert farm.read.undistributed(token) == DURATION - 1
    assert farm.read.claimable(CAROL, token) == DURATION
    farm.books(token)


def test_what_the_distributor_does_not_have_is_refused(both):
    token = both.streams[0]
    has = token.read.balanceOf(ALICE)
    with reverts("gauge: transfer failed"):
        both.do("notify", ALICE, token, has + 1)
    both.do("notify", ALICE, token, has)


def test_the_most_that_can_be_streamed_is_counted_and_one_more_is_refused(farm, dex):
    token = farm.stream(duration=1)
    dex.send(token.write.mint(ALICE, ALICE, 2**128))
    farm.do("deposit", BOB, 1)
    farm.do("notify", ALICE, token, 1)
    for amount in (2**128 - 1, 2**128):
        with reverts("gauge: reward too high"):
            farm.do("notify", ALICE, token, amount)
    farm.do("notify", ALICE, token, 2**128 - 2)
    dex.wait(1)
    assert farm.read.claimable(BOB, token) == 2**128 - 1
    farm.do("exit", BOB)
    assert token.read.balanceOf(BOB) == 2**128 - 1
    farm.do("notify", ALICE, token, 0)
    farm.books(token)


# --- emergency exits ------------------------------------------------------------------------------


def test_an_emergency_exit_gives_the_stake_back_and_the_rewards_to_nobody(both, dex):
    for who in (BOB, CAROL):
        both.do("deposit", who, 5)
    both.emit(20)
    dex.wait(2)
    both.do("claim", ALICE)
    both.emit(21)
    dex.wait(1)
    before = both.staked.read.balanceOf(BOB)
    owed = {token: both.read.claimable_exact(BOB, token) for token in both.tokens}
    spare = {token: both.read.undistributed_exact(token) for token in both.tokens}
    others = {token: both.read.claimable_exact(CAROL, token) for token in both.tokens}
    assert owed[both.reward] == 41 * ONE // 2
    assert both.do("emergency_exit", BOB) == [("Withdrawn", BOB.address, 5)]
    assert both.staked.read.balanceOf(BOB) - before == 5
    assert both.read.staked(BOB) == 0 < both.read.total_staked() == 5
    for token in both.tokens:
        assert both.read.claimable_exact(BOB, token) == 0
        # Even what had not been counted when he left.
        assert both.read.undistributed_exact(token) == spare[token] + owed[token]
        assert both.read.claimable_exact(CAROL, token) == others[token]
        both.books(token)


def test_after_an_emergency_exit_the_others_earn_all_that_comes(both, dex):
    for who in (BOB, CAROL):
        both.do("deposit", who, 5)
    both.do("emergency_exit", BOB)
    both.do("claim", ALICE)
    spare = {token: both.read.undistributed_exact(token) for token in both.tokens}
    both.emit(8)
    dex.wait(3)
    assert both.read.claimable(CAROL, both.reward) == 8
    assert both.read.claimable(CAROL, both.streams[0]) == 15
    both.do("deposit", BOB, 5)
    both.emit(8)
    assert both.read.claimable(CAROL, both.reward) == 12
    assert both.read.claimable(BOB, both.reward) == 4
    assert {token: both.read.undistributed_exact(token) for token in both.tokens} == spare


def test_the_last_one_leaves_in_an_emergency_and_nothing_is_lost(both, dex):
    both.do("deposit", BOB, 5)
    both.emit(11)
    dex.wait(7)
    both.do("emergency_exit", BOB)
    assert both.read.total_staked() == 0
    assert [both.read.undistributed(token) for token in both.tokens] == [11, 35]
    both.do("deposit", CAROL, 5)
    both.emit(2)
    assert both.read.claimable(CAROL, both.reward) == 2
    both.books(both.reward)
    both.books(both.streams[0])


def test_an_emergency_exit_keeps_what_was_claimed(both):
    both.do("deposit", BOB, 5)
    both.emit(11)
    both.do("claim", BOB)
    both.emit(4)
    both.do("deposit", BOB, 1)
    both.do("emergency_exit", BOB)
    assert both.read.claimed(BOB, both.reward) == both.reward.read.balanceOf(BOB) == 11
    assert both.read.undistributed(both.reward) == 4
    both.books(both.reward)


def test_who_has_no_stake_has_no_emergency(both):
    with reverts("gauge: insufficient stake"):
        both.do("emergency_exit", BOB)


def test_exit_of_somebody_without_a_stake_pays_what_he_earned(both, dex):
    both.do("deposit", BOB, 5)
    both.emit(11)
    both.do("withdraw", BOB, 5)
    assert both.do("exit", BOB) == [("Claimed", BOB.address, both.reward.address, 11)]
    assert both.do("exit", BOB) == []
