"""Campaigns of the two machines, and that together they keep every promise about rewards.

A failure shows the steps as they were drawn. With DEXSIM_SHRINK=1 it shows the fewest that fail,
which can take minutes.
"""

from __future__ import annotations

import os

import pytest

from dexsim.conformance.campaign import Size
from dexsim.conformance.keeping import Broken
from dexsim.conformance.rewards.gauge_machine import GaugeMachine
from dexsim.conformance.rewards.streamed_machine import StreamedMachine
from dexsim.conformance.rewards.tally import Tally
from tests.stateful.subjects import our_rewards
from tests.stateful.tallied import judge, played

MACHINES = [GaugeMachine, StreamedMachine]
SHRINKS = bool(os.environ.get("DEXSIM_SHRINK"))
PLAIN = Size(runs=10, steps=25, seed=1, shrinks=SHRINKS)
LONG = Size(runs=100, steps=50, seed=2, shrinks=SHRINKS)


def judge_all(machine, tally, record_property):
    """Every rule was mostly accepted, and every promise was looked at."""
    judge(machine, tally, record_property)
    assert tally.refused_too_often() == []


@pytest.mark.parametrize("machine", MACHINES)
def test_every_promise_holds_after_every_step(machine, record_property):
    judge_all(machine, played(machine, PLAIN, subject=our_rewards()), record_property)


@pytest.mark.long
@pytest.mark.parametrize("machine", MACHINES)
def test_every_promise_holds_after_every_step_of_many(machine, record_property):
    tally = played(machine, LONG, subject=our_rewards())
    judge_all(machine, tally, record_property)
    assert tally.never_happened(machine.counted, machine.refusals, machine.situations) == []


def test_together_the_machines_keep_every_promise_about_rewards():
    promised = set().union(*(machine.promises for machine in MACHINES))
    assert promised == {f"R0{number}" for number in range(1, 9)}


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


def test_a_broken_promise_is_told_by_its_id():
    with pytest.raises(Broken) as caught, Tally().promise("R07"):
        raise Broken("paid once, and not twice")
    assert str(caught.value) == "R07: paid once, and not twice"
    assert caught.value.id == "R07"
