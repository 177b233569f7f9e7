"""Campaigns of the two machines, and that together they keep every promise about rewards.

A failure shows the steps as they were drawn. With DEXSIM_SHRINK=1 it shows the fewest that fail,
which can take minutes.
"""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from dexsim.chain.chain import Chain
from tests.stateful.rewards.gauge_machine import GaugeMachine
from tests.stateful.rewards.streamed_machine import StreamedMachine
from tests.stateful.rewards.tally import PROMISES, Tally
from tests.subject import artifact

MACHINES = [GaugeMachine, StreamedMachine]
PLAIN = (10, 25)
LONG = (100, 50)
PHASES = [Phase.generate, Phase.shrink] if os.environ.get("DEXSIM_SHRINK") else [Phase.generate]


@pytest.fixture(autouse=True, scope="module")
def warm():
    """The engine and the compiler raise the limit of recursion when they start; not in a run."""
    Chain("pyevm")
    for name in ("token", "incentive_token", "gauge", "staking_rewards", "mocks/false_return"):
        artifact(name)


def campaign(machine, runs, steps):
    """Run the machine so often, so long, the same every time; what it did."""
    machine.tally = Tally()
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=runs,
            stateful_step_count=steps,
            derandomize=True,
            phases=PHASES,
            database=None,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    return machine.tally


def judge(machine, tally, record_property):
    """Every rule ran and was mostly accepted, and every promise was looked at."""
    record_property(f"accepted: {machine.__name__}", str(tally.ratios()))
    assert tally.complaints(machine.rules, machine.refusals) == []
    assert set(tally.checked) == machine.promises


@pytest.mark.parametrize("machine", MACHINES)
def test_every_promise_holds_after_every_step(machine, record_property):
    judge(machine, campaign(machine, *PLAIN), record_property)


@pytest.mark.long
@pytest.mark.parametrize("machine", MACHINES)
def test_every_promise_holds_after_every_step_of_many(machine, record_property):
    judge(machine, campaign(machine, *LONG), record_property)


def test_together_the_machines_keep_every_promise_about_rewards():
    assert set().union(*(machine.promises for machine in MACHINES)) == set(PROMISES)
    assert sorted(PROMISES) == [f"R0{number}" for number in range(1, 9)]
