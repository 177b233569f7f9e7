"""Rows to columns: collects what is recorded, and makes Arrow tables of it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, KeysView, Mapping, Sequence
from operator import itemgetter
from typing import Any, NamedTuple, NoReturn

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from dexsim.results.tables import COMMON, Column, Kind, Table

_DIGITS = 38
_TOO_MUCH = 10**_DIGITS
_HALF, _SIGN = 2**63, 63
_ARROW = {
    Kind.TEXT: pa.string(),
    Kind.INT: pa.int64(),
    Kind.FLOAT: pa.float64(),
    Kind.BOOL: pa.bool_(),
    Kind.BYTES: pa.binary(),
    Kind.WEI: pa.decimal128(_DIGITS, 0),
    Kind.TEXTS: pa.list_(pa.string()),
}


USUAL_DECIMALS = 18
"""Of native money, and of pools' shares."""


class WeiCell(NamedTuple):
    """An amount on its way into a WEI column: the integer, and how many decimals make a token."""

    amount: int
    decimals: int = USUAL_DECIMALS


class WeiCells(NamedTuple):
    """A WEI column on its way: integers, or None; decimals: of all of them, or of each."""

    amounts: Sequence[int | None]
    decimals: int | Sequence[int] = USUAL_DECIMALS


_ONE = np.array([float(10**decimals) for decimals in range(256)])
"""A whole token in wei, by its decimals."""


class Collected(ABC):
    """The rows of one table while they are collected.

    chunk: how many are kept as Python values before they become columns.
    """

    chunk = 4_096

    def __init__(self, table: Table) -> None:
        self.table = table
        self._names = {column.name for column in table.columns}
        self._chunks: list[pa.Table] = []

    @abstractmethod
    def _taken(self) -> Mapping[str, Any]:
        """What is not in columns yet, by column: lists, of a WEI column `WeiCells`; forgotten with that."""

    def _store(self) -> None:
        """The rows so far become columns: a tenth of the memory, and nothing for the collector to visit."""
        values = self._taken()
        arrays: dict[str, pa.Array] = {}
        for column in self.table.columns:
            arrays.update(_arrays(column, values[column.name]))
        self._chunks.append(pa.table(arrays))

    def to_arrow(self, common: Mapping[str, Any]) -> pa.Table:
        """The table, with the common columns in front. Integers stay exact."""
        self._store()
        return fronted(pa.concat_tables(self._chunks), common)


class Rows(Collected):
    """Rows that are written down column by column."""

    def __init__(self, table: Table) -> None:
        super().__init__(table)
        self._rows: list[dict[str, Any]] = []

    def add(self, **row: Any) -> None:
        """One row. Raises KeyError for a column that the table has not, ValueError for a missing one."""
        if row.keys() != self._names:
            self._refuse(row.keys())
        self._rows.append(row)
        if len(self._rows) >= self.chunk:
            self._store()

    def _refuse(self, names: KeysView[str]) -> NoReturn:
        if unknown := names - self._names:
            raise KeyError(*sorted(unknown))
        missing = ", ".join(sorted(self._names - names))
        raise ValueError(f"{self.table.name}: a row without {missing}")

    def _taken(self) -> Mapping[str, Any]:
        rows, self._rows = self._rows, []
        taken = {name: list(map(itemgetter(name), rows)) for name in self._names}
        wei = [column.name for column in self.table.columns if column.kind is Kind.WEI]
        return taken | {name: _split(taken[name]) for name in wei}


def _split(cells: Sequence[WeiCell | None]) -> WeiCells:
    amounts = [None if cell is None else cell.amount for cell in cells]
    return WeiCells(amounts, [0 if cell is None else cell.decimals for cell in cells])


def fronted(own: pa.Table, common: Mapping[str, Any]) -> pa.Table:
    """A table with the common columns in front of its own."""
    front = {
        column.name: pa.repeat(pa.scalar(common[column.name], _ARROW[column.kind]), len(own))
        for column in COMMON
    }
    return pa.table(front | dict(zip(own.column_names, own.columns, strict=True)))


def _arrays(column: Column, values: Any) -> Iterable[tuple[str, pa.Array]]:
    """values: as many as there are rows; of a WEI column `WeiCells`."""
    if column.kind is not Kind.WEI:
        return [(column.name, pa.array(values, _ARROW[column.kind]))]
    amounts, decimals = values
    wei = np.array(amounts, np.float64)  # what is missing is no number
    nothing = np.isnan(wei)
    missing = nothing if nothing.any() else None
    # Whole tokens, as near as a float comes.
    tokens = wei / _ONE[np.array(decimals, np.intp)]
    return [
        (column.name, _amounts(amounts, missing)),
        (f"{column.name}_tokens", pa.array(tokens, pa.float64(), mask=missing)),
    ]


def _amounts(amounts: Sequence[int | None], missing: npt.NDArray[np.bool_] | None) -> pa.Array:
    """Integers as 128-bit decimals; a small part of the time that pyarrow takes, one by one.

    Raises ArrowInvalid for one of more than 38 digits.
    """
    there = None if missing is None else pa.py_buffer(np.packbits(~missing, bitorder="little"))
    words = pa.py_buffer(_words([amount or 0 for amount in amounts]))
    return pa.Array.from_buffers(_ARROW[Kind.WEI], len(amounts), [there, words])


def _words(exact: Sequence[int]) -> bytes:
    """Of 16 bytes each, lowest first, two's complement."""
    least, most = min(exact, default=0), max(exact, default=0)
    if -_HALF <= least <= most < _HALF:
        words = np.empty((len(exact), 2), "<i8")
        words[:, 0] = exact
        words[:, 1] = words[:, 0] >> _SIGN
        return words.tobytes()
    if not -_TOO_MUCH < least <= most < _TOO_MUCH:
        raise pa.ArrowInvalid(f"more than {_DIGITS} digits: {max(exact, key=abs)}")
    return b"".join([amount.to_bytes(16, "little", signed=True) for amount in exact])


def schema(table: Table) -> pa.Schema:
    """The Arrow schema of a table as it is on disk."""
    return Rows(table).to_arrow(dict.fromkeys(column.name for column in COMMON)).schema
