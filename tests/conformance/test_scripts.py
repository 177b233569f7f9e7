"""Scripts: what broke a property is done again by a file, and is told when it is broken no more."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from dexsim.artifacts.library import sources_folder
from dexsim.conformance.replaying import write_scripts
from dexsim.testing.properties import Candidate, check

ROOT = Path(__file__).resolve().parents[2]
NO_K = ('assert adjusted0 * adjusted1 >= least, "pool: k"', "pass")
TOO_STRICT = ("adjusted0 * adjusted1 >= least", "adjusted0 * adjusted1 > least + 10**9")


def written(pool: Path, folder: Path, *ids: str, shrinks: bool = True) -> list[Path]:
    """The scripts of what a pool breaks."""
    candidate = Candidate(pool=str(pool))
    report = check(candidate, only=ids, effort=0.5, shrinks=shrinks)
    return list(write_scripts(report.of("broken"), candidate, folder))


def run(script: Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    """In a process of its own, somewhere else."""
    path = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
    return subprocess.run(
        [sys.executable, str(script)],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_script_does_it_again_and_passes_once_the_pool_is_mended(faulty, tmp_path):
    pool = faulty(NO_K)
    (script,) = written(pool, tmp_path / "found", "P02")
    assert script.name == "pool_P02.py"
    text = script.read_text()
    assert "the pool pool breaks P02" in text
    assert str(tmp_path) not in text
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    again = run(script, elsewhere)
    assert again.returncode == 1
    assert "bob: swap('pool', " in again.stdout
    assert again.stderr.count("Broken: P02") == 1
    pool.write_text((sources_folder() / "pool.vy").read_text())
    mended = run(script, elsewhere)
    assert (mended.returncode, mended.stderr) == (0, "")
    assert mended.stdout.endswith("nothing is broken any more\n")


def test_a_refusal_that_should_not_be_is_explained_with_its_line_of_source(faulty, tmp_path):
    (script,) = written(faulty(TOO_STRICT), tmp_path, "P02", shrinks=False)
    again = run(script, tmp_path)
    assert "must be accepted; it was refused: 'pool: k'" in again.stderr
    assert "swap(" in again.stdout
    assert 'assert adjusted0 * adjusted1 > least + 10**9, "pool: k"' in again.stdout


def test_a_script_names_files_from_where_it_lies_and_modules_as_they_are(tmp_path):
    given = Candidate(
        pool=str(tmp_path / "out.json:A"),
        adapter=str(tmp_path / "mine.py:Mine"),
        router=str(tmp_path / "router.vy"),
    )
    seen = given.seen_from(tmp_path / "found")
    assert (seen.pool, seen.adapter) == ("../out.json:A", "../mine.py:Mine")
    assert (seen.router, seen.factory) == ("../router.vy", None)
    assert Candidate(pool="a.vy", adapter="mine.pools:Mine").seen_from(tmp_path).adapter == (
        "mine.pools:Mine"
    )
