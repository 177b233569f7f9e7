"""`dexsim scenarios`, `show` and `new`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from dexsim.scenario.library import names
from dexsim.scenario.reading import load, loads
from tests.cli.conftest import SMALL, Dexsim


def test_scenarios_lists_every_built_in_one_with_its_claim(dexsim: Dexsim) -> None:
    ended = dexsim("scenarios")
    assert ended.code == 0
    assert set(names()) <= set(ended.out.splitlines())
    assert "A public mempool costs users money" in ended.out


@pytest.mark.parametrize("name", names())
def test_show_prints_toml_that_reads_back(dexsim: Dexsim, name: str) -> None:
    assert loads(dexsim("show", name).out) == load(name)


def test_show_prints_a_file_as_it_is_understood(dexsim: Dexsim, here: Path) -> None:
    ended = dexsim("show", "small.toml")
    assert loads(ended.out) == loads(SMALL)


def test_show_schema_prints_a_json_schema(dexsim: Dexsim) -> None:
    assert "properties" in json.loads(dexsim("show", "--schema").out)


def test_new_writes_a_commented_scenario_that_runs(dexsim: Dexsim, here: Path) -> None:
    ended = dexsim("new", "mine")
    assert ended.code == 0
    assert (here / "mine.toml").read_text().startswith("#")
    assert dexsim("run", "mine.toml", "--blocks", "2").code == 0


def test_new_writes_where_it_is_told(dexsim: Dexsim, here: Path) -> None:
    assert dexsim("new", "mine", "--out", "other.toml").code == 0
    assert [path.name for path in here.iterdir() if path.name != "small.toml"] == ["other.toml"]


def test_new_overwrites_nothing(dexsim: Dexsim, here: Path) -> None:
    ended = dexsim("new", "small")
    assert ended.code == 2
    assert ended.err == "error: small.toml: is there already; nothing was written\n"
    assert (here / "small.toml").read_text() == SMALL
