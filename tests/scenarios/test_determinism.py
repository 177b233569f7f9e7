"""One seed, one digest: in any process, whatever the order of hashes, and after saving."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from dexsim.errors import ScenarioError
from dexsim.results.run import Run
from dexsim.results.verify import verify
from dexsim.scenario.run import run
from tests.scenarios import small

PRINT_DIGEST = """
from dexsim.scenario.run import run
from tests.scenarios import small
print(run(small.experiment(blocks=12), seed=11).digest)
"""


def digest_in_a_fresh_process(hash_seed: str) -> str:
    environment = {**os.environ, "PYTHONHASHSEED": hash_seed}
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run(
        [sys.executable, "-c", PRINT_DIGEST],
        env=environment,
        cwd=root,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


def test_two_fresh_processes_with_different_hash_seeds_give_one_digest() -> None:
    digests = {digest_in_a_fresh_process(seed) for seed in ("0", "4242")}
    assert digests == {run(small.experiment(blocks=12), seed=11).digest}


def test_another_seed_gives_another_digest() -> None:
    digests = {run(small.scenario(blocks=5), seed=seed).digest for seed in (1, 2, 1)}
    assert len(digests) == 2


# --- on disk, and executed again ---------------------------------------------------


@pytest.fixture(scope="module")
def done() -> Run:
    return run(small.experiment(blocks=8), seed=3)


@pytest.fixture
def saved(done: Run, tmp_path: Path) -> Path:
    return done.save(tmp_path / "run")


def test_a_saved_run_is_read_back_whole(done: Run, saved: Path) -> None:
    again = Run.load(saved)
    assert again.manifest == done.manifest
    assert all(again.table(name).equals(table) for name, table in done.tables.items())
    assert again.summary() == done.summary()


def test_executing_a_saved_run_again_gives_the_same_digest_and_root(saved: Path) -> None:
    verdicts = verify(Run.load(saved))
    assert [(v.arm, v.holds, v.trouble) for v in verdicts] == [
        ("calm", True, ""),
        ("hunted", True, ""),
    ]


def tamper(folder: Path, table: str, column: str, value: object, *, row: int = -1) -> None:
    """Change one cell of a saved table."""
    file = folder / f"{table}.parquet"
    whole = pq.read_table(file)
    cells = whole[column].to_pylist()
    cells[row] = value
    place = whole.schema.get_field_index(column)
    field = whole.schema.field(column)
    pq.write_table(whole.set_column(place, field, pa.array(cells, field.type)), file)


@pytest.mark.parametrize(
    ("table", "column", "value", "told"),
    [
        ("transactions", "gas_used", 1, "gas_used is .*, recorded 1"),
        ("transactions", "data", b"", "tx_hash is"),
        ("transactions", "nonce", 77, "refused.*nonce"),
        ("transactions", "effective_gas_price", 5, "effective_gas_price is .*, recorded 5"),
        ("blocks", "coinbase", "0x" + "11" * 20, "digest|state root"),
    ],
)
def test_a_saved_run_that_was_changed_does_not_verify(
    saved: Path, table: str, column: str, value: object, told: str
) -> None:
    tamper(saved, table, column, value)
    verdicts = verify(Run.load(saved))
    assert not verdicts[-1].holds
    assert re.search(told, verdicts[-1].trouble), verdicts[-1].trouble


def test_a_changed_digest_in_the_manifest_is_found(saved: Path) -> None:
    manifest = saved / "run.json"
    text = manifest.read_text()
    digest = Run.load(saved).digest
    manifest.write_text(text.replace(digest, "00" * 32))
    verdicts = verify(Run.load(saved))
    assert "the manifest's digest" in verdicts[-1].trouble


@pytest.mark.parametrize("missing", ["run.json", "swaps.parquet", "scenario.toml"])
def test_a_folder_that_lacks_a_file_is_no_run(saved: Path, missing: str) -> None:
    (saved / missing).unlink()
    with pytest.raises(ScenarioError, match="no run here|damaged run"):
        Run.load(saved)


def test_a_folder_with_something_in_it_is_not_overwritten(done: Run, saved: Path) -> None:
    with pytest.raises(ScenarioError, match="not empty.*--force"):
        done.save(saved)
    before = sorted(path.name for path in saved.iterdir())
    done.save(saved, force=True)
    assert sorted(path.name for path in saved.iterdir()) == before


def test_force_replaces_runs_and_nothing_else(done: Run, tmp_path: Path) -> None:
    (tmp_path / "thesis.tex").write_text("years of work")
    with pytest.raises(ScenarioError, match="holds something that is no run"):
        done.save(tmp_path, force=True)
    assert (tmp_path / "thesis.tex").read_text() == "years of work"


def test_a_save_that_fails_leaves_nothing(
    done: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(pq, "write_table", full)
    with pytest.raises(OSError, match="disk full"):
        done.save(tmp_path / "run")
    assert list(tmp_path.iterdir()) == []
