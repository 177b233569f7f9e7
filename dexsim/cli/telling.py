"""A run told in plain text: within 80 columns for two arms, never cut off."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction

from dexsim.cli.console import faint, strong
from dexsim.report.comparison import Comparison, Line, compare, signed
from dexsim.results.lp_parts import LpParts
from dexsim.results.run import Run
from dexsim.results.summary import NO_PEOPLE, ArmSummary, Summary, show

_WIDTH = 80
_FRONT, _CELL = 32, 16
_SIDE_BY_SIDE = (_WIDTH - _FRONT) // _CELL
_ENTRY = 10

_Row = tuple[str, str, list[str]]
"""A label, a unit or a role, and the cells."""


def told(run: Run, summary: Summary) -> list[str]:
    """Everything that `dexsim run` says of a run."""
    comparison = compare(run, summary)
    return [
        *_head(summary),
        *_claim(comparison),
        "",
        *_measures(summary, comparison),
        "",
        *_gains(summary, comparison),
        "",
        *_liquidity(summary),
        *_conservation(summary),
        "",
        *_identity(run, summary),
    ]


def entry(name: str, *lines: str) -> list[str]:
    """Lines with a name in front of the first."""
    return [f"{name if not i else '':<{_ENTRY}}{line}" for i, line in enumerate(lines)]


def troubles(summary: Summary) -> list[str]:
    """What does not close, in words."""
    return [f"{arm.arm}: {trouble}" for arm in summary.arms for trouble in arm.troubles()]


def _head(summary: Summary) -> list[str]:
    return [strong(line) for line in textwrap.wrap(summary.title or "run", _WIDTH)]


def _claim(comparison: Comparison) -> list[str]:
    """The claim, what theory says, and what this one run says about it."""
    texts = (("Claim", comparison.claim), ("Theory", comparison.closed_form))
    lines = [
        line for word, text in texts if text for line in textwrap.wrap(f"{word}: {text}", _WIDTH)
    ]
    headline = comparison.headline
    if headline is not None and headline.difference is not None:
        effect = f"{signed(headline.difference)} {headline.unit}".rstrip()
        lines.append(f"This run: {headline.label.strip()}, {comparison.contrast}: {effect}.")
        above = headline.difference > float(comparison.margin)
        words = "above" if above else "not above"
        lines.append(f"That is {words} the margin of {comparison.margin}; one seed is no finding.")
    return lines


def _measures(summary: Summary, comparison: Comparison) -> list[str]:
    rows = _rows(comparison.measures, show)
    return _table("What happened", _heads(summary, comparison), rows)


def _gains(summary: Summary, comparison: Comparison) -> list[str]:
    """Who gained and who paid, and that it sums to zero."""
    title = f"Who gained and who paid, in {summary.numeraire}"
    rows = [*_rows(comparison.gains, signed), *_rows([comparison.total], show)]
    closes = all(not arm.left_over for arm in summary.arms)
    says = "All gains and losses sum to 0." if closes else "The gains and losses do NOT sum to 0."
    how = "Changes of what each holds, at the last outside prices, or else the pools'."
    return [*_table(title, _heads(summary, comparison), rows), says, how]


def _liquidity(summary: Summary) -> list[str]:
    """For everybody who provides liquidity: what it brought, by cause; nothing without providers."""
    lines = []
    for arm in summary.arms if any(arm.has_providers for arm in summary.arms) else ():
        people = [parts for parts in arm.liquidity if parts.role not in NO_PEOPLE]
        if not people:
            continue
        several = len({parts.market for parts in people}) > 1
        heads = [f"{p.holder}, {p.market}" if several else p.holder for p in people]
        rows: list[_Row] = [
            (label, summary.numeraire, [signed(float(amount(parts))) for parts in people])
            for label, amount in _PARTS.items()
            if any(abs(amount(parts)) > _DUST for parts in people)
        ]
        title = "What liquidity brought" + (f" in {arm.arm}" if len(summary.arms) > 1 else "")
        how = "At each block's prices. LVR, loss-versus-rebalancing: what trades took beyond fees."
        lines += [*_table(title, heads, rows), *textwrap.wrap(how, _WIDTH), ""]
    return lines


def _profit_cashed_out(parts: LpParts) -> Fraction:
    """Nothing to say without rewards: it is the profit."""
    return parts.profit_cashed_out if parts.rewards.at_market else Fraction(0)


_DUST = 1e-9
_PARTS: dict[str, Callable[[LpParts], Fraction]] = {
    "price moves": lambda parts: parts.exposure,
    "fees": lambda parts: parts.fees,
    "trades beyond fees (-LVR)": lambda parts: -parts.lvr,
    "trades, not to be split": lambda parts: parts.trading,
    "other": lambda parts: parts.other,
    "rewards, at market": lambda parts: parts.rewards.at_market,
    "gas": lambda parts: -parts.gas,
    "profit": lambda parts: parts.profit,
    "rewards, as they were sold": lambda parts: parts.rewards.cashed_out,
    "rewards, kept": lambda parts: parts.rewards.kept,
    "profit with these": _profit_cashed_out,
}


def _heads(summary: Summary, comparison: Comparison) -> list[str]:
    names = [arm.arm for arm in summary.arms]
    return [*names, str(comparison.contrast)] if comparison.contrast else names


def _rows(lines: Iterable[Line], show_value: Callable[[float], str]) -> list[_Row]:
    rows = []
    for line in lines:
        cells = [show_value(value) for value in line.values]
        if line.difference is not None:
            cells.append(signed(line.difference))
        rows.append((line.label, line.unit, cells))
    return rows


def _table(title: str, heads: Sequence[str], rows: Sequence[_Row]) -> list[str]:
    """A column an arm, as many as fit beside each other; the others in a table below."""
    unit = max(len(unit) for _, unit, _ in rows) + 2
    label = max(_FRONT - unit, *(len(label) for label, _, _ in rows))
    lines = [strong(title)]
    for first in range(0, len(heads), _SIDE_BY_SIDE):
        part = slice(first, first + _SIDE_BY_SIDE)
        widths = [max(_CELL, len(head) + 2) for head in heads[part]]
        lines.append(strong(" " * (label + unit) + _cells(heads[part], widths)))
        for name, of_what, cells in rows:
            lines.append(f"{name:<{label}}{of_what:>{unit}}" + _cells(cells[part], widths))
    return lines


def _cells(cells: Sequence[str], widths: Sequence[int]) -> str:
    return "".join(f"{cell:>{width}}" for cell, width in zip(cells, widths, strict=True))


def _conservation(summary: Summary) -> list[str]:
    """Every token of every arm: holders' changes against what was minted and burned."""
    lines = [strong("Conservation, exact to the smallest unit")]
    width = max(_ENTRY, *(len(arm.arm) for arm in summary.arms))
    for arm in summary.arms:
        lines += [f"  {arm.arm:<{width}} {told}" for told in arm.conservation()]
        for told in arm.emitted():
            first, rest = f"  {arm.arm:<{width}} ", " " * (width + 3)
            lines += textwrap.wrap(told, _WIDTH, initial_indent=first, subsequent_indent=rest)
    if not summary.closes:
        lines += [f"  NOT closed: {trouble}" for trouble in troubles(summary)]
    return lines


def _identity(run: Run, summary: Summary) -> list[str]:
    blocks = "/".join(dict.fromkeys(str(arm.blocks) for arm in summary.arms))
    version = run.manifest["versions"]["dexsim"]
    return [
        *entry(
            "run",
            f"seed {summary.seed}, {blocks} blocks, engine {summary.engine}, dexsim {version}",
        ),
        *entry("digest", summary.digest[:16] + _arm_digests(summary.arms)),
    ]


def _arm_digests(arms: Sequence[ArmSummary]) -> str:
    if len(arms) == 1:
        return ""
    told = ", ".join(f"{arm.arm} {arm.digest[:8]}" for arm in arms)
    return " " + faint(f"({told})")
