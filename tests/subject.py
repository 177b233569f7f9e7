"""The contracts under test: the project's own, or those of the folder that DEXSIM_CONTRACTS names."""

from __future__ import annotations

import os
from pathlib import Path

from dexsim.artifacts.artifact import Artifact
from dexsim.artifacts.library import load, sources_folder

# The mutants' runs point this at a copy of contracts/ with one fault in it.
CONTRACTS = Path(os.environ.get("DEXSIM_CONTRACTS") or sources_folder())


def artifact(name: str) -> Artifact:
    """A compiled contract by its path in contracts/, without suffix."""
    return load(CONTRACTS / f"{name}.vy")
