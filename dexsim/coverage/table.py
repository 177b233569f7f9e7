"""Coverage to read: a table for people, lcov for editors and services."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from dexsim.coverage.measured import FileCoverage

_HEADS = ("File", "Stmts", "Miss", "Branch", "BrPart", "Cover", "Missing")


def as_text(files: Sequence[FileCoverage], root: Path | None = None) -> str:
    """A table with a line a file and the sum.

    Missing: lines that never ran, then decisions with what they never came to:
    "41 never refused".
    """
    rows = [_HEADS, *(_row(file, root) for file in files)]
    if len(files) > 1:
        rows.append(_sum(files))
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEADS) - 1)]
    return "\n".join(_line(row, widths) for row in rows)


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    cells = [row[0].ljust(widths[0])]
    cells += [cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=False)]
    return "  ".join([*cells, row[-1]]).rstrip()


def _row(file: FileCoverage, root: Path | None) -> tuple[str, ...]:
    counts = len(file.statements), file.missed, file.branches, file.partial
    missing = ", ".join([*_missing_lines(file), *_missing_outcomes(file)])
    return (_name(file.path, root), *map(str, counts), _percent(file.percent), missing)


def _sum(files: Sequence[FileCoverage]) -> tuple[str, ...]:
    everything = FileCoverage(
        path=Path("Total"),
        statements=tuple(each for file in files for each in file.statements),
        functions=(),
    )
    return (*_row(everything, None)[:-1], "")


def _percent(percent: float) -> str:
    # 100 % is said only of what has been reached altogether.
    return f"{int(percent)} %"


def _name(path: Path, root: Path | None) -> str:
    if root is not None and path.is_relative_to(root.resolve()):
        return path.relative_to(root.resolve()).as_posix()
    return str(path) if path.is_absolute() else os.fspath(path)


def _missing_lines(file: FileCoverage) -> Iterator[str]:
    """Ranges of lines; one range as long as no statement that ran lies between."""
    first = last = 0
    for each in file.statements:
        if not each.hits:
            first, last = first or each.line, each.end_line
        elif first:
            yield _range(first, last)
            first = 0
    if first:
        yield _range(first, last)


def _range(first: int, last: int) -> str:
    return str(first) if first == last else f"{first}-{last}"


def _missing_outcomes(file: FileCoverage) -> Iterator[str]:
    for each in file.statements:
        if each.is_partial:
            yield f"{each.line} never {' or '.join(each.missing)}"


def as_lcov(files: Iterable[FileCoverage], root: Path | None = None) -> str:
    """lcov's tracefile (`man geninfo`): lines, functions and branches, a record a file.

    Counts are of calls. A line of several statements counts the least of them.
    """
    return "".join(f"{line}\n" for file in files for line in _record(file, root))


def _record(file: FileCoverage, root: Path | None) -> Iterator[str]:
    yield "TN:"
    yield f"SF:{_name(file.path, root)}"
    yield from (f"FN:{each.line},{each.name}" for each in file.functions)
    yield from (f"FNDA:{each.hits},{each.name}" for each in file.functions)
    yield f"FNF:{len(file.functions)}"
    yield f"FNH:{sum(bool(each.hits) for each in file.functions)}"
    yield from _branches(file)
    yield f"BRF:{file.branches}"
    yield f"BRH:{file.branches - file.missed_branches}"
    lines = _lines(file)
    yield from (f"DA:{line},{count}" for line, count in sorted(lines.items()))
    yield f"LF:{len(lines)}"
    yield f"LH:{sum(bool(count) for count in lines.values())}"
    yield "end_of_record"


def _branches(file: FileCoverage) -> Iterator[str]:
    """Decisions of one line are blocks of their own: readers add up what has the same numbers."""
    blocks: Counter[int] = Counter()
    for each in file.statements:
        if each.outcomes:
            for number, (_, count) in enumerate(each.outcomes):
                told = count if each.hits else "-"
                yield f"BRDA:{each.line},{blocks[each.line]},{number},{told}"
            blocks[each.line] += 1


def _lines(file: FileCoverage) -> dict[int, int]:
    lines: dict[int, int] = {}
    for each in file.statements:
        for line in range(each.line, each.end_line + 1):
            lines[line] = min(each.hits, lines.get(line, each.hits))
    return lines
