"""The table of `dexsim gas`: within 80 columns, unless there is something unusual to tell."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING

from dexsim.cli.console import faint, strong

if TYPE_CHECKING:
    from dexsim.gas.rows import Row
    from dexsim.gas.snapshot import Snapshot

_WIDTH = 80
_CELL = 11


def gas_table(rows: Sequence[Row], snapshot: Snapshot) -> list[str]:
    """Group by group, and how to read it."""
    heads = list(_cells(rows[0], rows))
    width = max(len(row.flow.name) for row in rows)
    lines, group = [strong(_line("", heads, width))], ""
    for row in rows:
        if row.flow.group != group:
            group = row.flow.group
            lines += ["", strong(group)]
        lines.append(_line(row.flow.name, list(_cells(row, rows).values()), width))
    return [*lines, "", *_notes(rows), *_reading(rows, snapshot)]


def _line(name: str, cells: Sequence[str], width: int) -> str:
    return f"{name:<{width}}" + "".join(f"{cell:>{_CELL}}" for cell in cells)


def _cells(row: Row, rows: Sequence[Row]) -> dict[str, str]:
    """The cells by their heads; columns in which nothing would be told are left out."""
    cells = {"gas": f"{row.gas:,}"}
    if row.yours is not None:
        cells["yours"] = f"{row.yours:,}"
        cells["more"] = f"{row.yours - row.gas:+,}"
    cells["Uniswap v2"] = "-" if row.uniswap is None else f"{row.uniswap:,}"
    cells["saved"] = "-" if row.saved_percent is None else f"{row.saved_percent} %"
    if not all(each.is_recorded for each in rows):
        cells["change"] = "new" if row.recorded is None else f"{row.gas - row.recorded:+,}"
    return cells


def _notes(rows: Sequence[Row]) -> list[str]:
    lines = []
    for row in rows:
        if row.flow.note:
            lines += textwrap.wrap(f"{row.flow.name}: {row.flow.note}", _WIDTH)
    return lines


def _reading(rows: Sequence[Row], snapshot: Snapshot) -> list[str]:
    """What the figures are, and whether they are those of the snapshot."""
    what = (
        f"Gas of whole transactions at {snapshot.fork.capitalize()} rules, {snapshot.compiler}. "
        "Uniswap v2: its published bytecode in the same flows with the same tokens, as recorded."
    )
    changed = sum(not row.is_recorded for row in rows)
    same = f"{changed} of {len(rows)} changed" if changed else "nothing changed"
    return [*textwrap.wrap(what, _WIDTH), faint(f"Since snapshot {snapshot.digest}: {same}.")]
