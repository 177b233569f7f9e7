"""A report for people."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from dexsim.conformance.verdict import BROKEN, KEPT, UNCHECKED, Counterexample, Report, Verdict

_MOST_LINES = 30
_WIDTH = 100


def told(report: Report) -> str:
    """A line for every property, and below them what broke the broken ones."""
    lines = [_head(report), "", *map(_line, report.verdicts)]
    if report.of(BROKEN) and report.of(UNCHECKED):
        lines += ["", "What is broken ended the histories before the rest could be checked."]
    for verdict in report.of(BROKEN):
        lines += ["", *_broken(verdict)]
    return "\n".join(lines)


def _head(report: Report) -> str:
    counts = [f"{len(report.of(outcome))} {outcome}" for outcome in (KEPT, BROKEN, UNCHECKED)]
    shown = [count for count in counts if not count.startswith("0 ")]
    return f"{report.pool}: {len(report.verdicts)} properties, {', '.join(shown)}"


def _line(verdict: Verdict) -> str:
    outcome = verdict.outcome
    told = f"kept, {verdict.times:,} times" if outcome == KEPT else outcome.upper()
    return f"  {verdict.about.id}  {verdict.about.name:<40} {told}"


def _broken(verdict: Verdict) -> Iterator[str]:
    found = verdict.counterexample
    assert found is not None
    yield f"{verdict.about.id} broken: {verdict.about.name}"
    yield from _wrapped(f"it says: {verdict.about.says}")
    yield f"  expected {without_id(found.expected)}"
    yield "  the shortest history that was found:"
    yield from (f"    {line}" for line in _story(found))


def _wrapped(text: str) -> list[str]:
    return textwrap.wrap(text, width=_WIDTH, initial_indent="  ", subsequent_indent="    ")


def _story(found: Counterexample) -> list[str]:
    lines = [
        line
        for number, (rule, _) in enumerate(found.steps, 1)
        for line in (rule.replace("_", " "), *told_in(found, number))
    ]
    left_out = len(lines) - _MOST_LINES
    if left_out <= 0:
        return lines
    return [*lines[: _MOST_LINES // 2], f"... {left_out} lines ...", *lines[-_MOST_LINES // 2 :]]


def told_in(found: Counterexample, number: int) -> list[str]:
    """What happened in a step of the history, indented."""
    return [f"  {line}" for at, line in found.story if at == number]


def without_id(expected: str) -> str:
    """What was expected, without the id that it begins with."""
    return (expected.partition(": ")[2] or expected).removeprefix("expected ")
