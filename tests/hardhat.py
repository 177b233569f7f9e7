"""A Hardhat node of a test's own, where scripts/clients has installed one."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.anvil import answering, free_port
from tests.clients.venue import CLIENTS

FOLDER = CLIENTS / "hardhat"
_PROGRAM = FOLDER / "node_modules" / "hardhat" / "internal" / "cli" / "bootstrap.js"


@contextmanager
def running() -> Iterator[str]:
    """The URL of a new Hardhat node under Cancun's rules. Skips the test where there is none."""
    node = shutil.which("node")
    if node is None or not _PROGRAM.is_file():
        pytest.skip(f"no Hardhat in {FOLDER}: scripts/clients installs it where npm and node are")
    port = free_port()
    process = subprocess.Popen(
        [node, str(_PROGRAM), "node", "--hostname", "127.0.0.1", "--port", str(port)],
        cwd=FOLDER,
        env={**os.environ, "HARDHAT_DISABLE_TELEMETRY_PROMPT": "true"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield answering(f"http://127.0.0.1:{port}", seconds=60)
    finally:
        process.terminate()
        process.wait(timeout=10)
