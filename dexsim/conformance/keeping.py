"""Who keeps which promise: every check carries an id and is known here."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, TypeVar

_ID = re.compile(r"[A-Z]\d\d")
Checking = TypeVar("Checking", bound=Callable[..., Any])

CHECKED_BY: dict[str, list[str]] = {}
"""For every id, the functions that check it."""


class Broken(AssertionError):
    """A promise is broken; the text begins with its id, and says what was expected."""

    @property
    def id(self) -> str:
        """The promise's id, for example "P07"; empty where the text has none."""
        found = _ID.match(str(self))
        return found.group() if found else ""


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


def equal(got: object, wanted: object, what: str) -> None:
    """Raise Broken unless the two are equal. what: what they are, for people."""
    expect(got == wanted, f"{what}: {wanted}, and not {got}")
