"""Experiments on many seeds."""

from __future__ import annotations

import pytest

from dexsim.errors import ScenarioError
from dexsim.results.findings import Outcome
from dexsim.results.measures import MEASURES
from dexsim.scenario.compare import compare
from dexsim.scenario.run import run
from dexsim.scenario.scenario import Experiment
from tests.scenarios import small


def _experiment(**changes: object) -> Experiment:
    fields = {"measure": "retail_cost_bps", "effect": ["hunted - calm", "calm"], "margin": 1}
    return small.experiment(blocks=8).replace(**(fields | changes))


def test_each_seed_is_a_run_of_its_own_with_paired_arms() -> None:
    found = compare(_experiment(), seeds=3, first_seed=5)
    assert found.seeds == (5, 6, 7)
    assert found.closed
    one = run(_experiment(), seed=6)
    told = {arm.name: MEASURES["retail_cost_bps"](arm) for arm in one.arms}
    assert {arm: values[1] for arm, values in found.arms.items()} == told
    hunted, calm = found.findings
    assert hunted.values[1] == told["hunted"] - told["calm"]
    assert calm.values[1] == told["calm"]
    assert calm.outcome is Outcome.SUPPORTED


def test_processes_share_the_work_and_find_the_same() -> None:
    assert compare(_experiment(), seeds=2, workers=2) == compare(_experiment(), seeds=2)


def test_it_tells_how_many_are_done() -> None:
    told: list[int] = []
    compare(_experiment(), seeds=2, progress=told.append)
    assert told == [1, 2]


@pytest.mark.parametrize("key", ["measure", "effect"])
def test_without_something_to_compare_it_says_so(key: str) -> None:
    with pytest.raises(ScenarioError, match=f"experiment.{key}: is missing"):
        compare(_experiment(**{key: ""}))


def test_a_measure_that_is_not_there_is_named() -> None:
    with pytest.raises(ScenarioError, match="measure: unknown measure 'retail_cost'; did you mean"):
        _experiment(measure="retail_cost")
