"""The files that a scenario is made of, so that it can travel with them."""

from __future__ import annotations

import inspect
import os
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, count
from pathlib import Path
from typing import Any

from dexsim.artifacts.library import load
from dexsim.errors import ArtifactError, ScenarioError
from dexsim.market.world import Market, World
from dexsim.plugins import Source, read_source, source_of
from dexsim.scenario.kinds import NESTED
from dexsim.scenario.paths import anchored, paths_in, with_paths
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
    modules = [each for files in _contracts(described).values() for each in files]
    for path in (*paths_in(_spec(described)), *modules):
        if path not in found and Path(path).is_file():
            found[path] = read_source(Path(path)).content
    return found


def pack(described: Scenario | Experiment) -> Packed:
    """The scenario with its files renamed to lie beside its TOML.

    A contract and the modules that it imports keep their places to each other, in a folder of
    their own, because that is how they find each other.
    """
    found = sources(described)
    names: dict[str, str] = {}
    copies: dict[str, bytes] = {}
    taken: set[str] = set()
    contracts = _contracts(described)
    for path, files in contracts.items():
        home = _free_name(Path(Path(path).stem), taken)
        taken.add(home)
        root = os.path.commonpath([str(Path(each).parent) for each in files])
        inside = {each: f"{home}/{Path(os.path.relpath(each, root)).as_posix()}" for each in files}
        names[path] = inside[path]
        copies |= {name: found[each] for each, name in inside.items()}
    modules = {each for files in contracts.values() for each in files}
    for path in found:
        if path not in modules:
            names[path] = _free_name(Path(path), taken)
            taken.add(names[path])
            copies[names[path]] = found[path]
    spec = with_paths(_spec(described), lambda path: f"./{names[path]}" if path in names else path)
    return Packed(render(spec), copies)


def own_contracts(world: World) -> dict[str, dict[str, str]]:
    """What a run's manifest says of the contracts that are somebody's own, by market."""
    return {
        name: _about(market)
        for name, market in world.markets.items()
        if market.contract is not None
    }


def _about(market: Market) -> dict[str, str]:
    assert market.contract is not None
    artifact = load(market.contract)
    about = {
        "contract": artifact.name,
        "compiler": artifact.compiler,
        "init_code_hash": artifact.init_code_hash.hex(),
    }
    if market.adapter is None:
        return about
    source = _source(market.adapter)
    told = {"adapter": market.adapter.__qualname__}
    return about | told | ({"adapter_sha256": source.sha256} if source is not None else {})


def _contracts(described: Scenario | Experiment) -> dict[str, list[str]]:
    """The files of every contract in Vyper that a market names, itself first, by its path."""
    found: dict[str, list[str]] = {}
    for scenario in _scenarios(described):
        for market in scenario.world.markets.values():
            if market.contract is None or not market.contract.endswith(".vy"):
                continue
            path = Path(market.contract).expanduser().resolve()
            if str(path) not in found and path.is_file():
                found[str(path)] = [str(path), *_modules(path)]
    return found


def _modules(path: Path) -> list[str]:
    """What a contract imports; nothing where it does not compile, which is told when it is needed."""
    try:
        names = load(path).sources
    except ArtifactError:
        return []
    found = ((path.parent / name).resolve() for name in names)
    return [str(each) for each in found if each != path]


def _spec(described: Scenario | Experiment) -> dict[str, Any]:
    return anchored(to_spec(described), Path.cwd())


def _classes(described: Scenario | Experiment) -> Iterator[type[Any]]:
    """The classes of everything that may be somebody's own."""
    for scenario in _scenarios(described):
        yield from (m.adapter for m in scenario.world.markets.values() if m.adapter is not None)
        prices = scenario.world.prices.values()
        for value in (*scenario.agents.values(), scenario.mechanism, scenario.clock, *prices):
            yield type(value)
            yield from (type(getattr(value, name)) for cls, name in NESTED if type(value) is cls)


def _scenarios(described: Scenario | Experiment) -> list[Scenario]:
    base = [described.base] if isinstance(described, Experiment) else []
    return [*base, *arms_of(described).values()]


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
