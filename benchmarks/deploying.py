"""How long a deployer waits: help, dry run, deployment on anvil; see benchmarks/README.md.

usage: python benchmarks/deploying.py [ANVIL]    (a path; default: the installed one, or that of the PATH)
"""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

ROUNDS = 7
_INSTALLED = Path(__file__).resolve().parents[1] / "tests" / "npm" / "node_modules"


def main() -> None:
    told: dict[str, list[float]] = {"deploy --help": [], "deploy exchange": [], "on anvil": []}
    for _ in range(ROUNDS):
        told["deploy --help"].append(_seconds("deploy", "--help"))
        told["deploy exchange"].append(_seconds("deploy", "exchange"))
        with _anvil() as url, tempfile.TemporaryDirectory() as folder:
            arguments = ("deploy", "exchange", "--rpc", url, "--apply", "--dir", folder)
            told["on anvil"].append(_seconds(*arguments))
    for name, seconds in told.items():
        spread = f"{min(seconds):.2f} to {max(seconds):.2f}"
        print(f"{name:16} median {median(seconds):.2f} s of {ROUNDS} ({spread})")


def _seconds(*arguments: str) -> float:
    """Of a command in a process of its own, the interpreter's start included."""
    start = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "dexsim", *arguments], check=True, stdout=subprocess.DEVNULL
    )
    return time.perf_counter() - start


@contextmanager
def _anvil() -> Iterator[str]:
    """The URL of a new anvil."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen([_program(), "--port", str(port), "--silent"])
    try:
        while not _listens(port):
            time.sleep(0.05)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()


def _program() -> str:
    if len(sys.argv) > 1:
        return sys.argv[1]
    installed = sorted(_INSTALLED.glob("@foundry-rs/anvil-*/bin/anvil*"))
    program = str(installed[0]) if installed else shutil.which("anvil")
    if program is None:
        sys.exit("no anvil: scripts/clients installs one, or name it")
    return program


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


if __name__ == "__main__":
    main()
