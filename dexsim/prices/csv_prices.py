"""Recorded prices from a CSV file.

The file is UTF-8 text, separated by commas; its first line names the columns. Times are UTC
where they name no other zone; the last observation holds until the next, so that a gap in the
data is the price before it. Whatever is wrong is told with its line in the file and its column.
"""

from __future__ import annotations

import csv
import io
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import ClassVar

from dexsim.description import Text, description
from dexsim.errors import ScenarioError
from dexsim.prices.cells import parse_price, parse_time
from dexsim.prices.columns import price_column, time_column
from dexsim.prices.process import PricePath
from dexsim.streams import Streams

Row = tuple[int, list[str]]
"""A line number in the file (the first is 1) and the cells found there."""


@description
class Csv:
    """The prices of a CSV file, every digit of them as it was written.

    Time in the run is time in the file: whatever `start_ms` was asked for, the path begins at
    `first_ms`, and the run ends at `end_ms`.

    Without `time_column`, the time is the column called timestamp, time, date or datetime.
    Without `price_column`, the price is the only column whose name begins with "price", or else
    the only other column, or else the only other one that holds a number in the first row. Where
    that leaves a choice, it is refused, and the columns are listed.

    Times are ISO 8601 or whole seconds or milliseconds since 1970, and strictly increase; prices
    are above zero.
    """

    kind: ClassVar[str] = "csv"

    path: Text
    time_column: Text | None = None
    price_column: Text | None = None

    def begin(self, streams: Streams, start_ms: int) -> PricePath:
        """The path in the file, which is read now; nothing is drawn."""
        try:
            return self._read()
        except ScenarioError as error:
            raise error.within(file=self.path) from None

    def _read(self) -> RecordedPath:
        rows = _rows(_text(self.path))
        header = _header(rows)
        first = next(rows, None)
        if first is None:
            raise ScenarioError("holds a header and no rows; it needs at least one price")
        _check_width(first, header)
        when = time_column(header, self.time_column)
        price = price_column(header, self.price_column, when, first[1])
        times: list[int] = []
        prices: list[Decimal] = []
        for row in (first, *rows):
            _check_width(row, header)
            times.append(_time(row, header, when, times))
            prices.append(_price(row, header, price))
        return RecordedPath(times, prices)


@dataclass(frozen=True, slots=True)
class RecordedPath:
    """Recorded prices: times in milliseconds, strictly increasing, and a price for each."""

    times: list[int]
    prices: list[Decimal]

    @property
    def first_ms(self) -> int | None:
        return self.times[0]

    @property
    def end_ms(self) -> int | None:
        return self.times[-1]

    def at(self, time_ms: int) -> Decimal:
        return self.prices[max(bisect_right(self.times, time_ms) - 1, 0)]


def _text(path: str) -> str:
    try:
        content = Path(path).read_bytes()
    except FileNotFoundError:
        raise ScenarioError(
            f"there is no such file (looked from {Path.cwd()})", key="path"
        ) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise ScenarioError(f"cannot be read: {reason}", key="path") from None
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise ScenarioError(f"line {line}: not UTF-8 text; save the file as UTF-8") from None


def _rows(text: str) -> Iterator[Row]:
    """The rows that are not blank, with their line numbers and without surrounding spaces."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        for cells in reader:
            if len(cells) > 1 or "".join(cells).strip():
                yield reader.line_num, [cell.strip() for cell in cells]
    except csv.Error as error:
        raise ScenarioError(f"line {reader.line_num}: not CSV: {error}") from None


def _header(rows: Iterator[Row]) -> list[str]:
    first = next(rows, None)
    if first is None:
        raise ScenarioError("is empty; the first line names the columns, each further one is a row")
    return first[1]


def _check_width(row: Row, header: list[str]) -> None:
    line, cells = row
    if len(cells) < len(header):
        raise ScenarioError(
            f"line {line}, column {header[len(cells)]!r}: is missing; "
            f"the row has {len(cells)} of {len(header)} columns"
        )
    if len(cells) > len(header):
        raise ScenarioError(
            f"line {line}, after column {header[-1]!r}: {cells[len(header)]!r} has no column; "
            f"the header names {len(header)}, the row has {len(cells)}"
        )


def _time(row: Row, header: list[str], column: int, before: list[int]) -> int:
    line, cells = row
    where = f"line {line}, column {header[column]!r}"
    try:
        time_ms = parse_time(cells[column])
    except ValueError as error:
        raise ScenarioError(f"{where}: {error}") from None
    if before and time_ms <= before[-1]:
        raise ScenarioError(
            f"{where}: {cells[column]!r} is not after the time of the row before it; "
            "times strictly increase, by a millisecond at least"
        )
    return time_ms


def _price(row: Row, header: list[str], column: int) -> Decimal:
    line, cells = row
    try:
        return parse_price(cells[column])
    except ValueError as error:
        raise ScenarioError(f"line {line}, column {header[column]!r}: {error}") from None
