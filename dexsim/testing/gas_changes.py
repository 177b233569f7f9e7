"""Two sets of gas figures, compared: what changed, what is new, what is gone."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import TypeAlias

Figures: TypeAlias = Mapping[str, Mapping[str, int]]
"""Gas by test and by what the test sent."""


@dataclass(frozen=True, slots=True)
class Row:
    """One figure before and now; None where there is none."""

    test: str
    what: str
    before: int | None
    now: int | None

    def is_beyond(self, tolerance: Decimal) -> bool:
        """Whether it changed by more than so many percent; new and gone figures did not change."""
        if self.before is None or self.now is None:
            return False
        return abs(self.now - self.before) * 100 > tolerance * self.before

    def words(self, tolerance: Decimal) -> str:
        """As a line of the table."""
        if self.before is None:
            return f"{self.what}  new: {self.now:,}"
        if self.now is None:
            return f"{self.what}  gone: {self.before:,}"
        step = self.now - self.before
        share = Decimal(step * 100) / self.before
        verdict = "  TOO MUCH" if self.is_beyond(tolerance) else ""
        return f"{self.what}  {self.before:,} -> {self.now:,}  {step:+,}  {share:+.2f} %{verdict}"


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """What differs. figures: how many were measured."""

    rows: list[Row] = field(default_factory=list)
    tolerance: Decimal
    figures: int

    @property
    def beyond(self) -> int:
        """How many figures changed by more than is tolerated."""
        return sum(row.is_beyond(self.tolerance) for row in self.rows)

    def lines(self) -> Iterator[str]:
        """The table, by test."""
        test = ""
        for row in self.rows:
            if row.test != test:
                test = row.test
                yield test
            yield f"    {row.words(self.tolerance)}"


def compare(known: Figures, measured: Figures, gone: set[str], tolerance: Decimal) -> Comparison:
    """Compare the tests that were measured; `gone` are known tests that are no more."""
    rows = []
    for test in sorted({*measured, *gone}):
        before, now = known.get(test, {}), measured.get(test, {})
        for what in dict.fromkeys([*now, *before]):
            if before.get(what) != now.get(what):
                rows.append(Row(test, what, before.get(what), now.get(what)))
    count = sum(len(one) for one in measured.values())
    return Comparison(rows=rows, tolerance=tolerance, figures=count)


def read_figures(file: Path) -> Figures | None:
    """The figures of a file; None where there is no such file. Raises ValueError when it holds others."""
    if not file.exists():
        return None
    try:
        figures = json.loads(file.read_text())
    except (OSError, ValueError) as error:
        raise ValueError(f"{file}: cannot be read: {error}") from None
    if not _are_figures(figures):
        raise ValueError(f"{file}: no gas snapshot: expected gas by test and transaction")
    return figures  # type: ignore[no-any-return]


def _are_figures(value: object) -> bool:
    return isinstance(value, dict) and all(
        isinstance(one, dict) and all(type(gas) is int for gas in one.values())
        for one in value.values()
    )


def write_figures(file: Path, figures: Figures) -> int:
    """Write the figures of all tests that have any, sorted by test; how many there are."""
    told = {test: dict(one) for test, one in sorted(figures.items()) if one}
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(told, indent=1) + "\n")
    return sum(len(one) for one in told.values())
