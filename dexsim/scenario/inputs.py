"""The files that a scenario is made of, so that it can travel with them."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, count
from pathlib import Path
from typing import Any

from dexsim.errors import ScenarioError
from dexsim.scenario.kinds import NESTED
from dexsim.scenario.paths import anchored, paths_in, with_paths
from dexsim.scenario.plugins import Source, read_source, source_of
from dexsim.scenario.scenario import Experiment, Scenario
from dexsim.scenario.settings import arms_of
from dexsim.scenario.writing import render, to_spec

FOLDER = "inputs"
"""Where a packed scenario keeps its files, beside its TOML."""


@dataclass(frozen=True)
class Packed:
    """A scenario that can travel: its TOML, and the files that it names, by their paths beside it."""

    toml: str
    files: dict[str, bytes]


def sources(described: Scenario | Experiment) -> dict[str, bytes]:
    """All input files by their paths: user classes as they were loaded, price files as they are now."""
    loaded = [source for cls in _classes(described) if (source := _source(cls)) is not None]
    found = {source.path: source.content for source in loaded}
    for path in paths_in(_spec(described)):
        if path not in found and Path(path).is_file():
            found[path] = read_source(Path(path)).content
    return found


def pack(described: Scenario | Experiment) -> Packed:
    """The scenario with its files renamed to lie beside its TOML."""
    found = sources(described)
    names: dict[str, str] = {}
    for path in found:
        names[path] = _free_name(Path(path), set(names.values()))
    spec = with_paths(_spec(described), lambda path: f"./{names[path]}" if path in names else path)
    return Packed(render(spec), {names[path]: content for path, content in found.items()})


def _spec(described: Scenario | Experiment) -> dict[str, Any]:
    return anchored(to_spec(described), Path.cwd())


def _classes(described: Scenario | Experiment) -> Iterator[type[Any]]:
    """The classes of everything that may be somebody's own."""
    base = [described.base] if isinstance(described, Experiment) else []
    for scenario in (*base, *arms_of(described).values()):
        prices = scenario.world.prices.values()
        for value in (*scenario.agents.values(), scenario.mechanism, scenario.clock, *prices):
            yield type(value)
            yield from (type(getattr(value, name)) for cls, name in NESTED if type(value) is cls)


def _source(cls: type[Any]) -> Source | None:
    """The file of somebody's own class; None for dexsim's, and for one that no file holds."""
    if source_of(cls) is not None or cls.__module__.split(".")[0] == "dexsim":
        return source_of(cls)
    try:
        return read_source(Path(inspect.getfile(cls)))
    except (TypeError, OSError, ScenarioError):
        return None


def _free_name(path: Path, taken: set[str]) -> str:
    """A name in the folder that no other file has."""
    candidates = (f"{path.stem}-{number}{path.suffix}" for number in count(2))
    return next(
        name
        for name in (f"{FOLDER}/{each}" for each in chain([path.name], candidates))
        if name not in taken
    )
