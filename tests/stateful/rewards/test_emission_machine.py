"""Campaigns of the machine that splits an emission."""

from __future__ import annotations

import pytest

from tests.stateful.rewards.emission_machine import EmissionMachine
from tests.stateful.rewards.test_reward_machines import LONG, PLAIN
from tests.stateful.tallied import judge, played


def test_every_unit_is_counted_after_every_step(record_property):
    tally = played(EmissionMachine, PLAIN)
    judge(EmissionMachine, tally, record_property)
    assert tally.never_happened(EmissionMachine.counted, set(), set()) == []


@pytest.mark.long
def test_every_unit_is_counted_after_every_step_of_many():
    tally, kind = played(EmissionMachine, LONG), EmissionMachine
    assert tally.never_happened(kind.counted, kind.refusals, kind.situations) == []
