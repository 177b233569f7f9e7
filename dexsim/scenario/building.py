"""One table of a scenario file as the object that it describes, checked key by key."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, get_type_hints

from pydantic import PydanticUserError, TypeAdapter, ValidationError
from pydantic.dataclasses import is_pydantic_dataclass

from dexsim.description import complaint, unknown
from dexsim.errors import ScenarioError
from dexsim.market.world import Market
from dexsim.prices import Csv
from dexsim.scenario.kinds import NESTED, Slot, class_of

Table = Mapping[str, Any]

_FILES = ((Csv, "path"), (Market, "contract"))
"""Keys that name a file which is read when the run begins."""


def expect_table(value: object, key: str = "") -> Table:
    """The value, if it is a table. Raises ScenarioError with the key."""
    if not isinstance(value, Mapping):
        raise ScenarioError(f"expected a table, not {value!r}", key=key)
    return value


def check_keys(table: Table, known: Sequence[str]) -> None:
    """Raises ScenarioError for a key that is not among the known, offering the nearest."""
    for key in table:
        if key not in known:
            raise ScenarioError(unknown(key, known), key=key)


def keys_of(cls: type[Any]) -> list[str]:
    """The keys that a class takes."""
    return [field.name for field in dataclasses.fields(cls) if field.init]


def build_kind(slot: Slot, value: object, *, besides: Sequence[str] = ()) -> Any:
    """The object of a table with a `kind`.

    besides: keys of the table that are not the object's. Raises ScenarioError
    with the key inside the table.
    """
    table = expect_table(value)
    cls = class_of(slot, table.get("kind", slot.default or None))
    _check_describes(cls, besides)
    check_keys(table, ["kind", *besides, *keys_of(cls)])
    return build(cls, {k: v for k, v in table.items() if k not in {"kind", *besides}})


def build(cls: type[Any], value: object) -> Any:
    """An object of a class from the table of its keys."""
    table = dict(expect_table(value))
    check_keys(table, keys_of(cls))
    for (owner, name), slot in NESTED.items():
        if cls is owner and name in table:
            table[name] = within(name, build_kind, slot, table[name])
    for owner, key in _FILES:
        if cls is owner and key in table:
            _check_file(table[key], key)
    if not is_pydantic_dataclass(cls):
        table = _checked(cls, table)
    try:
        return cls(**table)
    except ScenarioError:
        raise
    except ValidationError as error:
        raise complaint(error, keys_of(cls)) from None
    except Exception as error:
        raise ScenarioError(f"{cls.__name__} refuses: {type(error).__name__}: {error}") from error


def _check_file(path: object, key: str) -> None:
    """A file is there; what it holds is read when the run begins."""
    if isinstance(path, str) and not Path(path).is_file():
        raise ScenarioError(f"there is no such file: {path}", key=key)


def within(prefix: str, function: Any, *args: Any, **options: Any) -> Any:
    """Call, with the key of a complaint prefixed."""
    try:
        return function(*args, **options)
    except ScenarioError as error:
        raise error.within(prefix) from error.__cause__


def _check_describes(cls: type[Any], besides: Sequence[str]) -> None:
    """A class of somebody's own is a dataclass, and leaves our own keys alone."""
    if not dataclasses.is_dataclass(cls):
        raise ScenarioError(
            f"{cls.__qualname__} is no dataclass; put @dataclass(frozen=True, kw_only=True) above it",
            key="kind",
        )
    taken = sorted({"kind", *besides} & set(keys_of(cls)))
    if taken:
        raise ScenarioError(
            f"{cls.__qualname__} cannot have a field called {taken[0]}: the key has a meaning already",
            key="kind",
        )


def _checked(cls: type[Any], table: Table) -> dict[str, Any]:
    """The values for a plain dataclass, each as its annotation has it."""
    try:
        hints = get_type_hints(cls, include_extras=True)
    except Exception as error:
        raise ScenarioError(
            f"the annotations of {cls.__qualname__} cannot be read: {error}", key="kind"
        ) from error
    for field in dataclasses.fields(cls):
        needed = field.default is field.default_factory is dataclasses.MISSING
        if field.init and needed and field.name not in table:
            raise ScenarioError("is missing", key=field.name)
    return {key: within(key, _as_annotated, hints[key], value) for key, value in table.items()}


def _as_annotated(hint: Any, value: object) -> Any:
    """A value of a file as its annotation has it: by JSON's rules, nothing converted on the way."""
    try:
        return TypeAdapter(hint).validate_json(json.dumps(value, default=str), strict=True)
    except PydanticUserError:
        raise ScenarioError(f"a field of type {hint} cannot be written in a file") from None
    except ValidationError as error:
        told = complaint(error, ())
        found = _path_in(value, error.errors(include_url=False)[0]["loc"])
        raise type(told)(told.problem, key=".".join(found)) from None


def _path_in(value: Any, places: Sequence[int | str]) -> list[str]:
    """The part of pydantic's path that leads through the value itself."""
    found: list[str] = []
    for place in places:
        if isinstance(value, list):
            value = dict(enumerate(value))
        if not isinstance(value, dict) or place not in value:
            break
        value = value[place]
        found.append(str(place))
    return found
