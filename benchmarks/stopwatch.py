"""Where the time of a program goes, by names that somebody gives to its functions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import wraps
from time import process_time
from typing import Any, TypeAlias

Place: TypeAlias = tuple[str, Any, str]
"""A name, and a function that it is for: who holds it (a module, a class), and under which name."""


class Stopwatch:
    """For each name the processor time inside its functions, but not inside those of other names.

    So the figures of all names add up to the whole. Seconds of all threads of the process; a timed
    call takes about a microsecond more, most of it under the name of who calls.
    """

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._running: list[str] = []
        self._since = 0.0

    @contextmanager
    def watching(self, rest: str, places: Iterable[Place]) -> Iterator[None]:
        """Time functions inside the `with`; what none of them takes stands under `rest`."""
        plain = [(owner, name, owner.__dict__[name]) for _, owner, name in places]
        for part, owner, name in places:
            setattr(owner, name, self._timed(getattr(owner, name), part))
        self._turn_to(rest)
        try:
            yield
        finally:
            self._turn_back()
            for owner, name, function in plain:
                setattr(owner, name, function)

    def _timed(self, function: Callable[..., Any], name: str) -> Callable[..., Any]:
        @wraps(function)
        def timed(*args: Any, **named: Any) -> Any:
            self._turn_to(name)
            try:
                return function(*args, **named)
            finally:
                self._turn_back()

        return timed

    def _turn_to(self, name: str) -> None:
        self._book()
        self._running.append(name)

    def _turn_back(self) -> None:
        self._book()
        self._running.pop()

    def _book(self) -> None:
        now = process_time()
        if self._running:
            name = self._running[-1]
            self.seconds[name] = self.seconds.get(name, 0.0) + now - self._since
        self._since = now
