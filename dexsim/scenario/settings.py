"""Changes to a scenario by the paths of its file: `--set`, `--vary`, and the arms of an experiment."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar, cast

from dexsim.description import unknown
from dexsim.errors import AmountTypeError, ScenarioError
from dexsim.scenario.building import within
from dexsim.scenario.paths import anchored
from dexsim.scenario.scenario import Experiment, Scenario
from dexsim.scenario.spec import SCENARIO_KEYS, WORLD, build_scenario
from dexsim.scenario.writing import part, scenario_spec

_T = TypeVar("_T", bound=Scenario | Experiment)
_SECTIONS = (("agents",), *(("world", section) for section in WORLD))
"""Where things have names of somebody's choice."""


class Written(str):
    """A value as it was typed on the command line.

    It is read as TOML; where that is no value, or not one that its key takes,
    it is text. So `count=50` is a number, and `median_size=2`, `market=main`
    and `clock={kind="poisson"}` all need no quotes around them.
    """

    __slots__ = ()

    def meant(self) -> Any:
        """The value by TOML's rules, or the text."""
        try:
            read = tomllib.loads(f"value = {self}")
        except tomllib.TOMLDecodeError:
            return str(self)
        return read["value"] if len(read) == 1 else str(self)


def parse_setting(setting: str) -> tuple[str, Written]:
    """`"agents.retail.count=50"` as a key and a value for `apply`."""
    key, equals, value = setting.partition("=")
    if not equals or not key.strip():
        raise ScenarioError(f"expected key=value, as in agents.retail.count=50, not {setting!r}")
    return key.strip(), Written(value.strip())


def apply(described: _T, changes: Mapping[str, object]) -> _T:
    """A scenario with some values changed, by their dotted paths; of an experiment, the base.

    A value is what a file would say, or an object (`{"mechanism": Fifo()}`).
    Relative paths are relative to the working directory. A new `kind` keeps
    the other keys of its table. Raises ScenarioError with the path, offering
    the nearest names.
    """
    if isinstance(described, Experiment):
        experiment = described.replace(base=_applied(described.base, changes))
        arms(experiment)
        return cast("_T", experiment)
    return cast("_T", _applied(described, changes))


def arms(experiment: Experiment) -> dict[str, Scenario]:
    """The scenario of every arm, by the arm's name."""
    return {
        name: within(f"arms.{name}", _applied, experiment.base, changes)
        for name, changes in experiment.arms.items()
    }


def arms_of(described: Scenario | Experiment) -> dict[str, Scenario]:
    """The scenarios to run: the arms of an experiment, or the scenario alone, under the name "base"."""
    return arms(described) if isinstance(described, Experiment) else {"base": described}


def _applied(scenario: Scenario, changes: Mapping[str, object]) -> Scenario:
    try:
        return _attempt(scenario, changes, frozenset())
    except ScenarioError as error:
        raise _explained(error, scenario, changes) from error.__cause__


def _attempt(
    scenario: Scenario, changes: Mapping[str, object], as_text: frozenset[str]
) -> Scenario:
    """Build the changed scenario; where a typed value is refused, take it as text instead."""
    try:
        return build_scenario(_changed(scenario, changes, as_text))
    except ScenarioError as error:
        key = _refused(error, changes, as_text)
        if key is None:
            raise
        try:
            return _attempt(scenario, changes, as_text | {key})
        except ScenarioError as second:
            if second.key != error.key or _wanted_text(error):
                raise second from None
            raise error from None


def _wanted_text(error: ScenarioError) -> bool:
    return isinstance(error, AmountTypeError) or "valid string" in error.problem


def _refused(
    error: ScenarioError, changes: Mapping[str, object], as_text: frozenset[str]
) -> str | None:
    """The typed value that an error is about, unless it is taken as text already."""
    for key, value in changes.items():
        path = ".".join(path_of(key))
        if f"{error.key}.".startswith(f"{path}.") and key not in as_text:
            return key if isinstance(value, Written) and value.meant() != str(value) else None
    return None


def _changed(
    scenario: Scenario, changes: Mapping[str, object], as_text: frozenset[str]
) -> dict[str, Any]:
    """The scenario's plain data with the changes made."""
    spec = scenario_spec(scenario)
    for key, given in changes.items():
        value = given.meant() if isinstance(given, Written) else given
        if key in as_text:
            value = str(given)
        path = path_of(key)
        told = ".".join(path)
        _put(spec, path, anchored({told: within(told, part, value)}, Path.cwd())[told])
    return spec


def path_of(key: str) -> tuple[str, ...]:
    """A dotted key by its parts; a part in quotes may hold dots itself."""
    try:
        table: Any = tomllib.loads(f"{key} = 0")
    except tomllib.TOMLDecodeError:
        return tuple(key.split("."))
    parts = []
    while isinstance(table, dict) and len(table) == 1:
        [(name, table)] = table.items()
        parts.append(name)
    return tuple(parts)


def _put(spec: dict[str, Any], path: Sequence[str], value: object) -> None:
    """Set a value, making the tables on the way unless they would need a name that nothing has."""
    _check_reach(path)
    table: Any = spec
    for depth, name in enumerate(path[:-1]):
        if name not in table and tuple(path[:depth]) in _SECTIONS:
            what = path[depth - 1].removesuffix("s")
            raise ScenarioError(unknown(name, list(table), what), key=".".join(path))
        table = table.setdefault(name, {})
        if not isinstance(table, dict):
            raise ScenarioError(f"{name} is no table, it is {table!r}", key=".".join(path))
    table[path[-1]] = value


def _check_reach(path: Sequence[str]) -> None:
    """Refuse a path whose beginning no scenario has, or that stops before it names one thing."""
    key = ".".join(path)
    known = list(SCENARIO_KEYS) if path[:1] != ("world",) else list(WORLD)
    name = path[1] if path[:1] == ("world",) and len(path) > 1 else path[0]
    if name not in known and name != "world":
        raise ScenarioError(unknown(name, known), key=key)
    if tuple(path) in (*_SECTIONS, ("world",)):
        raise ScenarioError(
            f'name what is to change, with the whole path in quotes: "{key}.NAME.KEY" = value',
            key=key,
        )


def _explained(
    error: ScenarioError, scenario: Scenario, changes: Mapping[str, object]
) -> ScenarioError:
    """Where a new kind does not have a key that the old one had, say so."""
    table, _, key = error.key.rpartition(".")
    for path, kind in changes.items():
        changed = ".".join(path_of(path))
        if changed != f"{table}.kind" or error.key in {changed, *changes}:
            continue
        value: Any = scenario_spec(scenario)
        for name in path_of(path)[:-1]:
            value = value.get(name, {})
        if key in value:
            problem = (
                f"kind {str(kind)!r} has no key {key!r}, which the scenario sets for kind "
                f'{value["kind"]!r}; change the whole table: {table} = {{ kind = "{kind}", ... }}'
            )
            return ScenarioError(problem, key=error.key)
    return error
