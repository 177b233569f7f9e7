"""Reads recorded swaps of Uniswap-v2-style pairs from a CSV file; see docs/replay.md."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from dexsim.errors import ScenarioError
from dexsim.results.mev_records import SwapRecord

TEXTS = ("tx", "pair", "token0", "token1", "sender", "tx_to")
NUMBERS = ("block", "txi", "r0", "r1", "a0in", "a1in", "a0out", "a1out", "r0_post", "r1_post")
COLUMNS = ("trace", *TEXTS, *NUMBERS)

MOST = 2**112 - 1
"""What a pool can hold of a token, in wei."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedSwap:
    """A swap as it was recorded: amounts and reserves in wei, in the order of token0 and token1.

    txi: position of the transaction in its block. trace: place of the call in it. sender: who
    called the pool. tx_to: what the transaction called. origin, to: who signed and who got the
    tokens; "" where the file has no columns for them.
    """

    line: int
    block: int
    txi: int
    trace: tuple[int, ...]
    tx: str
    pair: str
    token0: str
    token1: str
    sender: str
    tx_to: str
    before: tuple[int, int]
    paid_in: tuple[int, int]
    paid_out: tuple[int, int]
    after: tuple[int, int]
    origin: str = ""
    to: str = ""

    @property
    def place(self) -> tuple[int, int, tuple[int, ...]]:
        """Where it stands on the chain."""
        return self.block, self.txi, self.trace

    @property
    def sells(self) -> int:
        """Which of the two tokens it sells: 0 or 1."""
        return int(self.paid_out[1] == 0)


def read(path: Path) -> list[RecordedSwap]:
    """The swaps of a file, in the order of the chain. Raises ScenarioError."""
    try:
        rows = list(_rows(_text(path)))
    except ScenarioError as error:
        raise error.within(file=str(path)) from None
    return sorted(rows, key=lambda row: row.place)


def swap_records(rows: Sequence[RecordedSwap]) -> list[SwapRecord]:
    """The same for the detector of attacks, each once where a block was recorded twice."""
    once = {(row.place, row.pair, row.paid_in, row.paid_out): row for row in rows}
    return [_record(index, row) for index, row in enumerate(once.values())]


def _record(index: int, row: RecordedSwap) -> SwapRecord:
    tokens, sells = (row.token0, row.token1), row.sells
    return SwapRecord(
        block=row.block,
        position=row.txi,
        log_index=index,
        market=row.pair,
        token_in=tokens[sells],
        token_out=tokens[1 - sells],
        amount_in=row.paid_in[sells],
        amount_out=row.paid_out[1 - sells],
        sender=row.sender,
        to=row.to,
        origin=row.origin,
        called=row.tx_to,
    )


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        raise ScenarioError(f"there is no such file (looked from {Path.cwd()})") from None
    except UnicodeDecodeError:
        raise ScenarioError("is not UTF-8 text; save the file as UTF-8") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise ScenarioError(f"cannot be read: {reason}") from None


def _rows(text: str) -> Iterator[RecordedSwap]:
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    try:
        header = reader.fieldnames
        _check(header or ())
        found = False
        for cells in reader:
            found = True
            yield _row(reader.line_num, cells)
    except csv.Error as error:
        raise ScenarioError(f"line {reader.reader.line_num}: not CSV: {error}") from None
    if not found:
        raise ScenarioError("line 2: has no swaps; each line below the first is one")


def _check(header: Sequence[str]) -> None:
    if not header:
        raise ScenarioError(f"line 1: is empty; it names the columns: {', '.join(COLUMNS)}")
    for column in COLUMNS:
        if column not in header:
            raise ScenarioError(
                f"line 1, column {column!r}: is missing; the columns are {', '.join(COLUMNS)}"
            )


def _row(line: int, cells: Mapping[str | None, str | list[str] | None]) -> RecordedSwap:
    if None in cells:
        raise ScenarioError(f"line {line}: has more cells than line 1 names columns")
    texts = {column: _cell(line, cells, column) for column in TEXTS}
    n = {column: _number(line, column, _cell(line, cells, column)) for column in NUMBERS}
    return RecordedSwap(
        line=line,
        block=n["block"],
        txi=n["txi"],
        trace=_trace(line, _cell(line, cells, "trace")),
        **{column: text.lower() for column, text in texts.items()},
        before=(n["r0"], n["r1"]),
        paid_in=(n["a0in"], n["a1in"]),
        paid_out=(n["a0out"], n["a1out"]),
        after=(n["r0_post"], n["r1_post"]),
        origin=str(cells.get("tx_from") or "").lower(),
        to=str(cells.get("to") or "").lower(),
    )


def _cell(line: int, cells: Mapping[str | None, str | list[str] | None], column: str) -> str:
    text = cells[column]
    if not isinstance(text, str) or not text.strip():
        raise ScenarioError(f"line {line}, column {column!r}: is empty")
    return text.strip()


def _number(line: int, column: str, text: str) -> int:
    if not (text.isascii() and text.isdigit()) or len(text) > len(str(MOST)) or int(text) > MOST:
        raise ScenarioError(
            f"line {line}, column {column!r}: {text[:60]!r} is no whole number from 0 to 2**112 - 1"
        )
    return int(text)


def _trace(line: int, text: str) -> tuple[int, ...]:
    parts = text.split(".")
    if not all(part.isascii() and part.isdigit() and len(part) < 10 for part in parts):
        raise ScenarioError(
            f"line {line}, column 'trace': {text[:60]!r} is no place of a call; "
            "write whole numbers with dots between: 2.0.3"
        )
    return tuple(map(int, parts))
