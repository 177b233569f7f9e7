"""The files that a scenario is made of, so that it can travel with them."""

from __future__ import annotations

import inspect
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dexsim.errors import ScenarioError
from dexsim.scenario.changes import arms
from dexsim.scenario.paths import paths_in, with_paths
from dexsim.scenario.plugins import source_of
from dexsim.scenario.scenario import Experiment, Scenario
from dexsim.scenario.writing import render, to_spec

FOLDER = "inputs"
"""Where a packed scenario keeps its files, beside its TOML."""


@dataclass(frozen=True)
class Packed:
    """A scenario that can travel: its TOML, and the files that it names, by their paths beside it."""

    toml: str
    files: dict[str, bytes]


def sources(described: Scenario | Experiment) -> dict[str, bytes]:
    """All input files by their paths: user classes as they were loaded, price files as they are.

    Raises ScenarioError for a file that is gone.
    """
    loaded = {
        source.path: source.content
        for cls in _classes(described)
        if (source := source_of(cls)) is not None
    }
    files = {path: _read(path) for path in paths_in(to_spec(described)) if path not in loaded}
    return loaded | files | _modules(described)


def pack(described: Scenario | Experiment) -> Packed:
    """The scenario with its files renamed to lie beside its TOML."""
    found = sources(described)
    names: dict[str, str] = {}
    for path in found:
        names[path] = _free_name(Path(path), set(names.values()))
    text = render(with_paths(to_spec(described), lambda path: f"./{names[path]}"))
    return Packed(text, {names[path]: content for path, content in found.items()})
