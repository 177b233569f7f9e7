"""A seed gives the same histories in any process, whatever is loaded there."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# A module of somebody's own, with constants that Hypothesis would draw from.
THEIRS = "\n".join(f"C{n} = {7**n + n}" for n in range(200))
DRAWN = """
import sys
if sys.argv[1] == "with": import theirs
from hypothesis import strategies as st
from hypothesis.stateful import rule
from dexsim.conformance.campaign import Size, run
from dexsim.conformance.history import Machine, Trial, step

class Drawing(Machine):
    @rule(number=st.integers(0, 2**112))
    @step
    def draw(self, number): print(number)

run(Drawing, Size(20, 20), Trial())
"""


def drawn(folder: Path, *, loaded: str) -> str:
    """What a process draws."""
    done = subprocess.run(
        [sys.executable, "drawing.py", loaded],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), *sys.path])},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def test_what_is_loaded_changes_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "theirs.py").write_text(THEIRS)
    (folder / "drawing.py").write_text(DRAWN)
    alone, beside = (drawn(folder, loaded=each) for each in ("without", "with"))
    assert len(alone.splitlines()) > 200
    assert alone == beside
