"""Campaigns of what issues tokens and of what buys them back."""

from __future__ import annotations

import pytest

from dexsim.conformance.campaign import Size
from tests.stateful.issued.bid_machine import BidMachine
from tests.stateful.issued.till_machine import TillMachine
from tests.stateful.rewards.test_reward_machines import LONG, SHRINKS
from tests.stateful.tallied import judge, played

PLAIN = Size(runs=30, steps=25, seed=1, shrinks=SHRINKS)
MACHINES = [TillMachine, BidMachine]


def judge_all(machine, tally, record_property):
    """Every promise was looked at, and every rule was accepted at times."""
    judge(machine, tally, record_property)
    assert machine.counted - set(+tally.accepted) == set()


@pytest.mark.parametrize("machine", MACHINES)
def test_every_unit_is_counted_after_every_step(machine, record_property):
    judge_all(machine, played(machine, PLAIN), record_property)


@pytest.mark.long
@pytest.mark.parametrize("machine", MACHINES)
def test_every_unit_is_counted_after_every_step_of_many(machine, record_property):
    tally = played(machine, LONG)
    judge_all(machine, tally, record_property)
    assert tally.never_happened(machine.counted, machine.reasons, machine.situations) == []
