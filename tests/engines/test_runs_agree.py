"""A run is the same on every engine: digest, state root, and every table, and verified on another."""

from __future__ import annotations

from pathlib import Path

import pytest

from dexsim.chain.engines import engine_names
from dexsim.results.run import Run
from dexsim.results.verify import verify
from dexsim.scenario.catalogue import load
from dexsim.scenario.run import run
from dexsim.scenario.scenario import Scenario

pytestmark = pytest.mark.skipif(
    len(engine_names()) < 2, reason="one engine alone here: `pip install ./engine` brings revm"
)


@pytest.fixture(scope="module", params=["sandwich", "incentives"])
def runs(request: pytest.FixtureRequest) -> dict[str, Run]:
    """A few blocks of a built-in scenario, on every engine."""
    scenario = load(request.param)
    if not isinstance(scenario, Scenario):
        scenario = scenario.base
    short = scenario.replace(blocks=12)
    return {name: run(short, seed=3, engine=name) for name in engine_names()}


def test_every_engine_gives_the_same_run(runs: dict[str, Run]) -> None:
    one, other = runs["revm"], runs["pyevm"]
    assert (one.manifest["engine"], other.manifest["engine"]) == ("revm", "pyevm")
    assert one.manifest["digest"] == other.manifest["digest"]
    assert one.manifest["state_root"] == other.manifest["state_root"]
    assert one.tables.keys() == other.tables.keys()
    for name, table in one.tables.items():
        assert table.equals(other.tables[name]), name
    assert one.tables["events"].num_rows > 100


def test_what_one_engine_has_run_is_verified_on_the_other(
    runs: dict[str, Run], tmp_path: Path
) -> None:
    for name, other in (("revm", "pyevm"), ("pyevm", "revm")):
        runs[name].save(tmp_path / name)
        verdicts = verify(Run.load(tmp_path / name), engine=other)
        assert [verdict.trouble for verdict in verdicts] == [""] * len(verdicts) != []


def test_the_table_of_events_holds_what_was_logged(runs: dict[str, Run]) -> None:
    table = runs["revm"].tables["events"].to_pylist()
    swaps = runs["revm"].tables["swaps"].to_pylist()
    places = {(row["block"], row["position"]) for row in table}
    assert {(row["block"], row["position"]) for row in swaps} <= places
    for row in table:
        topics = [row[f"topic{place}"] for place in range(4)]
        there = [topic is not None for topic in topics]
        assert there == sorted(there, reverse=True)
        assert all(len(topic) == 32 for topic in topics if topic is not None)
        assert row["contract"].startswith("0x")
    firsts = [row for row in table if row["event"] == 0]
    assert len(firsts) == len(places)
