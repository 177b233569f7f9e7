"""Who keeps which promise: every check carries an id of tests/vectors/invariants.json and is known here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

Checking = TypeVar("Checking", bound=Callable[..., Any])

CHECKED_BY: dict[str, list[str]] = {}
"""For every id, the functions that check it."""


class Broken(AssertionError):
    """A promise is broken; the text names it and what was expected."""


def keeps(*ids: str) -> Callable[[Checking], Checking]:
    """Say that a function checks these promises."""

    def note(function: Checking) -> Checking:
        for each in ids:
            CHECKED_BY.setdefault(each, []).append(function.__qualname__)
        return function

    return note


def expect(holds: bool, wanted: str) -> None:
    """Raise Broken unless it holds. wanted: what was expected, and what there is instead."""
    if not holds:
        raise Broken(wanted)
