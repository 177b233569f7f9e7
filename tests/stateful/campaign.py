"""Campaigns of the machines, as tests: a broken promise is told with the history that broke it."""

from __future__ import annotations

import os

from dexsim.conformance import campaign
from dexsim.conformance.campaign import Size
from dexsim.conformance.history import Trial
from dexsim.conformance.keeping import Broken, expect
from dexsim.conformance.record import Record
from dexsim.conformance.xyk.machine import VenueMachine
from dexsim.conformance.xyk.subject import Subject

# Contracts named from outside are faulty on purpose: whether that is seen is the question
# then, not the shortest way to see it.
_SHRINKS = not os.environ.get("DEXSIM_CONTRACTS")

CHECK = Size(runs=18, steps=25, seed=1, shrinks=_SHRINKS)
CHECK_ALL = Size(runs=45, steps=25, seed=1, shrinks=_SHRINKS)
"""Of the last rungs: they have twice as many rules as the others."""
LONG = Size(runs=100, steps=50, seed=2, shrinks=_SHRINKS)
SMALL = Size(runs=6, steps=20, seed=3, shrinks=_SHRINKS)


def run(rung: type[VenueMachine], subject: Subject, size: Size) -> Record:
    """Run a campaign. Raises Broken with the shortest history that was found."""
    trial = Trial()
    campaign.run(rung, size, trial, subject=subject)
    if trial.failed is not None:
        story = "\n".join(line for _, line in trial.failed.story)
        raise Broken(f"{trial.broken}\n{story}\nsteps: {trial.failed.steps}")
    return trial.record


def insist_on_aim(record: Record, rung: type[VenueMachine]) -> None:
    """Fail a campaign that looked at too little. Raises Broken naming rules and their ratios."""
    faults = record.faults(rung.own_rules(), set(rung.watches))
    expect(
        not faults, "rules that are accepted and promises that are checked; " + "; ".join(faults)
    )
