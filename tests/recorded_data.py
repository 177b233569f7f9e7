"""Recorded market data, for tests on real input: beside the project, where somebody has it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest


def recorded(name: str) -> Path:
    """A file of the folder that DEXSIM_DATA names; without it the test is skipped, saying why."""
    folder = os.environ.get("DEXSIM_DATA")
    if not folder:
        pytest.skip("set DEXSIM_DATA to the folder of recorded market data")
    file = Path(folder, name)
    if not file.exists():
        pytest.skip(f"DEXSIM_DATA holds no {name}")
    return file
