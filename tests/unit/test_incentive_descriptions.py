"""What a world says of an incentive token, and the integers that come of it."""

from __future__ import annotations

import pytest

from dexsim.errors import AmountTypeError, ScenarioError
from dexsim.market.incentive import Incentive
from dexsim.market.schedules import MOST, Emission

E18 = 10**18
DAY = 86_400


def test_a_rate_and_a_cap_are_a_constant_emission():
    made = Incentive(rate_per_second="0.5", cap="1000000").emission(1000)
    assert made == Emission(cap=10**6 * E18, start=1000, terminal_rate=E18 // 2)
    assert made.arguments == (0, 10**6 * E18, (1000, 1, 0, [], E18 // 2, 0))


def test_without_a_cap_the_end_is_what_the_contract_can_count():
    assert Incentive(rate_per_second="1").emission(0).cap == MOST


def test_a_start_can_be_later_and_a_supply_be_there_before():
    made = Incentive(rate_per_second="1", start_after=DAY, initial_supply="2.5").emission(1000)
    assert (made.start, made.initial_supply) == (1000 + DAY, 25 * E18 // 10)


def test_halving():
    made = Incentive(rate_per_second="8", epoch_seconds=DAY, divided_by=2, epochs=4).emission(0)
    assert (made.epoch, made.rates) == (DAY, (8 * E18, 4 * E18, 2 * E18, E18))
    assert made.terminal_rate == 0
    assert made.released(10**9) == 15 * DAY * E18


def test_decay_ends_at_the_terminal_rate():
    made = Incentive(
        rate_per_second="8", epoch_seconds=DAY, divided_by="2", terminal_rate="2"
    ).emission(0)
    assert (made.rates, made.terminal_rate) == ((8 * E18, 4 * E18), 2 * E18)


def test_a_share_taken_off_every_epoch_behind_the_flat_ones():
    made = Incentive(
        rate="100", step_seconds=60, epoch_seconds=180, flat_epochs=2, epochs=4, shrinks_by="0.1"
    ).emission(0)
    assert (made.step, made.epoch) == (60, 3)
    assert made.rates == (100 * E18, 100 * E18, 90 * E18, 81 * E18)


def test_rates_one_by_one():
    made = Incentive(rates=("1", "0", "2.5"), epoch_seconds=DAY, terminal_rate="0.1").emission(0)
    assert made.rates == (E18, 0, 25 * E18 // 10)
    assert made.terminal_rate == E18 // 10


def test_growth_of_what_was_there_before():
    made = Incentive(initial_supply="100", step_seconds=DAY, terminal_growth="0.01").emission(0)
    assert made.terminal_growth == 10**16
    assert made.released(2 * DAY) == 201 * E18 // 100


def test_a_terminal_rate_alone_is_a_constant_emission():
    assert Incentive(terminal_rate="3").emission(0) == Incentive(rate_per_second="3").emission(0)


WRONG = {
    "nothing": ({}, "rate_per_second", "is missing"),
    "two rates": ({"rate_per_second": "1", "rate": "1"}, "rate", "rate_per_second"),
    "a rate of seconds in steps": (
        {"rate_per_second": "1", "step_seconds": 60},
        *("rate_per_second", "say `rate`"),
    ),
    "a shape without its first rate": (
        {"divided_by": 2, "epoch_seconds": 1},
        *("rate_per_second", "first epoch"),
    ),
    "two shapes": (
        {"rate": "1", "epoch_seconds": 1, "divided_by": 2, "shrinks_by": "0.5"},
        *("shrinks_by", "divided_by"),
    ),
    "rates and a shape": (
        {"rates": ("1",), "epoch_seconds": 1, "divided_by": 2},
        *("rates", "divided_by"),
    ),
    "epochs of no length": ({"rate": "1", "divided_by": 2}, "epoch_seconds", "divided_by"),
    "epochs without a change": ({"rate": "1", "epoch_seconds": 5}, "epoch_seconds", "divided_by"),
    "epochs that are no steps": (
        {"rate": "1", "epoch_seconds": 61, "step_seconds": 60, "divided_by": 2},
        *("epoch_seconds", "whole steps"),
    ),
    "no division": ({"rate": "1", "epoch_seconds": 1, "divided_by": 1}, "divided_by", "above 1"),
    "no shrinking": ({"rate": "1", "epoch_seconds": 1, "shrinks_by": 0}, "shrinks_by", "between"),
    "all gone": ({"rate": "1", "epoch_seconds": 1, "shrinks_by": 1}, "shrinks_by", "between"),
    "a number of listed epochs": (
        {"rates": ("1",), "epoch_seconds": 1, "epochs": 2},
        *("epochs", "divided or shrink"),
    ),
    "flat epochs without epochs": (
        {"rate": "1", "flat_epochs": 2},
        *("flat_epochs", "divided or shrink"),
    ),
    "more flat epochs than epochs": (
        {"rate": "1", "epoch_seconds": 1, "divided_by": 2, "epochs": 2, "flat_epochs": 3},
        *("flat_epochs", "2 epochs"),
    ),
    "too many epochs": (
        {"rate": "1", "epoch_seconds": 1, "divided_by": 2, "epochs": 257},
        *("epochs", "256"),
    ),
    "too many rates": ({"rates": ("1",) * 257, "epoch_seconds": 1}, "rates", "256"),
    "an end without epochs": (
        {"rate": "1", "terminal_rate": "1"},
        *("terminal_rate", "epoch_seconds"),
    ),
    "growth without epochs": (
        {"rate": "1", "terminal_growth": "0.1"},
        *("terminal_growth", "epoch_seconds"),
    ),
    "two ends": (
        {"terminal_rate": "1", "terminal_growth": "0.1"},
        *("terminal_growth", "terminal_rate"),
    ),
    "growth of seconds": ({"terminal_growth": "0.00000001999"}, "terminal_growth", "step_seconds"),
    "growth beyond doubling": ({"terminal_growth": "1.1"}, "terminal_growth", "to 1"),
    "steps of ages": ({"rate": "1", "step_seconds": 2**32}, "step_seconds", "2**32"),
    "epochs of ages": (
        {"rate": "1", "epoch_seconds": 2**32, "divided_by": 2},
        *("epoch_seconds", "2**32"),
    ),
    "an unknown key": ({"rate_per_secnd": "1"}, "rate_per_secnd", "did you mean"),
}


@pytest.mark.parametrize(("described", "key", "told"), WRONG.values(), ids=WRONG)
def test_what_makes_no_sense_is_refused_with_its_key(described, key, told):
    with pytest.raises(ScenarioError) as caught:
        Incentive(**described)
    assert caught.value.key == key
    assert told in str(caught.value)


IMPOSSIBLE = {
    "nothing to earn": (
        {"rate_per_second": "1", "cap": "5", "initial_supply": "5"},
        *("initial_supply", "nothing left"),
    ),
    "a cap beyond 128 bits": ({"rate_per_second": "1", "cap": "1e21"}, "cap", "the most"),
    "half a unit": ({"rate_per_second": "1e-19"}, "rate_per_second", "fraction digits"),
    "half a unit of an epoch": (
        {"rates": ("1", "1e-19"), "epoch_seconds": 1},
        *("rates.1", "fraction digits"),
    ),
    "a rate above the cap": ({"rate_per_second": "6", "cap": "5"}, "rate_per_second", "all that"),
    "an end above the cap": (
        {"rates": ("1",), "epoch_seconds": 1, "terminal_rate": "6", "cap": "5"},
        *("terminal_rate", "all that"),
    ),
    "no rate": ({"rate_per_second": "0"}, "rate_per_second", "nothing is ever"),
    "growth of nothing": ({"terminal_growth": "0.1"}, "terminal_growth", "nothing is ever"),
    "a decay that does not end": (
        {"rate": "1", "epoch_seconds": 1, "divided_by": "1.0001"},
        *("epochs", "256"),
    ),
}


@pytest.mark.parametrize(("described", "key", "told"), IMPOSSIBLE.values(), ids=IMPOSSIBLE)
def test_what_the_token_cannot_be_is_refused_with_its_key(described, key, told):
    with pytest.raises(ScenarioError) as caught:
        Incentive(**described).emission(0)
    assert caught.value.key == key
    assert told in str(caught.value)


def test_amounts_are_text():
    with pytest.raises(AmountTypeError):
        Incentive(rate_per_second=1)
