"""`dexsim verify` and `dexsim report` on a saved run."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from dexsim.cli import main
from tests.cli.conftest import SMALL, Dexsim


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A saved run."""
    home = tmp_path_factory.mktemp("saved")
    (home / "small.toml").write_text(SMALL)
    (home / "prices.csv").write_text("time,price\n2023-08-13,1800\n2023-08-14,1900\n")
    options = ["--seed", "7", "--prices", str(home / "prices.csv"), "--out", str(home / "run")]
    assert main(["run", str(home / "small.toml"), *options]) == 0
    (home / "prices.csv").unlink()
    return home / "run"


@pytest.fixture
def run(saved: Path, here: Path) -> Path:
    """A copy of it that may be changed."""
    shutil.copytree(saved, here / "run")
    return here / "run"


def _change(folder: Path, table: str, change: Callable[[list[dict[str, Any]]], object]) -> None:
    path = folder / f"{table}.parquet"
    stored = pq.read_table(path)
    rows = stored.to_pylist()
    change(rows)
    pq.write_table(pa.Table.from_pylist(rows, schema=stored.schema), path)


def test_a_saved_run_verifies_away_from_the_files_that_it_came_from(
    dexsim: Dexsim, run: Path
) -> None:
    ended = dexsim("verify", "run")
    assert ended.code == 0
    assert ended.err == ""
    lines = ended.out.splitlines()
    assert lines[0].startswith("calm: same digest ")
    assert "same state root" in lines[1]
    assert lines[2:] == ["drawn again: the same orders and prices", "tables: every row as recorded"]


def test_a_changed_transaction_is_named_and_ends_with_1(dexsim: Dexsim, run: Path) -> None:
    def less_gas(rows: list[dict[str, Any]]) -> None:
        rows[-1]["gas_used"] -= 1

    _change(run, "transactions", less_gas)
    ended = dexsim("verify", "run")
    assert ended.code == 1
    assert ended.err.startswith("error: run does not verify: hunted: block ")
    assert "gas_used is" in ended.err
    assert ended.err.count("error:") == 1
    assert "hunted: DIFFERS" in ended.out


def test_a_changed_digest_is_named(dexsim: Dexsim, run: Path) -> None:
    manifest = json.loads((run / "run.json").read_text())
    manifest["arms"]["calm"]["digest"] = "00" * 32
    (run / "run.json").write_text(json.dumps(manifest))
    ended = dexsim("verify", "run")
    assert ended.code == 1
    assert "recorded 0000" in ended.err


@pytest.mark.parametrize(
    ("table", "column"), [("swaps", "amount_out_tokens"), ("balances", "amount_tokens")]
)
def test_a_changed_row_of_any_table_is_named_and_ends_with_1(
    dexsim: Dexsim, run: Path, table: str, column: str
) -> None:
    def more(rows: list[dict[str, Any]]) -> None:
        rows[-1][column] += 1

    _change(run, table, more)
    ended = dexsim("verify", "run")
    assert ended.code == 1
    assert f"what happened is as recorded, but {table}, row" in ended.err
    assert column in ended.err


def test_another_drawing_is_named_and_is_no_failure(dexsim: Dexsim, run: Path) -> None:
    manifest = run / "run.json"
    told = json.loads(manifest.read_text())
    manifest.write_text(json.dumps(told | {"seed": told["seed"] + 1}))
    ended = dexsim("verify", "run")
    assert ended.code == 0
    assert "drawn again: DIFFERENT here: " in ended.out
    assert "tables: NOT compared" in ended.out


@pytest.mark.parametrize(
    ("key", "value"), [("numeraire", "WETH"), ("tokens", {}), ("differences", ["x"])]
)
def test_a_changed_manifest_is_named_and_ends_with_1(
    dexsim: Dexsim, run: Path, key: str, value: object
) -> None:
    manifest = run / "run.json"
    told = json.loads(manifest.read_text())
    told["arms"]["hunted"][key] = value
    manifest.write_text(json.dumps(told))
    ended = dexsim("verify", "run")
    assert ended.code == 1
    assert f"run.json differs in arms.hunted.{key}" in ended.err


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"format": 2}, "format 2; this dexsim reads 4"),
        ({"complete": False}, "not complete"),
        ({"arms": []}, "arms is missing, or no dict"),
        ({"arms": {}}, "no arms"),
        ({"arms": {"calm": {}}}, "arms.calm: digest is missing, or no str"),
        ({"seed": "x"}, "seed is missing, or no int"),
        ({"files": ["../../etc/passwd"]}, "a file outside the run's folder"),
    ],
)
def test_a_manifest_of_another_shape_is_told_what_is_wrong(
    dexsim: Dexsim, run: Path, change: dict[str, object], told: str
) -> None:
    manifest = run / "run.json"
    manifest.write_text(json.dumps(json.loads(manifest.read_text()) | change))
    ended = dexsim("verify", "run")
    assert ended.code == 2
    assert "damaged run" in ended.err
    assert told in ended.err


def test_a_table_that_lost_a_column_is_no_run(dexsim: Dexsim, run: Path) -> None:
    path = run / "swaps.parquet"
    pq.write_table(pq.read_table(path).drop_columns(["mid_after"]), path)
    ended = dexsim("verify", "run")
    assert ended.code == 2
    assert "swaps.parquet has other columns" in ended.err


def test_a_scenario_that_cannot_be_drawn_here_is_told_and_is_no_failure(
    dexsim: Dexsim, run: Path
) -> None:
    (run / "scenario.toml").write_text("schema = 99\n")
    ended = dexsim("verify", "run")
    assert ended.code == 0
    assert "drawn again: not possible here: " in ended.out


@pytest.mark.parametrize("command", ["verify", "report"])
def test_a_folder_without_a_run_is_refused(dexsim: Dexsim, here: Path, command: str) -> None:
    ended = dexsim(command, ".")
    assert ended.code == 2
    assert ended.err == "error: .: no run here: run.json is missing\n"


def test_an_unknown_engine_is_refused_naming_the_installed(dexsim: Dexsim, run: Path) -> None:
    ended = dexsim("verify", "run", "--engine", "nope")
    assert ended.code == 2
    assert "no engine 'nope'; installed: auto, " in ended.err


def test_report_writes_the_same_page_again(dexsim: Dexsim, run: Path) -> None:
    before = (run / "report.html").read_text("utf-8")
    (run / "report.html").unlink()
    assert dexsim("report", "run").code == 0
    assert (run / "report.html").read_text("utf-8") == before
    assert not list(run.glob(".report*"))
