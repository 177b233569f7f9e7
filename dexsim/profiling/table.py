"""A profile to read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from dexsim.profiling.profile import Profile

_WIDE = 60


def as_text(found: Profile, *, lines: int = 30) -> str:
    """Two tables, the dearest first: lines of source, of which so many, and calls."""
    return f"{_lines(found, lines)}\n\n{_calls(found)}"


def _lines(found: Profile, most: int) -> str:
    total = found.gas
    costs = sorted(found.lines.items(), key=lambda item: (-item[1].gas, item[0]))
    rows = [
        (
            f"{cost.gas:,}",
            f"{100 * cost.gas / total:.1f} %" if total else "",
            f"{cost.hits:,}",
            str(place),
            place.text[:_WIDE],
        )
        for place, cost in costs[:most]
    ]
    rest = sum(cost.gas for _, cost in costs[most:])
    if rest:
        rows.append((f"{rest:,}", "", "", f"({len(costs) - most} more)", ""))
    rows.append((f"{total:,}", "", "", "(all)", ""))
    return _table(("Gas", "Share", "Hits", "Line", ""), rows, right=3)


def _calls(found: Profile) -> str:
    ordered = sorted(found.calls.items(), key=lambda item: (-sum(item[1].total), item[0]))
    rows = [
        (
            f"{len(cost.total):,}",
            *_spread(cost.own),
            *_spread(cost.total),
            f"{contract}.{function}",
        )
        for (contract, function), cost in ordered
    ]
    heads = ("Calls", "Own min", "mean", "max", "Total min", "mean", "max", "Function")
    return _table(heads, rows, right=7)


def _spread(gas: Sequence[int]) -> tuple[str, str, str]:
    return f"{min(gas):,}", f"{sum(gas) // len(gas):,}", f"{max(gas):,}"


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]], *, right: int) -> str:
    everything = [heads, *rows]
    widths = [max(len(row[column]) for row in everything) for column in range(len(heads))]
    return "\n".join(
        "  ".join(
            cell.rjust(width) if column < right else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in everything
    )
