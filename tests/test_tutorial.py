"""The tutorial, word for word: in an empty folder, every command typed, every piece of code put in place."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
TUTORIAL = ROOT / "docs" / "your-own-pool.md"
MOST_LINES = 60

pytestmark = pytest.mark.skipif(not TUTORIAL.exists(), reason="no checkout here: no docs")


def blocks() -> list[tuple[str, str]]:
    """(language, text) of every block, in order."""
    return re.findall(r"```(\w+)\n(.*?)```", TUTORIAL.read_text(), re.DOTALL)


def typed(command: str, folder: Path) -> str:
    """What a command says; it has to end well."""
    program, _, rest = command.partition(" ")
    line = f"{shlex.quote(sys.executable)} -m {program} {rest}"
    done = subprocess.run(
        ["sh", "-c", line],
        cwd=folder,
        env={
            **os.environ,
            "COLUMNS": "100",
            "PYTHONPATH": os.pathsep.join(sys.path),
            "DEXSIM_ENGINES": "pyevm",  # each test once
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def replaced(source: str, function: str) -> str:
    """A contract with a function of this one's name in the place of its own."""
    (name,) = re.findall(r"def (\w+)\(", function)
    old = re.compile(rf"@internal\n(?:@\w+\n)?def {name}\(.*?(?=\n\n\n|\Z)", re.DOTALL)
    assert len(old.findall(source)) == 1
    return old.sub(lambda _: function.rstrip(), source)


def test_the_tutorial_works_word_for_word(tmp_path: Path) -> None:
    told = []
    for language, text in blocks():
        if language == "console":
            commands = [line.removeprefix("$ ") for line in text.splitlines()]
            told += [typed(command, tmp_path) for command in commands]
        elif language == "vyper":
            file = tmp_path / "surge.vy"
            file.write_text(replaced(file.read_text(), text))
        else:
            assert language == "python"
            with (tmp_path / "test_surge.py").open("a") as file:
                file.write("\n\n" + text)
    made, first, covered, measured, compared, verdict, ran, verified = told
    assert made.startswith("written: surge.vy, surge_adapter.py, conftest.py, test_surge.py\n")
    assert "2 passed" in first
    assert re.search(r"^surge.vy .*\d+ %", covered, re.MULTILINE)
    assert all("4 passed" in each for each in (covered, measured, compared))
    assert re.search(r"surge: (\d) properties, \1 kept", verdict)
    assert "left over 0" in ran
    assert "same" in verified
    assert (tmp_path / "surge" / "report.html").exists()


def test_the_reader_writes_few_lines() -> None:
    own = [text for language, text in blocks() if language != "console"]
    assert 0 < sum(len(text.splitlines()) for text in own) < MOST_LINES
