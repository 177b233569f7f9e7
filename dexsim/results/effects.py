"""What an experiment compares: a measure in one arm, or in one arm less another."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from dexsim.description import unknown
from dexsim.errors import ScenarioError


@dataclass(frozen=True)
class Effect:
    """`more - less`; without `less` the value of one arm alone."""

    more: str
    less: str | None = None

    def __str__(self) -> str:
        return self.more if self.less is None else f"{self.more} - {self.less}"

    def of(self, values: Mapping[str, float]) -> float:
        """The effect, from the values by arm."""
        return values[self.more] - (0.0 if self.less is None else values[self.less])


def parse_effect(text: str, arms: Collection[str]) -> Effect:
    """`"hunted - calm"`, or `"hunted"`. Raises ScenarioError for an arm that is not there."""
    names = text.split(" - ")
    if len(names) > 2 or not all(names):
        raise ScenarioError(f'expected "ARM - ARM" or "ARM", not {text!r}', key="effect")
    for name in names:
        if name not in arms:
            raise ScenarioError(unknown(name, list(arms), "arm"), key="effect")
    return Effect(*names)
