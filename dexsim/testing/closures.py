"""Which fixtures of a test need which others."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

_HOME = "dexsim.testing."


class FixtureGraph:
    """The fixtures of one test, as pytest has resolved them."""

    def __init__(self, item: pytest.Item) -> None:
        # pytest keeps this under a private name; it has no public one.
        info = getattr(item, "_fixtureinfo", None)
        self._definitions: dict[str, Any] = info.name2fixturedefs if info else {}

    def scope(self, name: str) -> str:
        """A fixture's scope, "" where there is no such fixture."""
        definitions = self._definitions.get(name)
        return str(definitions[-1].scope) if definitions else ""

    def needed_by(self, name: str) -> set[str]:
        """A fixture with all that it needs, directly or not."""
        return set(self._walk(name, set()))

    def _walk(self, name: str, seen: set[str]) -> Iterator[str]:
        if name in seen:
            return
        seen.add(name)
        yield name
        for definition in self._definitions.get(name, ()):
            for inner in definition.argnames:
                yield from self._walk(inner, seen)

    def is_ours(self, name: str) -> bool:
        """Whether a fixture is dexsim's own, not overridden."""
        definitions = self._definitions.get(name)
        if not definitions:
            return False
        return str(definitions[-1].func.__module__).startswith(_HOME)

    def can_come_before(self, late: str, early: str) -> bool:
        """Whether dexsim's fixture `late` is used, and needs nothing that needs `early` in its turn."""
        if not self.is_ours(late):
            return False
        inputs = self._definitions[late][-1].argnames
        return all(early not in self.needed_by(name) for name in inputs if name != early)
