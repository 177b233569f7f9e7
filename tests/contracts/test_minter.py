"""The minter: who gets how much of the emission, and who may say so."""

from __future__ import annotations

import pytest

from dexsim.testing import reverts

RATE = 1000
CAP = 10**30
NOBODY = "0x" + "00" * 20
MOST_WEIGHT = 10**9


class Farm:
    """A token of 1000 a second from now on, its minter, and three contracts that draw."""

    def __init__(self, dex, owner, *, rate=RATE, cap=CAP):
        self.dex, self.owner = dex, owner
        self.token = dex.deploy(
            "incentive_token", "Reward", "RWD", 0, cap, (dex.now(), 1, 0, [], rate, 0)
        )
        self.minter = dex.deploy("minter", self.token, owner)
        self.gauges = [dex.deploy("mocks/drawer") for _ in range(3)]
        dex.send(self.token.write.set_minter(owner, self.minter))

    def add(self, which, weight):
        """Register a gauge."""
        return self.dex.send(self.minter.write.add_gauge(self.owner, self.gauges[which], weight))

    def weigh(self, which, weight):
        """Change its weight."""
        return self.dex.send(self.minter.write.set_weight(self.owner, self.gauges[which], weight))

    def draw(self, which, times=1):
        """Let it draw so often; what it has got."""
        gauge = self.gauges[which]
        before = self.token.read.balanceOf(gauge)
        self.dex.send(gauge.write.draw(self.owner, self.minter, times))
        return self.token.read.balanceOf(gauge) - before

    def emitted(self):
        """What all three were allotted; that it adds up is looked at on the way."""
        parts = [self.minter.read.emitted(gauge) for gauge in self.gauges]
        rest = self.minter.read.undistributed()
        assert sum(parts) + rest == self.token.read.available_supply()
        return parts


@pytest.fixture
def farm(dex, alice):
    """Nobody is registered yet; Alice owns the minter."""
    return Farm(dex, alice)


# --- shares ---------------------------------------------------------------------------------


def test_the_emission_is_split_by_weights(farm, dex):
    farm.add(0, 3)
    farm.add(1, 1)
    farm.add(2, 0)
    dex.wait(10)
    assert farm.emitted() == [7500, 2500, 0]
    assert [farm.minter.read.weight(gauge) for gauge in farm.gauges] == [3, 1, 0]
    assert farm.minter.read.total_weight() == 4
    assert farm.minter.read.undistributed() == 0


def test_what_was_released_before_there_was_a_gauge_is_nobodys(farm, dex):
    dex.wait(10)
    farm.add(0, 1)
    assert (farm.emitted(), farm.minter.read.undistributed()) == ([0, 0, 0], 10_000)
    dex.wait(1)
    assert (farm.emitted(), farm.minter.read.undistributed()) == ([1000, 0, 0], 10_000)


def test_who_comes_later_gets_nothing_of_the_past(farm, dex):
    farm.add(0, 1)
    dex.wait(10)
    farm.add(1, 3)
    assert farm.emitted() == [10_000, 0, 0]
    dex.wait(4)
    assert farm.emitted() == [11_000, 3000, 0]


def test_a_new_weight_counts_at_once_and_never_for_the_past(farm, dex):
    farm.add(0, 1)
    farm.add(1, 1)
    dex.wait(10)
    farm.weigh(0, 9)
    assert farm.emitted() == [5000, 5000, 0]
    dex.wait(10)
    assert farm.emitted() == [14_000, 6000, 0]
    assert farm.minter.read.total_weight() == 10


def test_weight_zero_keeps_what_was_allotted_and_comes_back_without_the_time_between(farm, dex):
    farm.add(0, 1)
    farm.add(1, 1)
    dex.wait(10)
    farm.weigh(0, 0)
    dex.wait(10)
    assert farm.emitted() == [5000, 15_000, 0]
    farm.weigh(0, 1)
    assert farm.emitted() == [5000, 15_000, 0]
    dex.wait(10)
    assert farm.emitted() == [10_000, 20_000, 0]


def test_without_any_weight_the_emission_is_nobodys(farm, dex):
    farm.add(0, 5)
    dex.wait(10)
    farm.weigh(0, 0)
    dex.wait(10)
    assert (farm.emitted(), farm.minter.read.undistributed()) == ([10_000, 0, 0], 10_000)
    farm.weigh(0, 0)
    dex.wait(10)
    farm.add(1, 7)
    assert (farm.emitted(), farm.minter.read.undistributed()) == ([10_000, 0, 0], 20_000)
    dex.wait(10)
    # Divided by 7, 10 000 leaves 4.
    assert (farm.emitted(), farm.minter.read.undistributed()) == ([10_000, 9996, 0], 20_004)


def test_what_a_division_leaves_waits_for_the_next_one(farm, dex):
    farm.add(0, 300)
    farm.add(1, 400)
    dex.wait(1)
    assert (farm.emitted(), farm.minter.read.undistributed()) == ([300, 400, 0], 300)
    dex.wait(1)
    assert (farm.emitted(), farm.minter.read.undistributed()) == ([600, 800, 0], 600)
    farm.weigh(1, 400)
    farm.add(2, 0)
    assert (farm.emitted(), farm.minter.read.undistributed()) == ([600, 800, 0], 600)
    dex.wait(1)
    assert (farm.emitted(), farm.minter.read.undistributed()) == ([1200, 1600, 0], 200)


def test_what_waits_when_the_weights_fall_goes_by_the_new_ones(farm, dex):
    farm.add(0, 300)
    farm.add(1, 400)
    dex.wait(1)
    farm.weigh(1, 0)
    assert (farm.emitted(), farm.minter.read.undistributed()) == ([600, 400, 0], 0)


def test_what_waits_when_the_last_weight_goes_is_nobodys(farm, dex):
    farm.add(0, 700)
    dex.wait(1)
    farm.weigh(0, 0)
    farm.weigh(0, 1)
    assert (farm.emitted(), farm.minter.read.undistributed()) == ([700, 0, 0], 300)


def test_changes_in_one_second_move_nothing(farm, dex):
    farm.add(0, 2)
    farm.add(1, 3)
    dex.wait(10)
    for weight in (0, 8, 1, 2):
        farm.weigh(0, weight)
        assert farm.emitted() == [4000, 6000, 0]
    assert farm.draw(0) == 4000
    farm.weigh(0, 7)
    assert (farm.draw(0), farm.draw(1)) == (0, 6000)
    assert farm.emitted() == [4000, 6000, 0]


def test_the_greatest_weights_and_amounts_stay_exact(dex, alice):
    most = 2**128 - 1
    farm = Farm(dex, alice, rate=most, cap=most)
    farm.add(0, MOST_WEIGHT - 1)
    farm.add(1, 1)
    dex.wait(1)
    share = most // MOST_WEIGHT
    assert farm.emitted() == [share * (MOST_WEIGHT - 1), share, 0]
    rest = most - share * MOST_WEIGHT
    assert farm.minter.read.undistributed() == rest > 0
    farm.weigh(0, 0)
    # One unit of weight is left, and what waited is its.
    assert farm.emitted() == [share * (MOST_WEIGHT - 1), share + rest, 0]
    farm.weigh(1, 0)
    farm.weigh(1, MOST_WEIGHT)
    assert farm.emitted() == [share * (MOST_WEIGHT - 1), share + rest, 0]


def test_a_share_of_the_whole_supply_still_bends(dex, alice):
    most = 2**128 - 1
    farm = Farm(dex, alice, rate=most, cap=most)
    farm.add(0, 1)
    dex.wait(1)
    farm.weigh(0, MOST_WEIGHT)
    assert (farm.emitted(), farm.minter.read.total_weight()) == ([most, 0, 0], MOST_WEIGHT)
    assert farm.draw(0) == most


# --- draws ----------------------------------------------------------------------------------


def test_a_draw_mints_what_was_allotted_and_not_drawn(farm, dex):
    farm.add(0, 3)
    farm.add(1, 1)
    dex.wait(10)
    assert farm.draw(0) == 7500
    dex.wait(10)
    assert (farm.draw(1), farm.draw(0)) == (5000, 7500)
    assert farm.emitted() == [15_000, 5000, 0]
    assert [farm.minter.read.drawn(gauge) for gauge in farm.gauges] == [15_000, 5000, 0]
    assert farm.token.read.minted() == 20_000


def test_a_second_draw_in_the_same_second_brings_nothing(farm, dex):
    farm.add(0, 1)
    dex.wait(10)
    assert farm.draw(0, times=3) == 10_000
    assert farm.draw(0) == 0


def test_a_draw_within_a_draw_brings_nothing(dex, alice):
    token, gauge = dex.deploy("mocks/calling_mint"), dex.deploy("mocks/drawer")
    minter = dex.deploy("minter", token, alice)
    dex.send(minter.write.add_gauge(alice, gauge, 1))
    dex.send(token.write.release(alice, 1000))
    dex.send(gauge.write.draw(alice, minter, 1))
    assert [token.read.answers(i) for i in range(2)] == [1000, 0]
    assert token.read.minted() == minter.read.drawn(gauge) == 1000


def test_a_draw_is_told(farm, dex):
    farm.add(0, 1)
    dex.wait(1)
    gauge = farm.gauges[0]
    receipt = dex.send(gauge.write.draw(farm.owner, farm.minter, 2))
    (event,) = farm.minter.events(receipt)
    assert (event.name, event.fields) == ("Drawn", {"gauge": gauge.address, "amount": 1000})


def test_only_gauges_draw(farm, dex, alice):
    farm.add(0, 1)
    dex.wait(1)
    with reverts("minter: no such gauge"):
        farm.draw(1)
    with reverts("minter: no such gauge"):
        dex.send(farm.minter.write.draw(alice))


def test_a_gauge_without_weight_draws_what_it_was_allotted_before(farm, dex):
    farm.add(0, 1)
    dex.wait(1)
    farm.weigh(0, 0)
    dex.wait(1)
    assert farm.draw(0) == 1000


def test_nothing_can_be_drawn_before_the_token_knows_its_minter(dex, alice):
    token = dex.deploy("incentive_token", "R", "R", 0, CAP, (dex.now(), 1, 0, [], RATE, 0))
    minter, gauge = dex.deploy("minter", token, alice), dex.deploy("mocks/drawer")
    dex.send(minter.write.add_gauge(alice, gauge, 1))
    assert dex.send(gauge.write.draw(alice, minter, 1))
    dex.wait(1)
    assert minter.read.emitted(gauge) == RATE
    with reverts("incentive: not the minter"):
        dex.send(gauge.write.draw(alice, minter, 1))


def test_who_is_no_gauge_was_allotted_nothing(farm, dex, alice):
    dex.wait(10)
    assert [farm.minter.read.emitted(who) for who in (alice, NOBODY, farm.token)] == [0, 0, 0]
    assert farm.minter.read.weight(alice) == 0


# --- the owner ------------------------------------------------------------------------------


def test_only_the_owner_sets_weights_and_hands_them_over(farm, dex, alice, bob):
    minter, gauge = farm.minter, farm.gauges[0]
    farm.add(0, 1)
    for call in (
        minter.write.add_gauge(bob, farm.gauges[1], 1),
        minter.write.set_weight(bob, gauge, 2),
        minter.write.set_owner(bob, bob),
    ):
        with reverts("minter: forbidden"):
            dex.send(call)
    with reverts("minter: zero address"):
        dex.send(minter.write.set_owner(alice, NOBODY))
    receipt = dex.send(minter.write.set_owner(alice, bob))
    (event,) = minter.events(receipt)
    assert (event.name, event.fields) == ("OwnerSet", {"owner": bob.address})
    with reverts("minter: forbidden"):
        dex.send(minter.write.set_weight(alice, gauge, 2))
    dex.send(minter.write.set_weight(bob, gauge, 2))
    assert (minter.read.owner(), minter.read.weight(gauge)) == (bob.address, 2)


def test_changes_of_gauges_are_told_and_listed(farm):
    gauge = farm.gauges[0]
    (added,) = farm.minter.events(farm.add(0, 5))
    (weighed,) = farm.minter.events(farm.weigh(0, 6))
    assert (added.name, added.fields) == ("GaugeAdded", {"gauge": gauge.address, "weight": 5})
    assert (weighed.name, weighed.fields) == ("WeightSet", {"gauge": gauge.address, "weight": 6})
    farm.add(1, 0)
    assert farm.minter.read.gauge_count() == 2
    assert [farm.minter.read.gauges(i) for i in range(3)] == [
        *(each.address for each in farm.gauges[:2]),
        NOBODY,
    ]


def test_a_gauge_is_registered_once(farm):
    farm.add(0, 0)
    for weight in (0, 1):
        with reverts("minter: gauge is registered"):
            farm.add(0, weight)


def test_a_gauge_has_code_and_is_registered_before_it_is_weighed(farm, dex, bob):
    with reverts("minter: no such gauge"):
        dex.send(farm.minter.write.add_gauge(farm.owner, bob, 1))
    with reverts("minter: no such gauge"):
        farm.weigh(0, 1)


def test_weights_are_bounded_each_and_all_together(farm):
    farm.add(0, MOST_WEIGHT)
    with reverts("minter: weight too high"):
        farm.add(1, 1)
    farm.weigh(0, MOST_WEIGHT - 1)
    farm.add(1, 1)
    for which, weight in ((0, MOST_WEIGHT), (1, 2), (1, 2**256 - 1), (0, 2**32)):
        with reverts("minter: weight too high"):
            farm.weigh(which, weight)
    assert farm.minter.read.total_weight() == farm.minter.read.MAX_TOTAL_WEIGHT() == MOST_WEIGHT


def test_a_minter_has_a_token_and_an_owner(farm, dex, alice, bob):
    with reverts("minter: no such token"):
        dex.deploy("minter", bob, alice)
    with reverts("minter: zero address"):
        dex.deploy("minter", farm.token, NOBODY)
    assert farm.minter.read.token() == farm.token.address


# --- what it costs --------------------------------------------------------------------------


def gas_of_asking(farm, dex):
    """What one contract pays to ask the minter, and what the minter pays to ask the token."""
    tx = farm.gauges[0].write.emitted(farm.owner, farm.minter)
    (minter,) = dex.chain.trace(tx).calls
    (token,) = minter.calls
    return minter.gas_used, token.gas_used


def test_asking_reads_two_slots_besides_the_token(farm, dex):
    # 2100 for each slot and 2600 for the token's address, the first time in a transaction.
    farm.add(0, 1)
    dex.wait(10)
    minter, token = gas_of_asking(farm, dex)
    assert token < 700
    assert minter - token < 2 * 2100 + 2600 + 800
