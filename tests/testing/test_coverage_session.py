"""`--dexsim-coverage` and `--dexsim-profile`, in runs of pytest of their own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.test_hygiene import ROOT

CONTRACT = """
@external
def go(n: uint256) -> uint256:
    if n > 10:
        return 1
    return 2
"""
TESTS = """
from pathlib import Path
import pytest
from dexsim.chain.accounts import Account
from dexsim.chain.chain import Chain
from dexsim.market.contract import deploy

@pytest.mark.parametrize("n", [1, 2, 11])
def test_go(n):
    anna = Account.named("anna")
    chain = Chain("pyevm", base_fee=0)
    chain.set_balance(anna, 10**24)
    c = deploy(chain, Path(__file__).with_name("subject.vy"), anna)
    chain.send(c.write.go(anna, n))
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A folder with a contract and tests of it."""
    (tmp_path / "subject.vy").write_text(CONTRACT)
    (tmp_path / "test_it.py").write_text(TESTS)
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    return tmp_path


def run(project: Path, *options: str, plugin: str = "dexsim.testing.coverage_plugin") -> str:
    """What pytest prints in that folder."""
    command = [sys.executable, "-m", "pytest", "-p", plugin, "-p", "no:cacheprovider", *options]
    environment = os.environ | {"PYTHONPATH": str(ROOT), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    done = subprocess.run(
        command, cwd=project, env=environment, capture_output=True, text=True, check=False
    )
    return done.stdout + done.stderr


@pytest.mark.parametrize("workers", [[], ["-p", "xdist", "-n", "2"]], ids=["alone", "workers"])
def test_the_table_stands_at_the_end(project: Path, workers: list[str]) -> None:
    told = run(project, "--dexsim-coverage=text", *workers)
    assert "3 passed" in told
    assert "subject.vy      3     0       2       0  100 %" in told


def test_what_no_test_came_to_is_named(project: Path) -> None:
    told = run(project, "--dexsim-coverage", "-k", "11")
    assert "subject.vy      3     1       2       1   60 %  6, 4 never false" in told


@pytest.mark.parametrize("workers", [[], ["-p", "xdist", "-n", "2"]], ids=["alone", "workers"])
def test_lcov_goes_to_a_file(project: Path, workers: list[str]) -> None:
    told = run(project, "--dexsim-coverage=lcov:out/cover.info", *workers)
    lines = (project / "out" / "cover.info").read_text().split("\n")
    assert "Stmts" not in told
    assert lines[:3] == ["TN:", "SF:subject.vy", "FN:3,go"]
    assert {"FNDA:3,go", "BRDA:4,0,0,1", "BRDA:4,0,1,2", "DA:4,3", "DA:5,1", "DA:6,2"} <= set(lines)
    assert {"BRF:2", "BRH:2", "LF:3", "LH:3", "end_of_record"} <= set(lines)


@pytest.mark.parametrize("workers", [[], ["-p", "xdist", "-n", "2"]], ids=["alone", "workers"])
def test_the_profile_stands_at_the_end(project: Path, workers: list[str]) -> None:
    told = run(project, "--dexsim-profile", *workers)
    assert "subject.vy:4" in told
    assert "subject.go" in told
    assert "(transaction)" in told


@pytest.fixture
def folders(project: Path) -> Path:
    """The project with more sources: in `src`, and where nobody wants to see them."""
    (project / "src" / "deep").mkdir(parents=True)
    (project / "src" / "deep" / "never.vy").write_text(CONTRACT)
    (project / "src" / "old.vy").write_text("# pragma version 0.3.10\n" + CONTRACT)
    (project / "src" / "state.vy").write_text("x: public(uint256)\n")
    for hidden in ("src/.venv", "src/lib/site-packages", "src/node_modules/a", "other"):
        (project / hidden).mkdir(parents=True)
        (project / hidden / "hidden.vy").write_text(CONTRACT)
    return project


@pytest.mark.parametrize("workers", [[], ["-p", "xdist", "-n", "2"]], ids=["alone", "workers"])
def test_files_of_a_source_folder_that_no_test_ran_count_as_nothing(
    folders: Path, workers: list[str]
) -> None:
    told = run(folders, "--dexsim-coverage", "--dexsim-coverage-source=src", *workers)
    assert "src/deep/never.vy      3     3       0       0    0 %  4-6" in told
    assert "src/old.vy:1: needs Vyper 0.3.10" in told
    assert not [name for name in ("state.vy", "hidden.vy", "subject.vy") if name in told]


def test_a_file_that_ran_is_told_of_once_beside_those_that_did_not(folders: Path) -> None:
    out = "--dexsim-coverage=lcov:cover.info"
    run(folders, out, "--dexsim-coverage-source=.", "--dexsim-coverage-source", "src")
    lines = (folders / "cover.info").read_text().split("\n")
    files = [line for line in lines if line.startswith("SF:")]
    assert files == ["SF:other/hidden.vy", "SF:src/deep/never.vy", "SF:subject.vy"]
    assert {"DA:4,0", "DA:4,3", "FNDA:0,go", "FNDA:3,go"} <= set(lines)


def test_without_source_folders_files_that_no_test_ran_do_not_appear(folders: Path) -> None:
    assert "never.vy" not in run(folders, "--dexsim-coverage")


def test_a_source_folder_may_lie_beside_the_root(folders: Path) -> None:
    (folders / "suite").mkdir()
    (folders / "pytest.ini").rename(folders / "suite" / "pytest.ini")
    tests = TESTS.replace('with_name("subject.vy")', 'parents[1] / "subject.vy"')
    (folders / "suite" / "test_it.py").write_text(tests)
    source = "--dexsim-coverage-source=.."
    told = run(folders / "suite", "--dexsim-coverage", source)
    assert f"{folders / 'subject.vy'}" in told
    assert "3     0       2       0  100 %" in told


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        (["--dexsim-coverage-source=src"], "--dexsim-coverage-source needs --dexsim-coverage"),
        (["--dexsim-coverage", "--dexsim-coverage-source=nowhere"], "no folder 'nowhere'"),
    ],
)
def test_a_source_folder_that_cannot_be_meant_is_refused(
    folders: Path, options: list[str], complaint: str
) -> None:
    assert complaint in run(folders, *options)


def test_a_path_behind_the_option_is_not_taken_for_its_value(project: Path) -> None:
    assert "expected text or lcov:FILE, not 'test_it.py'" in run(
        project, "--dexsim-coverage", "test_it.py"
    )


def test_without_the_options_nothing_is_loaded_and_nobody_watches(project: Path) -> None:
    (project / "test_it.py").write_text(
        "import sys\n"
        "def test_light():\n"
        "    heavy = {'eth', 'vyper', 'dexsim.coverage', 'dexsim.profiling'}\n"
        "    assert not heavy & set(sys.modules)\n"
    )
    assert "1 passed" in run(project)
