"""What only a process of its own shows: start-up, pipes, interruption."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

HEAVY = ("numpy", "pyarrow", "pydantic", "eth", "eth_abi", "vyper", "web3", "rich")


def _command(*args: str) -> list[str]:
    return [sys.executable, "-m", "dexsim", *args]


def _run(command: list[str], **options: Any) -> subprocess.CompletedProcess[str]:
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **options}
    return subprocess.run(command, check=False, text=True, **pipes)


def test_help_and_version_load_nothing_heavy(here: Path) -> None:
    script = (
        "import sys, dexsim.cli\n"
        "for args in (['--help'], ['--version']):\n"
        "    assert dexsim.cli.main(args) == 0\n"
        f"print('LOADED', [name for name in {HEAVY!r} if name in sys.modules])\n"
    )
    ended = _run([sys.executable, "-c", script])
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.endswith("LOADED []\n")


def test_version_is_one_line(here: Path) -> None:
    from dexsim import __version__

    ended = _run(_command("--version"))
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, f"dexsim {__version__}\n", "")


def test_help_lists_only_commands_that_work(here: Path) -> None:
    ended = _run(_command("--help"))
    listed = [line.split()[0] for line in ended.stdout.split("Commands:")[1].splitlines() if line]
    for command in listed:
        helped = _run(_command(command, "--help"))
        assert helped.returncode == 0
    assert {"run", "scenarios", "show", "new", "verify", "report", "deploy", "gas"} <= set(listed)


def test_a_closed_pipe_ends_quietly(here: Path) -> None:
    for args in (["--help"], ["show", "--schema"], ["run", "small.toml", "--blocks", "1"]):
        read, write = os.pipe()
        os.close(read)
        ended = _run(_command(*args), stdout=write)
        os.close(write)
        assert (ended.returncode, ended.stderr) == (0, "")


def test_an_interrupted_run_ends_with_130_and_leaves_nothing(here: Path) -> None:
    command = _command("run", "small.toml", "--blocks", "100000", "--out", "out")
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    time.sleep(2)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=30)
    assert (process.returncode, out, err) == (130, "", "interrupted\n")
    assert [path.name for path in here.iterdir()] == ["small.toml"]


def test_a_terminal_that_lacks_a_letter_shows_its_code(here: Path) -> None:
    text = (here / "small.toml").read_text("utf-8").replace('"Small"', '"Αγορά"')
    (here / "small.toml").write_text(text, "utf-8")
    env = {**os.environ, "PYTHONIOENCODING": "latin-1"}
    command = _command("run", "small.toml", "--blocks", "1")
    ended = _run(command, env=env)
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.startswith("\\u0391")
