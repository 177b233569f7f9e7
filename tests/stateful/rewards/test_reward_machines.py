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
    """Every rule was mostly accepted, and every promise was looked at."""
    ratios = "\n".join(f"{rule:24} {ratio}" for rule, ratio in tally.ratios().items())
    record_property("acceptance", f"{machine.__name__}\n{ratios}")
    assert tally.refused_too_often() == []
    assert set(tally.checked) == machine.promises


@pytest.mark.parametrize("machine", MACHINES)
def test_every_promise_holds_after_every_step(machine, record_property):
    judge(machine, campaign(machine, *PLAIN), record_property)


@pytest.mark.long
@pytest.mark.parametrize("machine", MACHINES)
def test_every_promise_holds_after_every_step_of_many(machine, record_property):
    tally = campaign(machine, *LONG)
    judge(machine, tally, record_property)
    assert tally.never_happened(machine.rules, machine.refusals, machine.situations) == []


def test_together_the_machines_keep_every_promise_about_rewards():
    assert set().union(*(machine.promises for machine in MACHINES)) == set(PROMISES)
    assert sorted(PROMISES) == [f"R0{number}" for number in range(1, 9)]


def test_a_rule_that_is_mostly_refused_is_told_with_its_ratio_and_reasons():
    tally = Tally()
    for refusal in (None, None, None, "gauge: zero amount", "gauge: zero amount"):
        tally.note("stake", refusal)
    assert tally.refused_too_often() == []
    tally.note("stake", "gauge: transfer failed")
    assert tally.refused_too_often() == [
        "stake was accepted 3 of 6 (50 %); at least 60 % are wanted; "
        "refused with {'gauge: zero amount': 2, 'gauge: transfer failed': 1}"
    ]


def test_what_never_happened_is_told():
    tally = Tally()
    tally.note("stake", None)
    tally.saw["a drought"] += False
    assert tally.never_happened({"stake", "claim"}, {"steal"}, {"a drought"}) == [
        *("claim", "steal", "a drought"),
    ]


def test_a_broken_promise_is_told_with_its_statement():
    with pytest.raises(AssertionError) as caught, Tally().promise("R07"):
        raise AssertionError("paid twice")
    (note,) = caught.value.__notes__
    assert note == f"broken: R07, {PROMISES['R07']}"
    assert "claim twice" in note
