"""Campaigns of the machine that splits an emission."""

from __future__ import annotations

import pytest

from dexsim.conformance import campaign as campaigns
from dexsim.conformance.history import Trial
from dexsim.conformance.keeping import Broken
from tests.stateful.rewards.emission_machine import EmissionMachine
from tests.stateful.rewards.test_reward_machines import LONG, PLAIN


def played(size):
    """What a campaign did. Raises Broken with its steps where a promise was."""
    trial = Trial()
    campaigns.run(EmissionMachine, size, trial)
    if trial.failed is not None:
        raise Broken(f"{trial.broken}\nsteps: {trial.failed.steps}")
    return trial.notes["tally"]


def test_every_unit_is_counted_after_every_step(record_property):
    tally = played(PLAIN)
    ratios = "\n".join(f"{rule:24} {ratio}" for rule, ratio in tally.ratios().items())
    record_property("acceptance", f"EmissionMachine\n{ratios}")
    assert set(tally.checked) == EmissionMachine.promises
    assert tally.never_happened(EmissionMachine.counted, set(), set()) == []


@pytest.mark.long
def test_every_unit_is_counted_after_every_step_of_many():
    tally, kind = played(LONG), EmissionMachine
    assert tally.never_happened(kind.counted, kind.refusals, kind.situations) == []
