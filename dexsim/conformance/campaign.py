"""Campaigns: so many histories of so many steps of one machine, the same ones every time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from dexsim.conformance.history import Machine, Step, Trial
from dexsim.conformance.keeping import Broken
from dexsim.conformance.same_draws import same_draws


@dataclass(frozen=True)
class Size:
    """How much, and from which seed: the same seed gives the same histories with one Hypothesis.

    shrinks: whether a shorter history is looked for once one has broken a promise.
    """

    runs: int
    steps: int
    seed: int = 1
    shrinks: bool = True

    def scaled(self, effort: float, *, seed: int, shrinks: bool) -> Size:
        """So many times the histories, at least one."""
        return Size(max(1, round(self.runs * effort)), self.steps, seed, shrinks)


def run(machine: type[Machine], size: Size, trial: Trial, **settings_of_machine: Any) -> None:
    """Run a campaign; what came of it is in the trial. settings_of_machine: its class attributes."""
    told = {"trial": trial, **settings_of_machine}
    kind: type[Machine] = type(machine.__name__, (machine,), told)
    # Engine and compiler raise the limit of recursion when they start, which Hypothesis minds.
    kind.prepare()
    try:
        if (written := kind.histories()) is not None:
            _play(kind, written)
            return
        with same_draws():
            run_state_machine_as_test(seed(size.seed)(kind), settings=_settings(size))
    except Broken:
        pass
    except Exception:
        # Once the patience for shorter histories is over, Hypothesis finds that its own
        # shortest one passes, and says so; the trial has the history that did not.
        if trial.failed is None:
            raise


def _play(kind: type[Machine], histories: list[list[Step]]) -> None:
    for steps in histories:
        machine = kind()
        for name, arguments in steps:
            machine.step(name, arguments)


def _settings(size: Size) -> settings:
    phases = [Phase.generate, Phase.shrink] if size.shrinks else [Phase.generate]
    return settings(
        max_examples=size.runs,
        stateful_step_count=size.steps,
        phases=phases,
        deadline=None,
        database=None,
        print_blob=False,
        report_multiple_bugs=False,
        # A step is several transactions on an EVM: slow beside what Hypothesis is used to.
        suppress_health_check=list(HealthCheck),
    )
