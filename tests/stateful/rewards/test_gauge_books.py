"""Campaigns of the machine that keeps a gauge's books."""

from __future__ import annotations

import pytest

from tests.stateful.rewards.gauge_books_machine import GaugeBooksMachine
from tests.stateful.rewards.test_reward_machines import LONG, PLAIN
from tests.stateful.tallied import judge, played


def test_the_books_of_several_rewards_close_after_every_step(record_property):
    tally = played(GaugeBooksMachine, PLAIN)
    judge(GaugeBooksMachine, tally, record_property)
    assert tally.never_happened(GaugeBooksMachine.counted, set(), set()) == []


@pytest.mark.long
def test_the_books_of_several_rewards_close_after_every_step_of_many():
    tally, kind = played(GaugeBooksMachine, LONG), GaugeBooksMachine
    assert tally.never_happened(kind.counted, set(), kind.situations) == []
