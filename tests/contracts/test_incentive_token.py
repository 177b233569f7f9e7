"""The emission schedule, second by second at its borders."""

from __future__ import annotations

import pytest

from dexsim.testing import reverts

RATE = 7
CAP = 1000
WEEK = 604_800


@pytest.fixture
def reward(dex, alice, bob):
    """7 a second from 100 seconds hence, 1000 in all; Bob mints."""
    token = dex.deploy("incentive_token", "Reward", "RWD", CAP, RATE, dex.now() + 100)
    dex.send(token.write.set_minter(alice, bob))
    return token


def test_schedule_starts_runs_and_ends(reward, dex):
    start = reward.read.start()
    seen = []
    for second in (0, 100, 101, 102, 242, 243, 10**9):
        dex.wait(start - 100 + second - dex.now())
        seen.append(reward.read.available_supply())
    # 142 seconds give 994, the next one what is left of the cap.
    assert seen == [0, 0, 7, 14, 994, 1000, 1000]


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


def test_burning_frees_nothing_to_be_minted_again(reward, dex, bob):
    dex.wait(10 * WEEK)
    dex.send(reward.write.mint(bob, bob, CAP))
    dex.send(reward.write.burn(bob, CAP))
    assert (reward.read.totalSupply(), reward.read.minted()) == (0, CAP)
    with reverts("incentive: exceeds the schedule"):
        dex.send(reward.write.mint(bob, bob, 1))


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
    token = dex.deploy("incentive_token", "Reward", "RWD", CAP, RATE, 0)
    with reverts("incentive: forbidden"):
        dex.send(token.write.set_minter(bob, bob))
    with reverts("incentive: zero address"):
        dex.send(token.write.set_minter(alice, "0x" + "00" * 20))
    receipt = dex.send(token.write.set_minter(alice, bob))
    (event,) = token.events(receipt)
    assert (event.name, event.fields["minter"]) == ("MinterSet", bob.address)
    with reverts("incentive: minter is set"):
        dex.send(token.write.set_minter(alice, alice))
    with reverts("incentive: forbidden"):
        dex.send(token.write.set_minter(bob, bob))


def test_parameters_are_checked_at_their_borders(dex):
    make = lambda cap, rate: dex.deploy("incentive_token", "R", "R", cap, rate, 0)  # noqa: E731
    make(2**128 - 1, 1)
    with reverts("incentive: cap too high"):
        make(2**128, 1)
    make(CAP, CAP)
    for cap, rate in ((CAP, CAP + 1), (CAP, 0), (0, 0)):
        with reverts("incentive: rate out of range"):
            make(cap, rate)


def test_released_supply_of_a_start_in_the_past_is_there_at_once(dex):
    token = dex.deploy("incentive_token", "R", "R", 10**30, RATE, dex.now() - 10)
    assert token.read.available_supply() == 70
