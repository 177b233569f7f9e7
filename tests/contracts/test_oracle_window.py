"""The window oracle: how it is made, and what it records."""

from __future__ import annotations

import pytest

from dexsim.testing import reverts
from tests.watched import ALICE, DAY, E18, HOUR, Q112, Watched

GRANULARITY = "oracle: granularity out of range"
WINDOW = "oracle: window out of range"
NO_POOL = "oracle: no such pool"
NO_LIQUIDITY = "oracle: no liquidity"


@pytest.fixture
def day(dex):
    """A day in 24 periods."""
    return Watched.over(dex, DAY, 24)


# --- its making ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("window", "periods", "reason"),
    [
        (DAY, 0, GRANULARITY),
        (DAY, 1, GRANULARITY),
        (256 * 100, 256, GRANULARITY),
        (0, 24, WINDOW),
        (2**32, 2, WINDOW),
        (DAY - 1, 24, "oracle: window not divisible"),
        (23, 24, "oracle: window not divisible"),
    ],
)
def test_it_refuses_a_window_that_makes_no_sense(dex, window, periods, reason):
    with reverts(reason):
        dex.deploy("oracle_window", dex.factory, window, periods)


@pytest.mark.parametrize(
    ("window", "periods", "period"),
    [(2, 2, 1), (DAY, 2, DAY // 2), (255 * 100, 255, 100), (2**32 - 1, 3, (2**32 - 1) // 3)],
)
def test_the_bounds_themselves_pass(dex, window, periods, period):
    oracle = dex.deploy("oracle_window", dex.factory, window, periods)
    assert oracle.read.window_seconds() == window
    assert oracle.read.granularity() == periods
    assert oracle.read.period_seconds() == period
    assert oracle.read.factory() == dex.factory.address


def test_it_has_to_be_told_a_factory(dex):
    with reverts(""):
        dex.deploy("oracle_window", dex.token0, DAY, 24)


def test_periods_and_places_are_those_of_the_recorded_oracle(dex, vector):
    recorded = vector("univ2_periphery_oracle")["sliding"]
    for each in recorded["periodSize"]:
        made = dex.deploy("oracle_window", dex.factory, each["windowSize"], each["granularity"])
        assert made.read.period_seconds() == each["expect"]
    for name in ("24x3600", "255x100"):
        periods, period = map(int, name.split("x"))
        made = dex.deploy("oracle_window", dex.factory, periods * period, periods)
        for time, place in recorded[f"observationIndexOf_{name}"].items():
            assert made.read.observation_index(int(time)) == place


# --- what it records ----------------------------------------------------------


def test_one_observation_a_period(dex, day):
    start = dex.now()
    assert day.update()
    day.reach(start + HOUR - 1)
    assert not day.update()
    day.reach(start + HOUR)
    assert day.update()
    assert not day.update()
    times = [day.kept(place)[0] for place in range(3)]
    assert times == [start, start + HOUR, 0]


def test_the_second_update_of_a_period_overwrites_nothing(dex, day):
    day.update()
    place = day.oracle.read.observation_index(dex.now())
    before = day.kept(place)
    dex.wait(HOUR - 1)
    day.give(E18)
    day.update()
    assert day.kept(place) == before


def test_every_place_of_the_ring_keeps_its_own_observation_and_is_used_again(dex):
    day = Watched.over(dex, 11 * 100, 11)
    begun = dex.now()
    kept = {}
    for number in range(30):
        day.reach(begun + number * 100 + number)
        assert day.update()
        elapsed = dex.now() - begun
        kept[number % 11] = (dex.now(), 2 * Q112 * elapsed, Q112 // 2 * elapsed)
        for place, observation in kept.items():
            assert day.kept(place) == observation
    assert len(kept) == 11
    with reverts("oracle: no such observation"):
        day.kept(11)


def test_the_event_tells_what_was_recorded(dex, day):
    dex.wait(7)
    receipt = dex.send(day.oracle.write.update(ALICE, dex.token1, dex.token0))
    [event] = day.oracle.events(receipt)
    assert event.name == "Updated"
    assert dict(event.fields) == {
        "pool": dex.pool.address,
        "timestamp": dex.now(),
        "price0_cumulative": 7 * 2 * Q112,
        "price1_cumulative": 7 * Q112 // 2,
    }


def test_pools_do_not_share_observations(dex, day):
    third = dex.deploy("token", "Third", "C", 18, 100 * E18)
    dex.create_pool(dex.token0, third)
    day.update()
    assert day.oracle.read.history(dex.token0, dex.token1)[0] == 1
    assert day.oracle.read.history(dex.token0, third)[0] == 0


# --- where there is nothing to tell -------------------------------------------


def test_a_pool_that_is_not_there_is_refused(dex, day):
    stranger = dex.deploy("token", "C", "C", 18, 1)
    for a, b in ((dex.token0, stranger), (dex.token0, dex.token0)):
        with reverts(NO_POOL):
            dex.send(day.oracle.write.update(ALICE, a, b))
        with reverts(NO_POOL):
            day.oracle.read.consult(a, 1, b)
        with reverts(NO_POOL):
            day.oracle.read.average_price(a, b)


def test_a_pool_of_another_venue_is_not_there(dex, day):
    third = dex.deploy("token", "C", "C", 18, 1)
    dex.create_pool(dex.token0, third, factory=dex.venue(30))
    with reverts(NO_POOL):
        dex.send(day.oracle.write.update(ALICE, dex.token0, third))


def test_nothing_is_recorded_without_liquidity(dex):
    day = Watched(dex, dex.deploy("oracle_window", dex.factory, DAY, 24))
    for amounts in ((0, 0), (E18, 0)):
        day.give(*amounts)
        for _ in range(2):
            with reverts(NO_LIQUIDITY):
                day.update()
            dex.wait(1)
    day.give(0, 2 * E18)
    assert day.update()


def test_nothing_is_answered_once_the_liquidity_has_gone(dex, day):
    token = dex.deploy("mocks/scripted")
    pool = dex.create_pool(dex.token0, token)
    ask = token.write.set_answer
    selector = bytes.fromhex("70a08231")
    dex.send(ask(ALICE, selector, (E18).to_bytes(32, "big")))
    dex.on(pool).send(dex.token0.write.transfer(ALICE, pool, E18))
    dex.send(pool.write.sync(ALICE))
    dex.send(day.oracle.write.update(ALICE, token, dex.token0))
    dex.wait(23 * HOUR)
    assert day.oracle.read.consult(token, 100, dex.token0) == 100
    dex.send(ask(ALICE, selector, bytes(32)))
    dex.send(pool.write.sync(ALICE))
    with reverts(NO_LIQUIDITY):
        day.oracle.read.consult(token, 100, dex.token0)
