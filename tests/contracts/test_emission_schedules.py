"""Every kind of schedule, step by step at its borders, and two that the field knows, to the wei."""

from __future__ import annotations

from itertools import islice

import pytest

from dexsim.market.incentive import Incentive
from dexsim.market.schedules import MOST, Emission, divided, shrunk
from dexsim.testing import reverts

WEEK = 604_800
YEAR = 365 * 86_400
E18 = 10**18


def token_of(dex, emission):
    """A token with this emission."""
    return dex.deploy("incentive_token", "Reward", "RWD", *emission.arguments)


def released(token, *times):
    """What it says was released, `times` after its start."""
    start = token.read.start()
    return [token.read.released(start + time) for time in times]


# --- epochs ---------------------------------------------------------------------------------


def test_every_epoch_has_its_own_rate_and_then_there_is_no_more(dex):
    token = token_of(dex, Emission(start=dex.now(), epoch=10, rates=(5, 0, 100)))
    assert released(token, 0, 1, 9, 10, 11, 20, 21, 30, 31, 10**9) == [
        *(0, 5, 45, 50, 50, 50, 150, 1050, 1050, 1050),
    ]
    told = [(token.read.rate_of(i), token.read.released_before(i)) for i in range(3)]
    assert told == [(5, 0), (0, 50), (100, 50)]
    assert token.read.epoch_count() == 3
    for ask in (token.read.rate_of, token.read.released_before):
        with reverts("incentive: no such epoch"):
            ask(3)


def test_behind_the_epochs_comes_the_terminal_rate(dex):
    token = token_of(dex, Emission(start=dex.now(), epoch=10, rates=(5, 4), terminal_rate=3))
    assert released(token, 19, 20, 21, 120) == [86, 90, 93, 390]


def test_a_cap_ends_an_epoch_in_its_middle(dex):
    token = token_of(
        dex, Emission(start=dex.now(), cap=72, epoch=10, rates=(5, 4, 3), terminal_rate=2)
    )
    assert released(token, 10, 15, 16, 20, 29, 30, 31) == [50, 70, 72, 72, 72, 72, 72]
    assert token.read.released_before(2) == 72


def test_the_rate_is_that_of_the_running_epoch(dex):
    token = token_of(
        dex, Emission(start=dex.now() + 5, cap=114, epoch=10, rates=(5, 4), terminal_rate=3)
    )
    seen = []
    for wait in (0, 4, 1, 9, 1, 9, 1, 7, 1):
        dex.wait(wait)
        seen.append(token.read.rate())
    assert seen == [0, 0, 5, 5, 4, 4, 3, 3, 0]


def test_halving(dex):
    rates = tuple(islice(divided(1000, 2 * E18), 12))
    assert rates == (1000, 500, 250, 125, 62, 31, 15, 7, 3, 1, 0, 0)
    token = token_of(dex, Emission(start=dex.now(), epoch=100, rates=rates))
    assert released(token, 100, 200, 250, 300) == [100_000, 150_000, 162_500, 175_000]
    assert released(token, 10**9) == [100 * sum(rates)]


def test_the_greatest_list_with_the_greatest_amounts_never_fails(dex):
    token = token_of(
        dex,
        Emission(start=1, epoch=2**64 - 1, rates=(MOST,) * 256, terminal_rate=MOST),
    )
    assert [token.read.released(t) for t in (0, 1, 2, 3, 2**64, 2**256 - 1)] == [
        *(0, 0, MOST, MOST, MOST, MOST),
    ]


def test_the_clock_ends_before_amounts_wrap(dex):
    token = token_of(dex, Emission(start=0, terminal_rate=2**100))
    # As many seconds as would make 2**256 units.
    assert released(token, 2**28, 2**64, 2**156) == [MOST, MOST, MOST]
    slow = token_of(dex, Emission(start=0, terminal_rate=1))
    assert released(slow, 2**64 - 2, 2**64 - 1, 2**64, 2**256 - 1) == [
        *(2**64 - 2, 2**64 - 1, 2**64 - 1, 2**64 - 1),
    ]


# --- steps ----------------------------------------------------------------------------------


def test_only_whole_steps_release(dex, alice, bob):
    token = token_of(dex, Emission(start=dex.now(), step=WEEK, terminal_rate=800_000 * E18))
    dex.send(token.write.set_minter(alice, bob))
    for week in range(3):
        assert token.read.available_supply() == 800_000 * E18 * week
        dex.wait(WEEK - 1)
        assert token.read.available_supply() == 800_000 * E18 * week
        assert token.read.rate() == 800_000 * E18 // WEEK
        with reverts("incentive: exceeds the schedule"):
            dex.send(token.write.mint(bob, bob, 800_000 * E18))
        dex.wait(1)
        with reverts("incentive: exceeds the schedule"):
            dex.send(token.write.mint(bob, bob, 800_000 * E18 + 1))
        dex.send(token.write.mint(bob, bob, 800_000 * E18))


def test_an_epoch_may_have_many_steps(dex):
    token = token_of(
        dex, Emission(start=dex.now(), step=60, epoch=3, rates=(10, 7), terminal_rate=1)
    )
    assert released(token, 59, 60, 179, 180, 239, 240, 359, 360, 419, 420) == [
        *(0, 10, 20, 30, 30, 37, 44, 51, 51, 52),
    ]


# --- growth ---------------------------------------------------------------------------------


def test_growth_is_of_all_that_there_is(dex):
    # Ten percent a step of 1000 + 2 * 100, from the end of the second epoch on.
    token = token_of(
        dex,
        Emission(
            initial_supply=1000, start=dex.now(), epoch=1, rates=(100, 100), terminal_growth=10**17
        ),
    )
    assert released(token, 1, 2, 3, 4, 5) == [100, 200, 320, 452, 597]


def test_growth_ends_at_the_cap(dex):
    token = token_of(
        dex, Emission(initial_supply=1000, cap=1210, start=dex.now(), terminal_growth=10**17)
    )
    assert released(token, 1, 2, 3, 1000, 2**60) == [100, 210, 210, 210, 210]


def test_growth_beyond_all_bounds_stays_what_it_was(dex):
    token = token_of(dex, Emission(initial_supply=1, start=0, terminal_growth=10**18))
    # Doubled 68 times; more does not fit into 128 bits with 18 decimals.
    assert released(token, 1, 67, 68, 69, 2**64, 2**256 - 1) == [
        *(1, 2**67 - 1, 2**68 - 1, *[(2**128 - 1 - E18) // E18] * 3),
    ]


# --- CRV ------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def recorded_crv(vector):
    """The file."""
    return vector("curve_crv_emission")


@pytest.fixture
def crv(dex, recorded_crv):
    """A token with the constants of the file."""
    told = recorded_crv["constants"]
    described = Incentive(
        initial_supply=told["INITIAL_SUPPLY"],
        rate_per_second="8.714335457889396245",
        epoch_seconds=told["RATE_REDUCTION_TIME"],
        divided_by="1.189207115002721024",
        start_after=told["INFLATION_DELAY"],
    )
    emission = described.emission(dex.now())
    assert emission.rates[0] == int(told["INITIAL_RATE_per_second"])
    assert emission.initial_supply == int(told["INITIAL_SUPPLY"]) * E18
    return token_of(dex, emission)


def test_crv_begins_a_day_after_its_deployment(crv, dex):
    supply = 1_303_030_303 * E18
    assert (crv.read.rate(), crv.read.available_supply()) == (0, supply)
    dex.wait(86_399)
    assert (crv.read.rate(), crv.read.available_supply()) == (0, supply)
    dex.wait(1)
    assert (crv.read.rate(), crv.read.available_supply()) == (8714335457889396245, supply)
    dex.wait(1)
    assert crv.read.available_supply() == supply + 8714335457889396245


def test_crv_has_every_recorded_rate_and_start_supply(crv, dex, recorded_crv):
    dex.wait(86_400)
    for entry in recorded_crv["epochs_by_algorithm"]:
        epoch = entry["epoch"]
        assert crv.read.rate() == crv.read.rate_of(epoch) == int(entry["rate"])
        assert crv.read.available_supply() == int(entry["start_supply"])
        if told := recorded_crv["mainnet_observed_rate"].get(f"epoch{epoch}"):
            assert crv.read.rate() == int(told)
        dex.wait(YEAR)
    assert len(recorded_crv["epochs_by_algorithm"]) == 20


def test_crv_releases_every_recorded_amount_of_a_timeframe(crv, recorded_crv):
    # Across the end of its running epoch the original works the first rate out backwards, from
    # the second: rounded twice, it is a unit too low, and so is each of the first epoch's seconds.
    # Ours is what can be minted; with the original's rate it gives the original's number.
    start, first, second = crv.read.start(), crv.read.rate_of(0), crv.read.rate_of(1)
    lost = first - second * 1189207115002721024 // E18
    assert lost == 1
    (frames,) = (told for key, told in recorded_crv.items() if key.startswith("mintable"))
    for frame in frames:
        begin, end, amount = frame["start"], frame["end"], int(frame["amount"])
        ours = crv.read.mintable_in_timeframe(start + begin, start + end)
        if begin < YEAR < end:
            amount += lost * (YEAR - begin)
        assert ours == amount
    assert len(frames) == 7


def test_crv_mints_a_years_emission_and_not_one_more(crv, dex, alice, bob):
    dex.send(crv.write.set_minter(alice, bob))
    dex.wait(86_400 + YEAR)
    year = 8714335457889396245 * YEAR
    with reverts("incentive: exceeds the schedule"):
        dex.send(crv.write.mint(bob, bob, year + 1))
    dex.send(crv.write.mint(bob, bob, year))
    assert crv.read.totalSupply() == crv.read.available_supply() == 1577845585999999999982320000


def test_crv_ends_when_its_rate_rounds_to_nothing(crv):
    last = crv.read.epoch_count() - 1
    assert crv.read.rate_of(last) == 1
    end = crv.read.start() + (last + 1) * YEAR
    assert (
        crv.read.released(end - 1)
        == crv.read.released(end) - 1
        == crv.read.released(2**256 - 1) - 1
    )


# --- SNX ------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def recorded_snx(vector):
    """The file."""
    return vector("snx_supply_schedule")


@pytest.fixture
def snx(dex, recorded_snx):
    """A token with the constants of the file, on a hundred million that were there before."""
    week = int(recorded_snx["INITIAL_WEEKLY_SUPPLY"])
    decay = int(recorded_snx["DECAY_RATE"])
    first, last = recorded_snx["decay_start_week"], recorded_snx["decay_end_week"]
    return token_of(
        dex,
        Emission(
            initial_supply=10**8 * E18,
            start=dex.now(),
            step=WEEK,
            epoch=1,
            rates=tuple(islice(shrunk(week, decay, flat=first - 1), last)),
            terminal_growth=int(recorded_snx["TERMINAL_SUPPLY_RATE_ANNUAL"]) // 52,
        ),
    )


def test_snx_releases_whole_weeks_at_first_all_the_same(snx, recorded_snx):
    week = int(recorded_snx["INITIAL_WEEKLY_SUPPLY"])
    for n in range(40):
        assert released(snx, n * WEEK, (n + 1) * WEEK - 1) == [n * week] * 2


def test_snx_decays_by_every_recorded_amount(snx, recorded_snx):
    before = recorded_snx["decay_start_week"] - 1
    for n, amount in recorded_snx["tokenDecaySupplyForWeek"].items():
        week = (before + int(n)) * WEEK
        early, late = released(snx, week - 1, week)
        assert late - early == int(amount)


def test_snx_grows_behind_its_list_by_the_supply_that_there_is(snx, recorded_snx):
    end = recorded_snx["decay_end_week"]
    supply = 10**8 * E18 + released(snx, end * WEEK)[0]
    growth = int(recorded_snx["TERMINAL_SUPPLY_RATE_ANNUAL"]) // 52
    for weeks in (1, 2):
        grown = {1: growth, 2: 2 * growth + growth * growth // E18}[weeks]
        early, late = released(snx, (end + weeks) * WEEK - 1, (end + weeks) * WEEK)
        assert 10**8 * E18 + late == supply + supply * grown // E18 > 10**8 * E18 + early


def test_snx_inflates_by_every_recorded_amount(dex, recorded_snx):
    growth = int(recorded_snx["TERMINAL_SUPPLY_RATE_ANNUAL"]) // 52
    for entry in recorded_snx["terminalInflationSupply"]:
        supply, weeks, amount = int(entry["supply"]), entry["weeks"], int(entry["amount"])
        token = token_of(
            dex,
            Emission(initial_supply=supply, start=dex.now(), step=WEEK, terminal_growth=growth),
        )
        early, late = released(token, weeks * WEEK - 1, weeks * WEEK)
        assert late == amount > early
    assert len(recorded_snx["terminalInflationSupply"]) == 7


def test_snx_mints_a_week_when_it_is_over_and_not_one_more(snx, dex, alice, bob, recorded_snx):
    week = int(recorded_snx["INITIAL_WEEKLY_SUPPLY"])
    dex.send(snx.write.set_minter(alice, bob))
    dex.wait(WEEK - 1)
    with reverts("incentive: exceeds the schedule"):
        dex.send(snx.write.mint(bob, bob, 1))
    dex.wait(1)
    with reverts("incentive: exceeds the schedule"):
        dex.send(snx.write.mint(bob, bob, week + 1))
    dex.send(snx.write.mint(bob, bob, week))


# --- what it costs --------------------------------------------------------------------------


def gas_of_asking(token, dex, time, alice):
    """What the token takes to say how much has been released, behind the call itself."""
    return dex.chain.trace(token.write.released(alice, time)).gas_used


def test_a_list_costs_one_slot_more_to_ask_than_a_constant_rate(crv, dex, alice):
    plain = token_of(dex, Emission(start=dex.now(), terminal_rate=1))
    assert gas_of_asking(plain, dex, dex.now() + 10, alice) < 700
    for epoch in (0, 1, 200):
        later = crv.read.start() + epoch * YEAR + 10
        assert 2100 < gas_of_asking(crv, dex, later, alice) < 2100 + 800
    assert gas_of_asking(crv, dex, crv.read.start() + 1000 * YEAR, alice) < 700


def test_growth_costs_a_little_for_each_digit_of_its_steps(snx, dex, alice):
    end = snx.read.start() + 234 * WEEK
    assert gas_of_asking(snx, dex, end + 100 * WEEK, alice) < 4000
    assert gas_of_asking(snx, dex, 2**256 - 1, alice) < 20_000
