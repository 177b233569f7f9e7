"""A run's arms side by side, and what makes the difference: the lines of every table that people read."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from typing import Any

from dexsim.results.effects import Effect, parse_effect
from dexsim.results.run import Run
from dexsim.results.summary import LABELS, ArmSummary, Summary, show

_ONLY_WITH = {
    "trades": "trader",
    "volume": "trader",
    "retail_cost_bps": "trader",
    "retail_gas_bps": "trader",
    "retail_failures": "trader",
    "retail_gain": "trader",
    "sandwiches": "searcher",
    "victim_loss": "searcher",
    "searcher_gross": "searcher",
    "searcher_net": "searcher",
    "bundles_failed": "searcher",
    "arbitrage_gain": "arbitrageur",
}
"""Measures that say something only where an agent has this role."""

_NOTHING = 1e-9
"""A gain this small, compared with the largest, is dust: it is not shown."""


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
    closed_form: str
    margin: str
    contrast: Effect | None
    measures: tuple[Line, ...]
    headline: Line | None
    gains: tuple[Line, ...]
    total: Line


def compare(run: Run, summary: Summary) -> Comparison:
    """Put the arms of a run side by side."""
    about = _experiment(run)
    contrast = _contrast(about, summary)
    roles = {gain.role for arm in summary.arms for gain in arm.gains}
    lines = {
        name: _line(summary, contrast, *row)
        for (name, _, _), row in zip(LABELS, summary.rows(), strict=True)
    }
    return Comparison(
        claim=str(about.get("claim", "")),
        closed_form=str(about.get("closed_form", "")),
        margin=str(about.get("margin", "0")),
        contrast=contrast,
        measures=tuple(
            lines[name]
            for name in lines
            if _ONLY_WITH.get(name) in {None, *roles} and summary.says(name)
        ),
        headline=lines.get(str(about.get("measure", ""))),
        gains=_gains(summary, contrast),
        total=_line(summary, contrast, "sum", "", [float(arm.left_over) for arm in summary.arms]),
    )


def signed(value: float) -> str:
    """A difference or a gain, with its sign."""
    return f"+{show(value)}" if value > 0 else show(value)


def _experiment(run: Run) -> dict[str, Any]:
    found: dict[str, Any] = tomllib.loads(run.scenario).get("experiment", {})
    return found


def _contrast(about: dict[str, Any], summary: Summary) -> Effect | None:
    """The experiment's effect, or the second of two arms less the first."""
    names = [arm.arm for arm in summary.arms]
    told = about.get("effect") or []
    for text in [told] if isinstance(told, str) else told:
        effect = parse_effect(text, names)
        if effect.less is not None:
            return effect
    return Effect(names[1], names[0]) if len(names) == 2 else None


def _line(
    summary: Summary, contrast: Effect | None, label: str, unit: str, values: list[float]
) -> Line:
    by_arm = dict(zip((arm.arm for arm in summary.arms), values, strict=True))
    difference = contrast.of(by_arm) if contrast else None
    return Line(label, unit, tuple(values), difference)


def _gains(summary: Summary, contrast: Effect | None) -> tuple[Line, ...]:
    """Holders by what they gained, the winners first; then what was burnt and minted."""
    gained = [{gain.holder: gain for gain in arm.gains if gain.changes} for arm in summary.arms]
    roles = {holder: gain.role for arm in gained for holder, gain in arm.items()}
    values = {
        holder: [float(arm[holder].value) if holder in arm else 0.0 for arm in gained]
        for holder in roles
    }
    dust = _NOTHING * max((abs(each) for row in values.values() for each in row), default=0.0)
    lines = [
        _line(summary, contrast, holder, roles[holder], row)
        for holder, row in values.items()
        if any(abs(each) > dust for each in row)
    ]
    lines.sort(key=lambda line: (-_size(line), line.label))
    return (*lines, *_lines_of_nobody(summary, contrast, dust))


def _lines_of_nobody(summary: Summary, contrast: Effect | None, dust: float) -> list[Line]:
    """What was burnt and what was minted: with it, all gains sum to zero."""
    burnt = [arm.measures["burnt"] for arm in summary.arms]
    minted = [-_newly_minted(arm) for arm in summary.arms]
    return [
        _line(summary, contrast, label, "nobody", row)
        for label, row in (("burnt as base fee", burnt), ("newly minted", minted))
        if any(abs(each) > dust for each in row)
    ]


def _newly_minted(arm: ArmSummary) -> float:
    """What tokens that were minted, less those burned, are worth."""
    total = sum((gain.value for gain in arm.gains), -arm.left_over)
    return float(total) + arm.measures["burnt"]


def _size(line: Line) -> float:
    return line.values[-1] if line.difference is None else line.difference
