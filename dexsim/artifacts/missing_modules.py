"""A module that a source imports and that is nowhere: which one, and where it was looked for."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from dexsim.errors import ArtifactError


class MissingModule(ArtifactError):
    """An import of what is not there. module: as it is written, "lib.maths". line: of the import."""

    def __init__(self, place: str, line: int, module: str, looked_in: str) -> None:
        super().__init__(f"{place}:{line}: module {module} not found; looked in {looked_in}")
        self.module = module
        self.line = line


def folders(module: str, sought: Sequence[Path]) -> str:
    """Where modules of that name begin: for "lib.maths" the folder that `lib` was looked for in."""
    found = (Path(os.path.normpath(file)).parents[module.count(".")] for file in sought)
    return ", ".join(dict.fromkeys(str(folder) for folder in found))
