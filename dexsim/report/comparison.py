"""A run's arms side by side, and what makes the difference: the lines of every table that people read."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from typing import Any

from dexsim.results.run import Run
from dexsim.results.summary import ArmSummary, Summary, show


@dataclass(frozen=True)
class Contrast:
    """Two arms of which one is taken from the other: `more - less`."""

    more: str
    less: str

    def __str__(self) -> str:
        return f"{self.more} - {self.less}"


@dataclass(frozen=True)
class Line:
    """A line of a table: one value an arm, and the difference of two of them."""

    label: str
    unit: str
    values: tuple[float, ...]
    difference: float | None = None


@dataclass(frozen=True)
class Comparison:
    """What a run says: claim, measures, and who gained; the lines of a table follow the arms.

    headline: the line that the experiment is about, or None. total: the sum
    over all holders, burnt and minted money included: 0.
    """

    claim: str
    contrast: Contrast | None
    measures: tuple[Line, ...]
    headline: Line | None
    gains: tuple[Line, ...]
    total: Line


def compare(run: Run, summary: Summary) -> Comparison:
    """Put the arms of a run side by side."""
    about = _experiment(run)
    contrast = _contrast(about, summary)
    measures = tuple(
        _line(summary, contrast, label, unit, values) for label, unit, values in summary.rows()
    )
    named = dict(zip(next(iter(summary.arms)).labels(), measures, strict=True))
    return Comparison(
        claim=str(about.get("claim", "")),
        contrast=contrast,
        measures=measures,
        headline=named.get(str(about.get("measure", ""))),
        gains=_gains(summary, contrast),
        total=_line(summary, contrast, "sum", "", [float(arm.left_over) for arm in summary.arms]),
    )


def signed(value: float) -> str:
    """A difference or a gain, with its sign."""
    return f"+{show(value)}" if value > 0 else show(value)


def _experiment(run: Run) -> dict[str, Any]:
    found: dict[str, Any] = tomllib.loads(run.scenario).get("experiment", {})
    return found


def _contrast(about: dict[str, Any], summary: Summary) -> Contrast | None:
    """The experiment's effect, or the second of two arms less the first."""
    names = [arm.arm for arm in summary.arms]
    parts = str(about.get("effect", "")).split(" - ")
    if len(parts) == 2 and set(parts) <= set(names):
        return Contrast(*parts)
    return Contrast(names[1], names[0]) if len(names) == 2 else None


def _line(
    summary: Summary, contrast: Contrast | None, label: str, unit: str, values: list[float]
) -> Line:
    by_arm = dict(zip((arm.arm for arm in summary.arms), values, strict=True))
    difference = by_arm[contrast.more] - by_arm[contrast.less] if contrast else None
    return Line(label, unit, tuple(values), difference)


def _gains(summary: Summary, contrast: Contrast | None) -> tuple[Line, ...]:
    """Holders by what they gained, the winners first; then what was burnt and minted."""
    gained = [
        {gain.holder: (gain.role, float(gain.value)) for gain in arm.gains if gain.changes}
        for arm in summary.arms
    ]
    roles = {holder: role for arm in gained for holder, (role, _) in arm.items()}
    lines = [
        _line(summary, contrast, *told, [arm.get(told[0], ("", 0.0))[1] for arm in gained])
        for told in roles.items()
    ]
    lines.sort(key=lambda line: (-_size(line), line.label))
    burnt = [arm.measures["burnt"] for arm in summary.arms]
    minted = [_newly_minted(arm) for arm in summary.arms]
    if any(burnt):
        lines.append(_line(summary, contrast, "burnt as base fee", "nobody", burnt))
    if any(minted):
        lines.append(_line(summary, contrast, "newly minted", "nobody", [-each for each in minted]))
    return tuple(lines)


def _newly_minted(arm: ArmSummary) -> float:
    """What tokens that were minted, less those burned, are worth; exactly 0 where there are none."""
    changed = any(b.minted - b.burned for b in arm.balances if b.token != "ETH")
    total = sum(float(gain.value) for gain in arm.gains)
    return total - float(arm.left_over) + arm.measures["burnt"] if changed else 0.0


def _size(line: Line) -> float:
    return line.values[-1] if line.difference is None else line.difference
