"""Every relation and number that is recorded of the contract which most of the field copies.

Its `rewardPerToken` has 18 decimals and ours 36, so that ours pays what its rounding keeps: ours
rounded to 18 decimals gives its numbers to the unit, and more than those by less than stake / 10**18.
"""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from dexsim.testing import reverts

DAY = 86_400
WEEK = 7 * DAY
FOREVER = 2**256 - 1


@pytest.fixture(scope="session")
def recorded(vector):
    """The file, its assertions by id."""
    return vector("staking_rewards_synthetix")


@pytest.fixture(scope="session")
def asserted(recorded):
    """`asserted("rollover")`: one recorded assertion."""
    return {entry["id"]: entry for entry in recorded["asserted"]}.__getitem__


@pytest.fixture
def farm(dex, alice, bob):
    """A period of a week that Bob distributes; Alice has a million of both tokens."""
    supply = 10**6 * 10**18
    staked, reward = (dex.deploy("token", name, name, 18, supply) for name in ("S", "R"))
    rewards = dex.deploy("staking_rewards", staked, reward, WEEK, bob)
    dex.send(staked.write.approve(alice, rewards, FOREVER))

    def fund(amount, sent=None):
        dex.send(reward.write.transfer(alice, rewards, amount if sent is None else sent))
        dex.send(rewards.write.notify(bob, amount))

    def stake(amount):
        dex.send(rewards.write.stake(alice, amount))

    return SimpleNamespace(
        dex=dex, rewards=rewards, read=rewards.read, write=rewards.write, fund=fund, stake=stake,
        staked=staked, reward=reward,
    )  # fmt: skip


# Which test shows which recorded assertion; what we refuse with is ours.
def test_every_recorded_assertion_has_its_test(recorded):
    shown = [name for name in globals() if name.startswith("test_recorded_")]
    ids = [entry["id"] for entry in recorded["asserted"]]
    assert sorted(f"test_recorded_{each}" for each in ids) == sorted(shown)
    assert set(recorded) == {
        "source",
        "asserted",
        "derived_from_formula (single staker from the notify second on)",
        "derived_second_notify",
    }


def test_recorded_duration_default(asserted, farm):
    assert farm.read.duration() == asserted("duration_default")["rewardsDuration"]


def test_recorded_initial(asserted, farm, alice):
    entry = asserted("initial")
    assert farm.read.last_time_applicable() == entry["lastTimeRewardApplicable"]
    assert farm.read.reward_per_token() == entry["rewardPerToken"]
    assert farm.read.earned(alice) == entry["earned"]


def test_recorded_lastTimeRewardApplicable_after_notify(asserted, farm):  # noqa: N802
    assert asserted("lastTimeRewardApplicable_after_notify")["equals"] == "block.timestamp"
    farm.fund(10**18)
    assert farm.read.last_time_applicable() == farm.dex.now()


def test_recorded_rollover(asserted, farm, alice):
    entry = asserted("rollover")
    farm.stake(int(entry["stake"]))
    farm.fund(int(entry["reward"]))
    farm.dex.wait(WEEK)
    first = farm.read.earned(alice)
    farm.fund(int(entry["reward"]))
    farm.dex.wait(WEEK)
    assert farm.read.earned(alice) == 2 * first > 0


def test_recorded_getRewardForDuration(asserted, farm):  # noqa: N802
    assert asserted("getRewardForDuration")["relation"] == "== rewardRate * rewardsDuration"
    farm.fund(5000 * 10**18)
    assert farm.read.reward_for_duration() == farm.read.rate() * WEEK > 0


def test_recorded_earned_vs_rewardPerToken(asserted, farm, alice):  # noqa: N802
    entry = asserted("earned_vs_rewardPerToken")
    stake = int(entry["stake"])
    farm.stake(stake)
    farm.fund(int(entry["reward"]))
    farm.dex.wait(int(entry["at"].removesuffix("d")) * DAY)
    assert farm.read.earned(alice) == farm.read.reward_per_token() * stake // 10**36 > 0


def test_recorded_periodFinish(asserted, farm):  # noqa: N802
    assert asserted("periodFinish")["relation"] == "notify time + 7d exactly"
    for _ in range(2):
        farm.fund(10**18)
        assert farm.read.period_finish() == farm.dex.now() + WEEK
        farm.dex.wait(DAY)


def test_recorded_notify_too_high(asserted, farm):
    entry = asserted("notify_too_high")
    with reverts("staking: reward too high"):
        farm.fund(int(entry["notify"]), sent=int(entry["balance"]))


@pytest.mark.parametrize("seconds", [0, 1, 59])
def test_recorded_notify_too_high_with_leftover(seconds, asserted, farm):
    assert "notify(1000.1) reverts" in asserted("notify_too_high_with_leftover")["relation"]
    farm.fund(1000 * 10**18)
    farm.dex.wait(seconds)
    with reverts("staking: reward too high"):
        farm.fund(1000_1 * 10**17, sent=1000 * 10**18)


def test_recorded_setRewardsDuration_midperiod_reverts(farm, bob):  # noqa: N802
    farm.fund(10**18)
    farm.dex.wait(DAY)
    with reverts("staking: period is running"):
        farm.dex.send(farm.write.set_duration(bob, 10 * DAY))


def test_recorded_recover_staking_token_reverts(farm, bob):
    farm.stake(10**18)
    with reverts("staking: staked token"):
        farm.dex.send(farm.write.recover_token(bob, farm.staked, 10**18))


def test_recorded_stake0(farm, alice):
    with reverts("staking: zero amount"):
        farm.dex.send(farm.write.stake(alice, 0))


def test_recorded_withdraw0(farm, alice):
    with reverts("staking: zero amount"):
        farm.dex.send(farm.write.withdraw(alice, 0))


def test_recorded_paused_stake(farm, alice, bob):
    farm.dex.send(farm.write.set_paused(bob, True))
    with reverts("staking: paused"):
        farm.dex.send(farm.write.stake(alice, 1))


def test_recorded_exit(asserted, farm, alice):
    assert asserted("exit")["relation"].startswith("earned == 0 afterwards")
    farm.stake(10**18)
    farm.fund(5000 * 10**18)
    farm.dex.wait(DAY)
    earned, held = farm.read.earned(alice), farm.reward.read.balanceOf(alice)
    farm.dex.send(farm.write.exit(alice))
    assert farm.read.earned(alice) == farm.read.staked(alice) == 0
    assert farm.staked.read.balanceOf(alice) == farm.staked.read.totalSupply()
    assert farm.reward.read.balanceOf(alice) == held + earned > held


def test_recorded_rate_increases(farm):
    farm.fund(5000 * 10**18)
    before = farm.read.rate()
    farm.dex.wait(DAY)
    farm.fund(5000 * 10**18)
    assert farm.read.rate() > before > 0


@pytest.mark.parametrize("number", [0, 1])
def test_a_lone_staker_earns_the_recorded_numbers(number, recorded, farm, alice):
    cases = recorded["derived_from_formula (single staker from the notify second on)"]
    assert len(cases) == 2
    stake, rate = int(cases[number]["stake"]), int(cases[number]["rewardRate"])
    farm.stake(stake)
    farm.fund(int(cases[number]["reward"]))
    assert farm.read.rate() == rate
    begin = farm.dex.now()
    for second, text in cases[number]["earned_at"].items():
        farm.dex.wait(begin + int(second) - farm.dex.now())
        earned = farm.read.earned(alice)
        assert farm.read.reward_per_token() // 10**18 * stake // 10**18 == int(text)
        assert earned == rate * min(int(second), WEEK)
        assert 0 <= earned - int(text) < stake // 10**18


def test_a_second_notice_gives_the_recorded_rate(recorded, farm):
    case = recorded["derived_second_notify"]
    farm.fund(int(case["reward1"]))
    farm.dex.wait(case["second_at"])
    farm.fund(int(case["reward2"]))
    assert farm.read.rate() == int(case["rewardRate_after"])
