"""Campaigns of machines that count what they did."""

from __future__ import annotations

from dexsim.conformance import campaign as campaigns
from dexsim.conformance.history import Trial
from dexsim.conformance.keeping import Broken


def played(machine, size, **how):
    """The tally of a campaign. Raises Broken with its steps where a promise was broken."""
    trial = Trial()
    campaigns.run(machine, size, trial, **how)
    if trial.failed is not None:
        raise Broken(f"{trial.broken}\nsteps: {trial.failed.steps}")
    return trial.notes["tally"]


def judge(machine, tally, record_property):
    """Every promise was looked at; how often each rule was accepted goes into the report."""
    ratios = "\n".join(f"{rule:24} {ratio}" for rule, ratio in tally.ratios().items())
    record_property("acceptance", f"{machine.__name__}\n{ratios}")
    assert set(tally.checked) == machine.promises
