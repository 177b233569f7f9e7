"""What came of it: a verdict for every property, and the history that broke it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dexsim.conformance.history import Step
from dexsim.conformance.properties import Property

KEPT, BROKEN, UNCHECKED = "kept", "broken", "not checked"


@dataclass(frozen=True)
class Counterexample:
    """The shortest history that was found. machine: "module:Class"; story: by step, in words."""

    machine: str
    steps: tuple[Step, ...]
    story: tuple[tuple[int, str], ...]
    expected: str


@dataclass(frozen=True)
class Verdict:
    """On one property. times: how often it was checked."""

    about: Property
    times: int
    counterexample: Counterexample | None = None

    @property
    def outcome(self) -> str:
        """In a word."""
        if self.counterexample is not None:
            return BROKEN
        return KEPT if self.times else UNCHECKED


@dataclass(frozen=True)
class Report:
    """All verdicts on one pool."""

    pool: str
    verdicts: tuple[Verdict, ...]

    def of(self, outcome: str) -> list[Verdict]:
        """Those with this outcome."""
        return [verdict for verdict in self.verdicts if verdict.outcome == outcome]

    @property
    def is_clean(self) -> bool:
        """Whether everything was checked, and kept."""
        return len(self.of(KEPT)) == len(self.verdicts)

    def insist(self) -> None:
        """Raise AssertionError with the report unless it is clean."""
        if not self.is_clean:
            raise AssertionError(str(self))

    def as_object(self) -> Mapping[str, Any]:
        """For JSON."""
        return {
            "pool": self.pool,
            "verdicts": [
                {
                    "id": each.about.id,
                    "name": each.about.name,
                    "says": each.about.says,
                    "outcome": each.outcome,
                    "times": each.times,
                    "expected": each.counterexample.expected if each.counterexample else None,
                }
                for each in self.verdicts
            ],
        }

    def __str__(self) -> str:
        from dexsim.conformance.telling import told

        return told(self)
