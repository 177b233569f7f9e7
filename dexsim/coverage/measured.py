"""What was found out about a source file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

WORDS = {
    "If": ("true", "false"),
    "For": ("entered", "ended"),
    "Assert": ("passed", "refused"),
}
"""What each kind of decision can come to. A loop ends when nothing is left, not by `break`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasuredStatement:
    """A statement: its lines (of a compound one those of its head), and in how many calls it ran.

    outcomes: of a decision, calls by outcome in the order of `WORDS`; empty for others.
    """

    line: int
    end_line: int
    hits: int
    outcomes: tuple[tuple[str, int], ...] = ()

    @property
    def missing(self) -> tuple[str, ...]:
        """Outcomes that never were."""
        return tuple(word for word, count in self.outcomes if not count)

    @property
    def is_partial(self) -> bool:
        """Whether it ran, but not with every outcome."""
        return bool(self.hits and self.missing)


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasuredFunction:
    """A function, and in how many calls it ran."""

    name: str
    line: int
    hits: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FileCoverage:
    """A source file: its statements and functions in the order of the source."""

    path: Path
    statements: tuple[MeasuredStatement, ...]
    functions: tuple[MeasuredFunction, ...]

    @property
    def missed(self) -> int:
        """Statements that never ran."""
        return sum(not each.hits for each in self.statements)

    @property
    def branches(self) -> int:
        """Outcomes that there can be."""
        return sum(len(each.outcomes) for each in self.statements)

    @property
    def missed_branches(self) -> int:
        """Outcomes that never were."""
        return sum(len(each.missing) for each in self.statements)

    @property
    def partial(self) -> int:
        """Decisions that ran without every outcome."""
        return sum(each.is_partial for each in self.statements)

    @property
    def percent(self) -> float:
        """Statements and branches that ran, of all there are; 100 where there are none."""
        all_of_them = len(self.statements) + self.branches
        missed = self.missed + self.missed_branches
        return 100 * (all_of_them - missed) / all_of_them if all_of_them else 100.0
