"""Campaigns: so many runs of so many steps of one rung, the same ones every time."""

from __future__ import annotations

import os
from dataclasses import dataclass

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.stateful.adds import AddMachine
from tests.stateful.flashes import FlashMachine
from tests.stateful.keepers import KeeperMachine
from tests.stateful.keeping import expect
from tests.stateful.machine import VenueMachine
from tests.stateful.record import Record
from tests.stateful.removes import RemoveMachine
from tests.stateful.routes import RouterMachine
from tests.stateful.subjects import Subject
from tests.stateful.swaps import SwapMachine

LADDER: tuple[type[VenueMachine], ...] = (
    SwapMachine,
    AddMachine,
    RemoveMachine,
    KeeperMachine,
    FlashMachine,
    RouterMachine,
)


@dataclass(frozen=True)
class Size:
    """How much, and from which seed: the same seed gives the same histories with one Hypothesis."""

    runs: int
    steps: int
    seed: int


CHECK = Size(runs=12, steps=25, seed=1)
CHECK_ALL = Size(runs=30, steps=25, seed=1)
"""Of the last rung: it has twice as many rules as the others."""
LONG = Size(runs=100, steps=50, seed=2)
SMALL = Size(runs=6, steps=20, seed=3)


def run(rung: type[VenueMachine], subject: Subject, size: Size) -> Record:
    """Run a campaign. Raises Broken, after Hypothesis has told the shortest history that it found."""
    record = Record()
    machine = type(rung.__name__, (rung,), {"subject": subject, "record": record})
    run_state_machine_as_test(seed(size.seed)(machine), settings=_settings(size))
    return record


def insist_on_aim(record: Record, rung: type[VenueMachine]) -> None:
    """Fail a campaign that looked at too little. Raises Broken naming rules and their ratios."""
    faults = record.faults(rung.own_rules(), set(rung.watches))
    expect(
        not faults, "rules that are accepted and promises that are checked; " + "; ".join(faults)
    )


def _settings(size: Size) -> settings:
    # Contracts named from outside are faulty on purpose: whether that is seen is the question
    # then, not the shortest way to see it, which takes minutes to find.
    phases = (
        [Phase.generate] if os.environ.get("DEXSIM_CONTRACTS") else [Phase.generate, Phase.shrink]
    )
    return settings(
        max_examples=size.runs,
        stateful_step_count=size.steps,
        phases=phases,
        deadline=None,
        database=None,
        print_blob=False,
        report_multiple_bugs=False,
        # A step is several transactions on an EVM: slow beside what Hypothesis is used to.
        suppress_health_check=[HealthCheck.too_slow],
    )
