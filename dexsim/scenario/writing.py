"""Scenarios as the plain data of a file, and as its text. What is left at its default is left out."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from dataclasses import MISSING
from datetime import date, datetime, time
from decimal import Decimal
from enum import Enum
from pathlib import PurePath
from typing import Any

from dexsim.errors import ScenarioError
from dexsim.plugins.classes import plugin_kind
from dexsim.scenario import toml
from dexsim.scenario.building import within
from dexsim.scenario.kinds import AGENTS, NESTED, Slot, kind_of
from dexsim.scenario.scenario import Experiment, Scenario
from dexsim.scenario.spec import ENABLED, EXPERIMENT, PARTS, PLAIN, SCHEMA, WORLD

_ONE_LINE = {"tokens"}


def dumps(described: Scenario | Experiment) -> str:
    """A scenario file's text; `loads` reads an equal value from it.

    Raises ScenarioError for what no file can say, such as an agent whose class
    is defined inside a function.
    """
    return render(to_spec(described))


def render(spec: Mapping[str, Any]) -> str:
    """The text of a file's plain data."""
    return toml.document(_sections(spec))


def to_spec(described: Scenario | Experiment) -> dict[str, Any]:
    """A scenario or an experiment as a file's plain data."""
    if isinstance(described, Scenario):
        return {"schema": SCHEMA, **scenario_spec(described)}
    told = _fields(described, EXPERIMENT)
    arms = {
        name: {key: within(f"arms.{name}.{key}", part, each) for key, each in changes.items()}
        for name, changes in described.arms.items()
    }
    experiment = {"experiment": told} if told else {}
    return {"schema": SCHEMA, **scenario_spec(described.base), **experiment, "arms": arms}


def scenario_spec(scenario: Scenario) -> dict[str, Any]:
    """A scenario as plain data, without the schema."""
    told = _fields(scenario, PLAIN) | {"blocks": scenario.blocks}
    spec = {key: told[key] for key in PLAIN if key in told}
    for key, shape in PARTS.items():
        table = within(key, _table, shape, getattr(scenario, key))
        if table:
            spec[key] = table
    spec["world"] = {
        section: {
            name: within(f"world.{section}.{name}", _table, shape, each)
            for name, each in getattr(scenario.world, section).items()
        }
        for section, shape in WORLD.items()
    }
    spec["agents"] = {name: _agent(scenario, name) for name in scenario.agents}
    return spec


def part(value: object) -> Any:
    """A value of a change: an object becomes the table that describes it."""
    for shape in (AGENTS, *PARTS.values(), *WORLD.values()):
        if not isinstance(shape, Slot):
            if isinstance(value, shape):
                return _table(shape, value)
        elif isinstance(value, tuple(shape.kinds.values())):
            return _table(shape, value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return _table(AGENTS, value)
    return plain(value)


def plain(value: object) -> Any:
    """A value as TOML can hold it. Raises ScenarioError where it has no form."""
    if isinstance(value, type):
        return plugin_kind(value)
    if isinstance(value, Mapping):
        return {str(key): plain(each) for key, each in value.items()}
    if isinstance(value, set | frozenset):
        return sorted(plain(each) for each in value)
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    if dataclasses.is_dataclass(value):
        return _fields(value, [field.name for field in dataclasses.fields(value) if field.init])
    return _atom(value)


def _atom(value: object) -> Any:
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, Enum):
        return _atom(value.value)
    if isinstance(value, PurePath):
        return str(value)
    if isinstance(value, str | bool | int | float | datetime | date | time):
        return value
    raise ScenarioError(f"{value!r} cannot be written in a file")


def _agent(scenario: Scenario, name: str) -> dict[str, Any]:
    table: dict[str, Any] = within(f"agents.{name}", _table, AGENTS, scenario.agents[name])
    if name in scenario.disabled:
        table[ENABLED] = False
    return table


def _table(shape: Slot | type[Any], value: Any) -> dict[str, Any]:
    """An object's table: its kind, where it stands in a slot, and what is not at its default."""
    names = [field.name for field in dataclasses.fields(value) if field.init]
    kind = {"kind": within("kind", kind_of, shape, value)} if isinstance(shape, Slot) else {}
    table = kind | _fields(value, names)
    for (owner, name), slot in NESTED.items():
        if isinstance(value, owner) and name in table:
            table[name] = within(name, _table, slot, getattr(value, name))
    return table


def _fields(described: Any, names: tuple[str, ...] | list[str]) -> dict[str, Any]:
    by_name = {field.name: field for field in dataclasses.fields(described)}
    found = {}
    for name in names:
        value = getattr(described, name)
        if not _is_default(by_name[name], value):
            found[name] = within(name, plain, value)
    return found


def _is_default(field: dataclasses.Field[Any], value: object) -> bool:
    default = field.default if field.default_factory is MISSING else field.default_factory()
    if isinstance(value, Decimal) and isinstance(default, str | int | float):
        return value == Decimal(str(default))
    return bool(value == default)


def _sections(spec: Mapping[str, Any]) -> Iterator[toml.Section]:
    inside = {"world", "agents", "experiment", "arms"}
    yield (), {key: each for key, each in spec.items() if key not in inside}
    if "experiment" in spec:
        yield ("experiment",), spec["experiment"]
    for section, entries in spec["world"].items():
        if section in _ONE_LINE:
            yield ("world", section), entries
        else:
            yield from ((("world", section, name), each) for name, each in entries.items())
    for top in ("agents", "arms"):
        yield from (((top, name), each) for name, each in spec.get(top, {}).items())
