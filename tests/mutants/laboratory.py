"""Where mutants are made and tried: a copy of contracts/ with one fault, and the suite's own tests on it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from dexsim.artifacts.library import sources_folder

ROOT = Path(__file__).resolve().parents[2]
TESTS = "tests/contracts/"

# How pytest's report begins where a test has noticed something: an assertion that does not
# hold, or a refusal where there should be none. A contract that does not compile looks otherwise.
_NOTICED = ("AssertionError", "assert ", "dexsim.errors.Reverted")


class Inconclusive(Exception):
    """The tests could not be run on a mutant, or broke down for another reason than its fault."""


@dataclass(frozen=True)
class Laboratory:
    """A folder for one mutant after the other.

    It stays the same, so that what a fault leaves alone is compiled once; and so does its cache, which
    is not the user's.
    """

    folder: Path

    @property
    def contracts(self) -> Path:
        """The copy."""
        return self.folder / "contracts"

    def red(self, edit: Callable[[Path], None] | None, nodes: Iterable[str]) -> list[str]:
        """Which of these tests fail after this edit of the copy; a test's parameters count as one.

        nodes: in tests/contracts, for example "test_pool_prices.py::test_prices_round_down".
        Raises Inconclusive where something else is wrong than what a test says.
        """
        shutil.rmtree(self.contracts, ignore_errors=True)
        shutil.copytree(sources_folder(), self.contracts)
        if edit is not None:
            edit(self.contracts)
        return self._failures(sorted(set(nodes)))

    def _failures(self, nodes: Sequence[str]) -> list[str]:
        report = self.folder / "report.xml"
        report.unlink(missing_ok=True)
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
        ran = subprocess.run(
            [*command, f"--junitxml={report}", *(TESTS + node for node in nodes)],
            cwd=ROOT,
            env=self._environment(),
            capture_output=True,
            text=True,
            check=False,
        )
        said = ran.stdout + ran.stderr
        if ran.returncode not in (0, 1) or not report.is_file():
            raise Inconclusive(f"pytest ended with {ran.returncode}:\n{said}")
        failed = sorted(set(_failed(report, said)))
        if bool(failed) != bool(ran.returncode):
            raise Inconclusive(
                f"pytest ended with {ran.returncode}, its report says {failed}:\n{said}"
            )
        return failed

    def _environment(self) -> dict[str, str]:
        # What the run around this one was told is not for the run inside it. Without foreign
        # plugins a run begins in half the time.
        own = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
        return own | {
            "DEXSIM_CONTRACTS": str(self.contracts),
            "DEXSIM_CACHE": str(self.folder / "cache"),
            "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        }


def _failed(report: Path, said: str) -> Iterator[str]:
    for case in ElementTree.parse(report).iter("testcase"):
        name = f"{case.attrib['classname'].rsplit('.', 1)[-1]}.py::{case.attrib['name']}"
        if case.find("skipped") is not None:
            raise Inconclusive(f"{name} did not run:\n{said}")
        complaints = [each for kind in ("failure", "error") for each in case.iterfind(kind)]
        for complaint in complaints:
            # What a fixture finds when all is over is a finding too; one that cannot begin is none.
            message = complaint.attrib["message"].removeprefix('failed on teardown with "')
            if not message.startswith(_NOTICED):
                raise Inconclusive(f"{name} broke down: {message}\n{complaint.text}")
        if complaints:
            yield name
