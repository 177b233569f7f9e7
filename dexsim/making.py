"""Faster constructors of frozen values: for the few that are made for every transaction.

A frozen dataclass sets each of its fields through `object.__setattr__`, which takes several times
as long as an assignment. Here a value is born as an open twin with the same slots, is filled by
assignments, and only then becomes what it is. What comes out is the same in every respect. A named
tuple's own constructor takes several times as long as its tuple once its fields are named.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import MISSING, Field, fields
from typing import Any, ParamSpec, TypeVar, cast

P = ParamSpec("P")
T = TypeVar("T")


def constructor(kind: Callable[P, T]) -> Callable[P, T]:
    """A function that makes what `kind(...)` makes, of the same arguments.

    kind: a frozen dataclass with slots. Raises TypeError for one that has no slots, or a base
    with fields, or fields that are not given or are made by a factory.
    """
    own = cast("Any", kind)
    parts = fields(own)
    names = tuple(part.name for part in parts)
    factories = any(part.default_factory is not MISSING or not part.init for part in parts)
    if getattr(own, "__slots__", None) != names or factories:
        raise TypeError(f"{own.__name__}: not a plain dataclass with slots")
    known = {f"_{part.name}": part.default for part in parts}
    known |= {"Twin": type(own.__name__, (), {"__slots__": names}), "Own": own}
    exec(_source(parts, has_more=hasattr(own, "__post_init__")), known)
    return cast("Callable[P, T]", known["make"])


def tuple_constructor(kind: Callable[P, T]) -> Callable[P, T]:
    """A function that makes what `kind(...)` makes, of the same arguments; kind: a named tuple."""
    own = cast("Any", kind)
    defaults: dict[str, Any] = own._field_defaults
    takes = [f"{name}=_{name}" if name in defaults else name for name in own._fields]
    known = {f"_{name}": value for name, value in defaults.items()}
    known |= {"Own": own, "new": tuple.__new__}
    source = f"def make({', '.join(takes)}): return new(Own, ({', '.join(own._fields)},))"
    exec(source, known)
    return cast("Callable[P, T]", known["make"])


def _source(parts: tuple[Field[Any], ...], *, has_more: bool) -> str:
    plain = [_parameter(part) for part in parts if not part.kw_only]
    named = [_parameter(part) for part in parts if part.kw_only]
    lines = [
        f"def make({', '.join([*plain, *(['*'] if named else []), *named])}):",
        "self = Twin()",
        *(f"self.{part.name} = {part.name}" for part in parts),
        "self.__class__ = Own",
        *(["self.__post_init__()"] if has_more else []),
        "return self",
    ]
    return "\n    ".join(lines)


def _parameter(part: Field[Any]) -> str:
    return part.name if part.default is MISSING else f"{part.name}=_{part.name}"
