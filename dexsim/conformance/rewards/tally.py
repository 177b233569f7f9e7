"""What a campaign did: how often each rule was accepted, and how often each promise was checked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from dexsim.conformance.keeping import Broken
from dexsim.errors import Reverted

LEAST_ACCEPTED = 60
"""In percent: a rule that is refused more often than that tests mostly refusals."""


@dataclass
class Tally:
    """Counts of one campaign."""

    tried: Counter[str] = field(default_factory=Counter)
    accepted: Counter[str] = field(default_factory=Counter)
    why_not: Counter[tuple[str, str]] = field(default_factory=Counter)
    checked: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    saw: Counter[str] = field(default_factory=Counter)

    def note(self, rule: str, refusal: str | None) -> None:
        """A rule was tried; `refusal` is the reason it was refused with."""
        self.tried[rule] += 1
        if refusal is None:
            self.accepted[rule] += 1
        else:
            self.why_not[rule, refusal] += 1

    @contextmanager
    def promise(self, name: str) -> Iterator[None]:
        """What the body expects and does belongs to this promise; a failure says so."""
        self.checked[name] += 1
        try:
            yield
        except (Broken, Reverted) as error:
            raise Broken(f"{name}: {error}") from error

    def ratios(self) -> dict[str, str]:
        """For every rule how often it was accepted, in words."""
        return {
            rule: f"{self.accepted[rule]} of {tried} ({100 * self.accepted[rule] // tried} %)"
            for rule, tried in sorted(self.tried.items())
        }

    def never_happened(
        self, rules: set[str], refusals: set[str], situations: set[str]
    ) -> list[str]:
        """Which of these rules, refusals and situations the campaign has not seen."""
        wanted = [(rules, self.tried), (refusals, self.refused), (situations, self.saw)]
        return [name for names, seen in wanted for name in sorted(names - set(+seen))]

    def refused_too_often(self) -> list[str]:
        """Rules below the least ratio, each with its reasons, in words."""
        return [
            f"{rule} was accepted {self.ratios()[rule]}; at least {LEAST_ACCEPTED} % are wanted; "
            f"refused with { {why: n for (name, why), n in self.why_not.items() if name == rule} }"
            for rule, tried in sorted(self.tried.items())
            if 100 * self.accepted[rule] < LEAST_ACCEPTED * tried
        ]
