"""Campaigns of the machine that keeps a gauge's books."""

from __future__ import annotations

import pytest

from dexsim.conformance import campaign as campaigns
from dexsim.conformance.history import Trial
from dexsim.conformance.keeping import Broken
from tests.stateful.rewards.gauge_books_machine import GaugeBooksMachine
from tests.stateful.rewards.test_reward_machines import LONG, PLAIN


def played(size):
    """What a campaign did. Raises Broken with its steps where a promise was."""
    trial = Trial()
    campaigns.run(GaugeBooksMachine, size, trial)
    if trial.failed is not None:
        raise Broken(f"{trial.broken}\nsteps: {trial.failed.steps}")
    return trial.notes["tally"]


def test_the_books_of_several_rewards_close_after_every_step(record_property):
    tally = played(PLAIN)
    ratios = "\n".join(f"{rule:24} {ratio}" for rule, ratio in tally.ratios().items())
    record_property("acceptance", f"GaugeBooksMachine\n{ratios}")
    assert set(tally.checked) == GaugeBooksMachine.promises
    assert tally.never_happened(GaugeBooksMachine.counted, set(), set()) == []


@pytest.mark.long
def test_the_books_of_several_rewards_close_after_every_step_of_many():
    tally, kind = played(LONG), GaugeBooksMachine
    assert tally.never_happened(kind.counted, set(), kind.situations) == []
