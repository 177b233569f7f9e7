"""An anvil of a test's own: a node that nobody here wrote.

The binary is what `DEXSIM_ANVIL` names, else the one that scripts/clients installed, else that of the PATH.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from dexsim.chain.node import Node
from dexsim.errors import NodeError
from tests.published import NODE_MODULES


def binary() -> str | None:
    """Where anvil is, if anywhere."""
    # npm installs the package of this machine's platform alone.
    installed = sorted(NODE_MODULES.glob("@foundry-rs/anvil-*/bin/anvil*"))
    named = os.environ.get("DEXSIM_ANVIL")
    return named or (str(installed[0]) if installed else shutil.which("anvil"))


@contextmanager
def running(*options: str, hardfork: str = "cancun") -> Iterator[str]:
    """The URL of a new anvil under a hard fork's rules. Skips the test where there is no anvil."""
    program = binary()
    if not program:
        pytest.skip(
            f"no anvil: none in {NODE_MODULES} (scripts/clients installs it) nor on the PATH, "
            "and DEXSIM_ANVIL names none"
        )
    port = free_port()
    process = subprocess.Popen(
        [program, "--port", str(port), "--hardfork", hardfork, "--silent", *options],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield answering(f"http://127.0.0.1:{port}")
    finally:
        process.terminate()
        process.wait(timeout=10)


def free_port() -> int:
    """A port that nobody listens at."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    return port


def answering(url: str, *, seconds: float = 10) -> str:
    """The URL, once a node answers there."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            Node.connect(url)
        except NodeError:
            time.sleep(0.1)
        else:
            return url
    raise AssertionError(f"no node answers at {url}")
