"""The incentive token: who mints, how much, and what its constructor refuses."""

from __future__ import annotations

import pytest

from dexsim.testing import reverts

RATE = 7
CAP = 1000
WEEK = 604_800
MOST = 2**128 - 1
NOBODY = "0x" + "00" * 20


def schedule(start=0, step=1, epoch=0, rates=(), terminal_rate=0, terminal_growth=0):
    """The constructor's struct."""
    return (start, step, epoch, list(rates), terminal_rate, terminal_growth)


def deploy(dex, *, initial=0, cap=CAP, **described):
    """A token of Alice's with this schedule."""
    return dex.deploy("incentive_token", "Reward", "RWD", initial, cap, schedule(**described))


@pytest.fixture
def reward(dex, alice, bob):
    """7 a second from 100 seconds hence, 1000 in all; Bob mints."""
    token = deploy(dex, start=dex.now() + 100, terminal_rate=RATE)
    dex.send(token.write.set_minter(alice, bob))
    return token


# --- a constant emission with a cap --------------------------------------------------------


def test_schedule_starts_runs_and_ends(reward, dex):
    start = reward.read.start()
    seen = []
    for second in (0, 99, 100, 101, 102, 242, 243, 10**9):
        dex.wait(start - 100 + second - dex.now())
        seen.append((reward.read.available_supply(), reward.read.rate()))
    # 142 seconds give 994, the next one what is left of the cap.
    assert seen == [(0, 0), (0, 0), (0, 7), (7, 7), (14, 7), (994, 6), (1000, 0), (1000, 0)]


def test_timeframes_add_up(reward):
    start = reward.read.start()
    ask = reward.read.mintable_in_timeframe
    assert ask(start - 50, start) == 0
    assert ask(start - 50, start + 10) == 70
    assert ask(start + 10, start + 142) + ask(start, start + 10) == 994
    assert ask(start + 142, start + 143) == 6
    assert ask(start + 143, 2**256 - 1) == 0
    assert ask(0, 2**256 - 1) == CAP
    with reverts("incentive: begins after its end"):
        ask(start + 1, start)


def test_what_is_released_can_be_asked_of_every_time(reward):
    start = reward.read.start()
    asked = [0, start, start + 1, start + 142, start + 143, 2**64, 2**256 - 1]
    assert [reward.read.released(time) for time in asked] == [0, 0, 7, 994, 1000, 1000, 1000]


# --- minting --------------------------------------------------------------------------------


def test_minter_mints_what_is_released_and_not_one_more(reward, dex, bob):
    dex.wait(110)
    with reverts("incentive: exceeds the schedule"):
        dex.send(reward.write.mint(bob, bob, 71))
    dex.send(reward.write.mint(bob, bob, 70))
    with reverts("incentive: exceeds the schedule"):
        dex.send(reward.write.mint(bob, bob, 1))
    dex.wait(1)
    dex.send(reward.write.mint(bob, bob, 7))
    assert reward.read.minted() == reward.read.totalSupply() == 77


def test_the_cap_is_reached_and_not_passed(reward, dex, bob):
    dex.wait(10 * WEEK)
    with reverts("incentive: exceeds the schedule"):
        dex.send(reward.write.mint(bob, bob, CAP + 1))
    dex.send(reward.write.mint(bob, bob, CAP))
    dex.wait(10 * WEEK)
    with reverts("incentive: exceeds the schedule"):
        dex.send(reward.write.mint(bob, bob, 1))


def test_a_second_too_early_the_last_amount_is_refused(reward, dex, bob):
    dex.wait(100 + 142)
    with reverts("incentive: exceeds the schedule"):
        dex.send(reward.write.mint(bob, bob, CAP))
    dex.wait(1)
    dex.send(reward.write.mint(bob, bob, CAP))


def test_burning_frees_nothing_to_be_minted_again(reward, dex, bob):
    dex.wait(10 * WEEK)
    dex.send(reward.write.mint(bob, bob, CAP))
    dex.send(reward.write.burn(bob, CAP))
    assert (reward.read.totalSupply(), reward.read.minted()) == (0, CAP)
    assert reward.read.available_supply() == CAP
    with reverts("incentive: exceeds the schedule"):
        dex.send(reward.write.mint(bob, bob, 1))


def test_what_one_does_not_have_cannot_be_burned(reward, dex, bob):
    dex.wait(101)
    dex.send(reward.write.mint(bob, bob, 7))
    with reverts("incentive: insufficient balance"):
        dex.send(reward.write.burn(bob, 8))


def test_an_amount_that_would_wrap_is_refused(reward, dex, bob):
    dex.wait(110)
    dex.send(reward.write.mint(bob, bob, 1))
    with reverts(""):
        dex.send(reward.write.mint(bob, bob, 2**256 - 1))


def test_only_the_minter_mints(reward, dex, alice):
    dex.wait(110)
    with reverts("incentive: not the minter"):
        dex.send(reward.write.mint(alice, alice, 1))


def test_the_deployer_names_the_minter_once(dex, alice, bob):
    token = deploy(dex, terminal_rate=RATE)
    with reverts("incentive: forbidden"):
        dex.send(token.write.set_minter(bob, bob))
    with reverts("incentive: zero address"):
        dex.send(token.write.set_minter(alice, NOBODY))
    receipt = dex.send(token.write.set_minter(alice, bob))
    (event,) = token.events(receipt)
    assert (event.name, event.fields["minter"]) == ("MinterSet", bob.address)
    with reverts("incentive: minter is set"):
        dex.send(token.write.set_minter(alice, alice))
    with reverts("incentive: forbidden"):
        dex.send(token.write.set_minter(bob, bob))


# --- the initial supply ---------------------------------------------------------------------


def test_the_initial_supply_is_the_deployers_and_counts_for_the_cap(dex, alice, bob):
    token = deploy(dex, initial=900, start=dex.now(), terminal_rate=RATE)
    assert token.read.balanceOf(alice) == token.read.totalSupply() == 900
    assert (token.read.initial_supply(), token.read.minted()) == (900, 0)
    dex.send(token.write.set_minter(alice, bob))
    assert token.read.available_supply() == 900
    dex.wait(WEEK)
    assert (token.read.available_supply(), token.read.released(dex.now())) == (CAP, 100)
    with reverts("incentive: exceeds the schedule"):
        dex.send(token.write.mint(bob, bob, 101))
    dex.send(token.write.mint(bob, bob, 100))
    assert (token.read.totalSupply(), token.read.minted()) == (CAP, 100)


def test_the_initial_supply_once_burned_cannot_be_minted(dex, alice, bob):
    token = deploy(dex, initial=900, start=dex.now(), terminal_rate=RATE)
    dex.send(token.write.set_minter(alice, bob))
    dex.send(token.write.burn(alice, 900))
    dex.wait(WEEK)
    with reverts("incentive: exceeds the schedule"):
        dex.send(token.write.mint(bob, bob, 101))


# --- what is refused at the beginning -------------------------------------------------------


def test_the_cap_is_checked_at_its_borders(dex):
    deploy(dex, cap=MOST, terminal_rate=1)
    with reverts("incentive: cap too high"):
        deploy(dex, cap=MOST + 1, terminal_rate=1)
    deploy(dex, initial=CAP - 1, terminal_rate=1)
    with reverts("incentive: nothing left to earn"):
        deploy(dex, initial=CAP, terminal_rate=1)
    with reverts("incentive: nothing left to earn"):
        deploy(dex, cap=0, terminal_rate=1)


def test_no_rate_is_above_what_can_be_earned(dex):
    deploy(dex, initial=1, terminal_rate=CAP - 1)
    with reverts("incentive: rate out of range"):
        deploy(dex, initial=1, terminal_rate=CAP)
    deploy(dex, initial=1, epoch=10, rates=[1, CAP - 1])
    with reverts("incentive: rate out of range"):
        deploy(dex, initial=1, epoch=10, rates=[1, CAP])


def test_something_has_to_be_emitted(dex):
    for nothing in ({}, {"epoch": 10, "rates": [0, 0]}, {"terminal_growth": 10**15}):
        with reverts("incentive: no emission"):
            deploy(dex, **nothing)
    deploy(dex, epoch=10, rates=[0, 1])
    deploy(dex, initial=1, terminal_growth=10**15)
    deploy(dex, epoch=10, rates=[0, 1], terminal_growth=10**15)


def test_times_are_checked_at_their_borders(dex):
    deploy(dex, start=2**64 - 1, terminal_rate=1)
    with reverts("incentive: start too late"):
        deploy(dex, start=2**64, terminal_rate=1)
    deploy(dex, step=2**64 - 1, terminal_rate=1)
    for step in (0, 2**64):
        with reverts("incentive: step out of range"):
            deploy(dex, step=step, terminal_rate=1)
    deploy(dex, epoch=2**64 - 1, rates=[1])
    for epoch in (0, 2**64):
        with reverts("incentive: epoch out of range"):
            deploy(dex, epoch=epoch, rates=[1])


def test_growth_is_checked_at_its_borders(dex):
    deploy(dex, initial=1, terminal_growth=2 * 10**10)
    deploy(dex, initial=1, terminal_growth=10**18)
    for growth in (2 * 10**10 - 1, 10**18 + 1):
        with reverts("incentive: growth out of range"):
            deploy(dex, initial=1, terminal_growth=growth)
    with reverts("incentive: rate and growth"):
        deploy(dex, initial=1, terminal_rate=1, terminal_growth=10**15)


def test_released_supply_of_a_start_in_the_past_is_there_at_once(dex):
    token = deploy(dex, cap=10**30, start=dex.now() - 10, terminal_rate=RATE)
    assert token.read.available_supply() == 70
