"""The tables are what `results/tables.py` says, and every common reader reads them alike."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from dexsim.results.columns import Rows, WeiCell, schema
from dexsim.results.run import Run
from dexsim.results.tables import SWAPS, TABLES, Kind
from dexsim.scenario.run import run
from tests.scenarios import small


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return run(small.experiment(blocks=8), seed=3).save(tmp_path_factory.mktemp("runs") / "one")


@pytest.mark.parametrize("name", list(TABLES))
def test_a_file_has_the_columns_that_are_described(folder: Path, name: str) -> None:
    assert pq.read_schema(folder / f"{name}.parquet").equals(schema(TABLES[name]))


@pytest.mark.parametrize("table", TABLES.values(), ids=list(TABLES))
def test_every_column_is_described_once(table: object) -> None:
    columns = table.columns  # type: ignore[attr-defined]
    assert len({column.name for column in columns}) == len(columns)
    assert all(column.meaning for column in columns)


def test_amounts_are_exact_with_a_float_twin(folder: Path) -> None:
    fields = schema(SWAPS)
    for column in SWAPS.columns:
        if column.kind is Kind.WEI:
            assert fields.field(column.name).type == pa.decimal128(38, 0)
            assert fields.field(f"{column.name}_tokens").type == pa.float64()


def test_polars_pandas_and_duckdb_read_the_same_amounts(folder: Path) -> None:
    file = folder / "swaps.parquet"
    exact = [int(value) for value in pq.read_table(file)["amount_in"].to_pylist()]
    assert len(exact) > 8
    assert [int(v) for v in pl.read_parquet(file)["amount_in"].to_list()] == exact
    assert [int(v) for v in pd.read_parquet(file)["amount_in"]] == exact
    rows = duckdb.sql(f"SELECT amount_in FROM '{file}'").fetchall()
    assert [int(row[0]) for row in rows] == exact


def test_an_amount_of_38_digits_survives_and_one_more_is_refused() -> None:
    rows = Rows(TABLES["supplies"])
    rows.add(block=1, token="T", minted=WeiCell(10**38 - 1), burned=WeiCell(0))
    table = rows.to_arrow({"run_id": "", "arm": "", "seed": 0})
    assert table["minted"].to_pylist() == [Decimal(10**38 - 1)]
    rows.add(block=1, token="T", minted=WeiCell(10**38), burned=WeiCell(0))
    with pytest.raises(pa.ArrowInvalid):
        rows.to_arrow({"run_id": "", "arm": "", "seed": 0})


def test_a_row_with_a_missing_or_an_unknown_column_is_refused() -> None:
    rows = Rows(TABLES["supplies"])
    with pytest.raises(ValueError, match="a row without burned"):
        rows.add(block=1, token="T", minted=WeiCell(1))
    with pytest.raises(KeyError):
        rows.add(block=1, token="T", minted=WeiCell(1), burnt=WeiCell(1))


def test_every_table_knows_its_run_arm_and_seed(folder: Path) -> None:
    done = Run.load(folder)
    for name, table in done.tables.items():
        if table.num_rows:
            assert set(table["run_id"].to_pylist()) == {done.digest[:16]}, name
            assert set(table["arm"].to_pylist()) <= {"calm", "hunted"}
            assert set(table["seed"].to_pylist()) == {3}
