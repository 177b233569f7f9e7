"""An experiment on many seeds: does the effect that it claims stand out from chance?"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from typing import TypeAlias

from dexsim.errors import ScenarioError
from dexsim.results.effects import Effect
from dexsim.results.findings import Finding, find
from dexsim.results.measures import MEASURES
from dexsim.scenario.run import run
from dexsim.scenario.scenario import Experiment

SeedDone = Callable[[int], None]
"""Told how many seeds are done."""

_Row: TypeAlias = dict[tuple[str, str], float]
"""Values of one seed, by measure and arm."""


@dataclass(frozen=True)
class Comparison:
    """An experiment's findings, one an effect.

    seeds: those that were run; closed: in all of them accounts close. arms: the measure by arm, a value
    a seed; beside: the same of further measures, by measure and arm.
    """

    experiment: Experiment
    seeds: tuple[int, ...]
    arms: dict[str, tuple[float, ...]]
    findings: tuple[Finding, ...]
    closed: bool
    beside: dict[str, dict[str, tuple[float, ...]]] = field(default_factory=dict)


def compare(
    experiment: Experiment,
    *,
    seeds: int = 30,
    first_seed: int = 0,
    engine: str = "auto",
    workers: int = 1,
    progress: SeedDone | None = None,
) -> Comparison:
    """Run every arm on `seeds` seeds, paired, and find for each effect.

    seeds: how many, from first_seed on; 1 decides nothing. workers: processes.
    Raises ScenarioError for an experiment without a measure or an effect, and
    for input that cannot be run.
    """
    effects = _effects(experiment)
    if seeds < 1 or workers < 1:
        raise ScenarioError("seeds and workers are 1 or more", key="seeds")
    numbers = range(first_seed, first_seed + seeds)
    one = partial(_measured, experiment, engine)
    rows, closed = [], True
    for done, (row, closes) in enumerate(_each(one, numbers, workers), start=1):
        rows.append(row)
        closed = closed and closes
        if progress is not None:
            progress(done)
    margin, measure = float(experiment.margin), experiment.measure
    by_measure = {
        name: {arm: tuple(row[name, arm] for row in rows) for arm in experiment.arms}
        for name in _measures(experiment)
    }
    return Comparison(
        experiment=experiment,
        seeds=tuple(numbers),
        arms=by_measure[measure],
        findings=tuple(
            find(effect, measure, margin, [effect.of(_of(row, measure)) for row in rows])
            for effect in effects
        ),
        closed=closed,
        beside={name: by_measure[name] for name in experiment.also},
    )


def _measures(experiment: Experiment) -> list[str]:
    return list(dict.fromkeys([experiment.measure, *experiment.also]))


def _of(row: _Row, measure: str) -> dict[str, float]:
    """A measure's values by arm."""
    return {arm: value for (name, arm), value in row.items() if name == measure}


def _effects(experiment: Experiment) -> list[Effect]:
    for key in ("measure", "effect"):
        if not getattr(experiment, key):
            raise ScenarioError("is missing: there is nothing to compare", key=f"experiment.{key}")
    return experiment.effects


def _measured(experiment: Experiment, engine: str, seed: int) -> tuple[_Row, bool]:
    """The measures of every arm on one seed, and whether the accounts close."""
    done = run(experiment, seed=seed, engine=engine)
    row = {
        (name, arm.name): MEASURES[name](arm) for name in _measures(experiment) for arm in done.arms
    }
    return row, done.summary().closes


def _each(
    one: Callable[[int], tuple[_Row, bool]], seeds: Iterable[int], workers: int
) -> Iterable[tuple[_Row, bool]]:
    """The results in the order of the seeds, whoever works on them."""
    if workers == 1:
        yield from map(one, seeds)
        return
    with ProcessPoolExecutor(workers) as pool:
        yield from pool.map(one, seeds)
