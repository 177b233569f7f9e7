"""The window oracle: what it answers, and from when to when."""

from __future__ import annotations

import pytest

from dexsim.errors import Reverted
from dexsim.testing import reverts
from tests.watched import DAY, E18, HOUR, Q112, Watched

MISSING = "oracle: missing observation"


@pytest.fixture
def day(dex):
    """A day in 24 periods."""
    return Watched.over(dex, DAY, 24)


# --- what it answers ----------------------------------------------------------


def test_the_recorded_answers_at_a_constant_price(dex, day, vector):
    recorded = vector("univ2_periphery_oracle")["sliding"]["constant_price_after_23h"]
    day.update()
    start = dex.now()
    with reverts(MISSING):
        day.consult()
    dex.wait(23 * HOUR)
    assert day.update()
    assert day.consult() == (recorded["consult_token0_100"], recorded["consult_token1_100"])
    place = day.oracle.read.observation_index(start + 23 * HOUR)
    passed = 23 * HOUR
    kept = day.kept(place)
    assert kept == (dex.now(), 2 * Q112 * passed, Q112 // 2 * passed)


def test_the_recorded_answers_at_a_changing_price(dex, day, vector):
    recorded = vector("univ2_periphery_oracle")["sliding"]["changing_price"]
    start = dex.now()
    day.update()
    day.reach(start + 3 * HOUR)
    day.give(5 * E18)
    day.update()
    day.reach(start + 6 * HOUR)
    day.give(10 * E18)
    day.reach(start + 9 * HOUR)
    day.update()
    for hour in (23, 32):
        day.reach(start + hour * HOUR)
        wanted = recorded[f"h{hour}"]
        assert day.consult() == (wanted["consult_token0_100"], wanted["consult_token1_100"])


def test_the_recorded_answers_over_one_period_of_a_day(dex, vector):
    recorded = vector("univ2_periphery_oracle")["simple"]
    assert recorded["reserves"] == [str(5 * E18), str(10 * E18)]
    day = Watched.over(dex, 2 * recorded["PERIOD"], 2)
    day.update()
    dex.wait(23 * HOUR)
    with reverts(MISSING):
        day.consult()
    dex.wait(HOUR)
    wanted = recorded["update_at_24h"]
    averages = int(wanted["price0Average"]), int(wanted["price1Average"])
    assert day.average() == (*averages, DAY)
    assert day.consult(5 * E18)[0] == int(wanted["consult_token0_5e18"])
    assert day.consult(10 * E18)[1] == int(wanted["consult_token1_10e18"])


def test_an_average_weighs_each_price_by_its_time_and_rounds_down(dex, day):
    day.update()
    dex.wait(1001)
    day.give(3 * E18 + 1)
    rest = 23 * HOUR - 1001
    dex.wait(rest)
    first, second = 5 * E18, 8 * E18 + 1
    up = (10 * E18 * Q112 // first) * 1001 + (10 * E18 * Q112 // second) * rest
    down = (first * Q112 // (10 * E18)) * 1001 + (second * Q112 // (10 * E18)) * rest
    span = 23 * HOUR
    assert day.average() == (up // span, down // span, span)
    amount = 123_456_789
    exact = (up // span * amount // Q112, down // span * amount // Q112)
    assert day.consult(amount) == exact


def test_an_answer_is_the_same_before_and_after_a_sync(dex, day, alice):
    day.update()
    dex.wait(23 * HOUR + 17)
    before = day.average()
    dex.send(dex.pool.write.sync(alice))
    assert day.average() == before


def test_tokens_can_be_given_to_the_pool_without_moving_an_answer(dex, day):
    day.update()
    dex.wait(HOUR)
    dex.pay(1000 * E18)
    dex.wait(22 * HOUR)
    assert day.consult() == (200, 50)


def test_an_observation_serves_while_its_period_is_the_first_of_the_window(dex, day):
    start = dex.now()
    day.reach(start + 600)
    day.update()
    day.reach(start + 23 * HOUR - 1)
    with reverts(MISSING):
        day.consult()
    day.reach(start + 23 * HOUR)
    assert day.average()[2] == 23 * HOUR - 600
    day.reach(start + 24 * HOUR - 1)
    assert day.average()[2] == 24 * HOUR - 1 - 600
    day.reach(start + 24 * HOUR)
    with reverts(MISSING):
        day.consult()


def test_a_whole_ring_later_an_old_observation_is_not_taken_for_a_new_one(dex, day):
    start = dex.now()
    day.update()
    for rings in (1, 2, 2**32 // DAY + 1):
        day.reach(start + rings * DAY + 23 * HOUR)
        with reverts(MISSING):
            day.consult()
        assert day.history() == (0, 0, 0)


def test_an_observation_that_is_two_to_the_32_seconds_old_is_too_old(dex):
    day = Watched.over(dex, 2048, 2)
    day.update()
    dex.wait(1024)
    assert day.consult() == (200, 50)
    dex.wait(2**32)
    with reverts(MISSING):
        day.consult()


def test_periods_without_an_update_cost_an_answer_only_while_they_are_the_first(dex, day):
    start = dex.now()
    for hour in (0, 1, 3):
        day.reach(start + hour * HOUR)
        day.update()
    answers = []
    for hour in range(22, 28):
        day.reach(start + hour * HOUR)
        try:
            answers.append(day.average()[2] // HOUR)
        except Reverted as error:
            assert error.reason == MISSING
            answers.append(None)
    assert answers == [None, 23, 23, None, 23, None]


def test_history_tells_what_is_there(dex, day):
    assert day.history() == (0, 0, 0)
    start = dex.now()
    day.update()
    assert day.history() == (1, 0, 0)
    for hour in (2, 5):
        day.reach(start + hour * HOUR + 10)
        day.update()
    day.reach(start + 6 * HOUR)
    assert day.history() == (3, 6 * HOUR, HOUR - 10)
    day.reach(start + 24 * HOUR)
    assert day.history() == (2, 22 * HOUR - 10, 19 * HOUR - 10)


@pytest.mark.parametrize(("window", "periods"), [(2**32 - 1, 3), (2**32 - 2, 2)])
def test_a_window_that_reaches_back_before_1970_holds_no_observation_of_then(dex, window, periods):
    long = Watched(dex, dex.deploy("oracle_window", dex.factory, window, periods))
    dex.add(5 * E18, 10 * E18)
    assert dex.now() < window
    with reverts(MISSING):
        long.consult()
    assert long.update()
    assert not long.update()
    assert long.history() == (1, 0, 0)
