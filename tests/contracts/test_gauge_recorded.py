"""Recorded numbers of two contracts that most of the field copies, reproduced by a gauge.

MasterChef emits by the block: here a block is a second. What it gives its developer is minted on top,
a tenth, and does not concern who stakes; a bonus is a higher rate of the minter, and what a pool gets
of the emission is its weight there.
"""

from __future__ import annotations

from fractions import Fraction
from types import SimpleNamespace

import pytest

from dexsim.chain.accounts import Account
from dexsim.testing import reverts
from tests.contracts.gauges import ALICE, BOB, CAROL, FOREVER, plant

NAMES = {"alice": ALICE, "bob": BOB, "carol": CAROL}
HELD = 1000
DAY = 86_400
WEEK = 7 * DAY


@pytest.fixture(scope="session")
def sushi(vector):
    """The recorded scenarios by name."""
    recorded = vector("masterchef_sushi")
    return {each["name"]: each for each in recorded["scenarios"]} | {
        "mini": recorded["minichef_v2"]
    }


class Chef:
    """Gauges on an emission with a bonus, at a block that is a second."""

    def __init__(self, dex, scenario, *, weights=(1,), units=1):
        self.dex, self.units, self.idle = dex, units, None
        self.begin = dex.now()
        self.lp = dex.deploy("token", "LP", "LP", 18, 3 * HELD)
        start, end = self.begin + scenario["startBlock"], self.begin + scenario["bonusEnd"]
        rate, most = scenario["perBlock"] * units, 10**30
        epochs = [] if end <= start else [10 * rate]
        schedule = (start, 1, max(end - start, 0), epochs, rate, 0)
        self.sushi = dex.deploy("incentive_token", "Sushi", "SUSHI", 0, most, schedule)
        self.minter = dex.deploy("minter", self.sushi, ALICE)
        dex.send(self.sushi.write.set_minter(ALICE, self.minter))
        self.gauges = []
        for weight in weights:
            self.add(weight)
        for who in NAMES.values():
            dex.send(self.lp.write.transfer(ALICE, who, HELD))

    def add(self, weight):
        """Another pool."""
        gauge = self.dex.deploy("gauge", self.lp, self.minter, ALICE)
        for who in NAMES.values():
            self.dex.send(self.lp.write.approve(who, gauge, FOREVER))
        self.dex.send(self.minter.write.add_gauge(ALICE, gauge, weight))
        self.gauges.append(gauge)

    def until(self, block):
        """That block begins."""
        self.dex.wait(self.begin + block - self.dex.now())

    def act(self, action):
        """A deposit or withdrawal, after which MasterChef pays; a deposit of nothing is a claim."""
        gauge, who = self.gauges[action.get("pid", 0)], NAMES[action["user"]]
        if action["amount"]:
            self.dex.send(getattr(gauge.write, action["do"])(who, action["amount"]))
        if self.idle is None:
            self.idle = gauge.read.undistributed(self.sushi)
        self.dex.send(gauge.write.claim(who))

    def look(self, action):
        """All that is recorded of this moment."""
        looked = 0
        for key, value in action.items():
            name, _, what = key.partition("_")
            if what in ("sushi", "lp") and name in NAMES:
                token = self.sushi if what == "sushi" else self.lp
                assert token.read.balanceOf(NAMES[name]) == value, key
                looked += 1
            elif key == "totalSupply":
                # Everything released while somebody staked; the developer's tenth is not here.
                assert self.given() + action.get("dev_sushi", value // 11) == value
                looked += 1
            elif key == "chef_sushi":
                paid = sum(self.sushi.read.balanceOf(who) for who in NAMES.values())
                assert self.given() - paid == value
                looked += 1
            elif key == "dev_sushi":
                assert self.given() // 10 == value
                looked += 1
        for name, value in action.get("pending", {}).items():
            who, _, place = name.partition("@")
            pending = self.gauges[int(place)].read.claimable(NAMES[who], self.sushi)
            assert pending // self.units == value
            looked += 1
        return looked

    def given(self):
        """What MasterChef has minted for its one pool: nothing before somebody stakes."""
        return self.gauges[0].read.emitted(self.sushi) - self.idle


def test_recorded_only_after_farming_time(sushi, dex):
    scenario = sushi["only after farming time"]
    chef = Chef(dex, scenario)
    looked = 0
    for action in scenario["actions"]:
        chef.until(80 if action["block"] == "<89" else action["block"])
        chef.act(action)
        looked += chef.look(action)
    assert looked == 7


@pytest.mark.parametrize(("name", "seen"), [("nobody staked", 8), ("each staker", 20)])
def test_recorded_stakers(name, seen, sushi, dex):
    scenario = sushi[name]
    chef = Chef(dex, scenario)
    looked = 0
    for action in scenario["actions"]:
        chef.until(action["block"])
        chef.act(action)
        looked += chef.look(action)
    assert looked == seen


def test_recorded_two_pools(sushi, dex):
    """Both pools share the emission by weight from the second on in which the other one is added.

    The minter shares whole units by whole weights, so that a unit is a thirtieth here.
    """
    scenario = sushi["two pools"]
    chef = Chef(dex, scenario, weights=(), units=30)
    looked = 0
    for action in scenario["actions"]:
        chef.until(408 if action["block"] == "<409" else action["block"])
        if action["do"] == "add":
            chef.add(action["alloc"])
        elif action["do"] == "deposit":
            chef.act(action)
        looked += chef.look(action)
    assert looked == 4


def test_recorded_bonus_ends(sushi, dex):
    scenario = sushi["bonus ends"]
    chef = Chef(dex, scenario)
    looked = 0
    for action in scenario["actions"]:
        chef.until(action["block"])
        if action["do"] == "deposit":
            chef.act(action)
        looked += chef.look(action)
    assert looked == 3


def test_recorded_emergency_withdraw(sushi, dex):
    scenario = sushi["emergency withdraw"]
    chef = Chef(dex, scenario)
    gauge, (stake, leave) = chef.gauges[0], scenario["actions"]
    dex.send(gauge.write.deposit(BOB, stake["amount"]))
    assert chef.look(stake) == 1
    dex.wait(1000)
    dex.send(gauge.write.emergency_exit(BOB))
    assert chef.look(leave) == 1
    assert chef.sushi.read.balanceOf(BOB) == gauge.read.claimable(BOB, chef.sushi) == 0


def test_all_scenarios_are_reproduced(sushi):
    shown = {name.removeprefix("test_recorded_") for name in globals()}
    named = {name.replace(" ", "_") for name in sushi} - {"mini"}
    assert named - {"nobody_staked", "each_staker"} <= shown
    assert len(named) == 6


@pytest.mark.parametrize("seconds", [1, 86_400, 10**7])
def test_a_lone_staker_is_pending_what_minichef_says(seconds, sushi, dex):
    assert "1e16 * seconds elapsed, exactly" in sushi["mini"]["single_staker_pending"]
    farm = plant(dex)
    farm.rate(int(sushi["mini"]["sushiPerSecond"]))
    other = farm.stream("mocks/no_return", duration=10**7)
    farm.do("deposit", BOB, 10**18)
    farm.do("notify", ALICE, other, 10**16 * 10**7)
    dex.wait(seconds)
    assert farm.read.claimable(BOB, farm.reward) == 10**16 * seconds
    # A second reward at the same rate pays the same.
    farm.do("claim", BOB)
    assert farm.reward.read.balanceOf(BOB) == other.read.balanceOf(BOB) == 10**16 * seconds


# --- streamed rewards -----------------------------------------------------------------------------


@pytest.fixture(scope="session")
def synthetix(vector):
    """The other file."""
    return vector("staking_rewards_synthetix")


@pytest.fixture(scope="session")
def asserted(synthetix):
    """`asserted("rollover")`: one recorded assertion."""
    return {entry["id"]: entry for entry in synthetix["asserted"]}.__getitem__


@pytest.fixture
def farm(dex):
    """A gauge that streams one token, which Bob distributes in periods of a week."""
    supply = 10**6 * 10**18
    staked, reward = (dex.deploy("token", name, name, 18, supply) for name in ("S", "R"))
    gauge = dex.deploy("gauge", staked, "0x" + "00" * 20, ALICE)
    dex.send(gauge.write.add_reward(ALICE, reward, BOB, WEEK))
    dex.send(staked.write.approve(ALICE, gauge, FOREVER))
    dex.send(reward.write.approve(BOB, gauge, FOREVER))

    def fund(amount, has=None):
        dex.send(reward.write.transfer(ALICE, BOB, amount if has is None else has))
        dex.send(gauge.write.notify(BOB, reward, amount))

    def stake(amount):
        dex.send(gauge.write.deposit(ALICE, amount))

    def stream():
        _, duration, rate, finish = gauge.read.stream(reward)
        return SimpleNamespace(duration=duration, rate=rate, finish=finish)

    def earned():
        return gauge.read.claimable(ALICE, reward)

    return SimpleNamespace(dex=dex, gauge=gauge, staked=staked, reward=reward, fund=fund,
                           stake=stake, stream=stream, earned=earned)  # fmt: skip


# What the gauge has no word for: the accumulated reward per token, its pause, its recovery of foreign
# tokens, and another duration for the next period.
ELSEWHERE = {
    "paused_stake",
    "recover_staking_token_reverts",
    "setRewardsDuration_midperiod_reverts",
}


def test_every_relation_of_streamed_rewards_has_its_test(synthetix):
    shown = {
        name.removeprefix("test_streamed_")
        for name in globals()
        if name.startswith("test_streamed_")
    }
    assert {entry["id"] for entry in synthetix["asserted"]} - ELSEWHERE == shown


def test_streamed_duration_default(asserted, farm):
    assert farm.stream().duration == asserted("duration_default")["rewardsDuration"]


def test_streamed_initial(asserted, farm):
    entry = asserted("initial")
    assert farm.stream().finish == entry["lastTimeRewardApplicable"] == entry["rewardPerToken"]
    assert farm.earned() == entry["earned"]


def test_streamed_lastTimeRewardApplicable_after_notify(asserted, farm):  # noqa: N802
    assert asserted("lastTimeRewardApplicable_after_notify")["equals"] == "block.timestamp"
    farm.fund(10**18)
    assert farm.dex.now() == farm.stream().finish - WEEK


def test_streamed_rollover(asserted, farm):
    entry = asserted("rollover")
    farm.stake(int(entry["stake"]))
    farm.fund(int(entry["reward"]))
    farm.dex.wait(WEEK)
    first = farm.earned()
    farm.fund(int(entry["reward"]))
    farm.dex.wait(WEEK)
    assert farm.earned() == 2 * first > 0


def test_streamed_getRewardForDuration(asserted, farm):  # noqa: N802
    assert asserted("getRewardForDuration")["relation"] == "== rewardRate * rewardsDuration"
    farm.fund(5000 * 10**18)
    rate = 5000 * 10**18 // WEEK
    assert farm.stream().rate == rate
    assert farm.gauge.read.undistributed(farm.reward) == 5000 * 10**18 - rate * WEEK


def test_streamed_earned_vs_rewardPerToken(asserted, farm):  # noqa: N802
    entry = asserted("earned_vs_rewardPerToken")
    stake, days = int(entry["stake"]), int(entry["at"].removesuffix("d"))
    farm.stake(stake)
    farm.fund(int(entry["reward"]))
    farm.dex.wait(days * DAY)
    each = Fraction(farm.stream().rate * days * DAY, stake)
    assert farm.earned() == each * stake > 0


def test_streamed_periodFinish(asserted, farm):  # noqa: N802
    assert asserted("periodFinish")["relation"] == "notify time + 7d exactly"
    for _ in range(2):
        farm.fund(10**18)
        assert farm.stream().finish == farm.dex.now() + WEEK
        farm.dex.wait(DAY)


def test_streamed_notify_too_high(asserted, farm):
    entry = asserted("notify_too_high")
    with reverts("gauge: transfer failed"):
        farm.fund(int(entry["notify"]), has=int(entry["balance"]))


def test_streamed_notify_too_high_with_leftover(asserted, farm):
    assert "notify(1000.1) reverts" in asserted("notify_too_high_with_leftover")["relation"]
    farm.fund(1000 * 10**18)
    with reverts("gauge: transfer failed"):
        farm.fund(1000_1 * 10**17, has=1000 * 10**18)


def test_streamed_stake0(farm):
    with reverts("gauge: zero amount"):
        farm.stake(0)


def test_streamed_withdraw0(farm):
    with reverts("gauge: zero amount"):
        farm.dex.send(farm.gauge.write.withdraw(ALICE, 0))


def test_streamed_exit(asserted, farm):
    assert asserted("exit")["relation"].startswith("earned == 0 afterwards")
    farm.stake(10**18)
    farm.fund(5000 * 10**18)
    farm.dex.wait(DAY)
    earned, held = farm.earned(), farm.reward.read.balanceOf(ALICE)
    farm.dex.send(farm.gauge.write.exit(ALICE))
    assert farm.earned() == farm.gauge.read.staked(ALICE) == 0
    assert farm.staked.read.balanceOf(ALICE) == farm.staked.read.totalSupply()
    assert farm.reward.read.balanceOf(ALICE) == held + earned > held


def test_streamed_rate_increases(farm):
    farm.fund(5000 * 10**18)
    before = farm.stream().rate
    farm.dex.wait(DAY)
    farm.fund(5000 * 10**18)
    assert farm.stream().rate > before > 0


@pytest.mark.parametrize("number", [0, 1])
def test_a_lone_staker_earns_the_derived_numbers(number, synthetix, farm):
    """Its integral has 18 decimals and ours 36: ours pays what its rounding keeps."""
    case = synthetix["derived_from_formula (single staker from the notify second on)"][number]
    stake, rate = int(case["stake"]), int(case["rewardRate"])
    farm.stake(stake)
    farm.fund(int(case["reward"]))
    assert farm.stream().rate == rate
    begin = farm.dex.now()
    for second, text in case["earned_at"].items():
        farm.dex.wait(begin + int(second) - farm.dex.now())
        streamed = rate * min(int(second), WEEK)
        assert farm.earned() == streamed
        assert streamed * 10**18 // stake * stake // 10**18 == int(text)


def test_a_second_notice_gives_the_derived_rate(synthetix, farm):
    case = synthetix["derived_second_notify"]
    farm.stake(1)
    farm.fund(int(case["reward1"]))
    left = int(case["reward1"]) % WEEK
    farm.dex.wait(case["second_at"])
    # The first division's remainder is streamed too, with what the original leaves to nobody.
    farm.fund(int(case["reward2"]) - left)
    assert farm.stream().rate == int(case["rewardRate_after"])


def test_the_accounts_of_these_tests_are_three():
    assert [Account.named(name) for name in NAMES] == [ALICE, BOB, CAROL]
