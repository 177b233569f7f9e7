"""Rows to columns: collects what is recorded, and makes Arrow tables of it."""

from __future__ import annotations

from collections.abc import Iterable, KeysView, Mapping
from functools import cache
from operator import itemgetter
from typing import Any, NoReturn

import numpy as np
import pyarrow as pa

from dexsim.results.tables import COMMON, Column, Kind, Table

_DIGITS = 38
_TOO_MUCH = 10**_DIGITS
_ARROW = {
    Kind.TEXT: pa.string(),
    Kind.INT: pa.int64(),
    Kind.FLOAT: pa.float64(),
    Kind.BOOL: pa.bool_(),
    Kind.BYTES: pa.binary(),
    Kind.WEI: pa.decimal128(_DIGITS, 0),
    Kind.TEXTS: pa.list_(pa.string()),
}


CHUNK_ROWS = 4_096
"""Rows that are kept as Python values before they become columns."""


class Wei:
    """An amount on its way into a WEI column: the integer, and how many decimals make a token."""

    __slots__ = ("amount", "decimals")

    def __init__(self, amount: int, decimals: int = 18) -> None:
        self.amount = amount
        self.decimals = decimals


@cache
def _one(decimals: int) -> float:
    """A whole token in wei."""
    return float(10**decimals)


class Rows:
    """The rows of one table while they are collected."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self._names = {column.name for column in table.columns}
        self._rows: list[dict[str, Any]] = []
        self._chunks: list[pa.Table] = []

    def add(self, **row: Any) -> None:
        """One row. Raises KeyError for a column that the table has not, ValueError for a missing one."""
        if row.keys() != self._names:
            self._refuse(row.keys())
        self._rows.append(row)
        if len(self._rows) >= CHUNK_ROWS:
            self._store()

    def _refuse(self, names: KeysView[str]) -> NoReturn:
        if unknown := names - self._names:
            raise KeyError(*sorted(unknown))
        missing = ", ".join(sorted(self._names - names))
        raise ValueError(f"{self.table.name}: a row without {missing}")

    def _store(self) -> None:
        """The rows so far become columns: a tenth of the memory, and nothing for the collector to visit."""
        self._chunks.append(self._columns(self._rows))
        self._rows = []

    def _columns(self, rows: list[dict[str, Any]]) -> pa.Table:
        arrays: dict[str, pa.Array] = {}
        for column in self.table.columns:
            arrays.update(_arrays(column, list(map(itemgetter(column.name), rows))))
        return pa.table(arrays)

    def to_arrow(self, common: Mapping[str, Any]) -> pa.Table:
        """The table, with the common columns in front. Integers stay exact."""
        own = pa.concat_tables([*self._chunks, self._columns(self._rows)]).combine_chunks()
        return fronted(own, common)


def fronted(own: pa.Table, common: Mapping[str, Any]) -> pa.Table:
    """A table with the common columns in front of its own."""
    front = {
        column.name: pa.repeat(pa.scalar(common[column.name], _ARROW[column.kind]), len(own))
        for column in COMMON
    }
    return pa.table(front | dict(zip(own.column_names, own.columns, strict=True)))


def _arrays(column: Column, values: list[Any]) -> Iterable[tuple[str, pa.Array]]:
    if column.kind is not Kind.WEI:
        return [(column.name, pa.array(values, _ARROW[column.kind]))]
    # Whole tokens, as near as a float comes.
    tokens = [None if value is None else value.amount / _one(value.decimals) for value in values]
    return [
        (column.name, _amounts([None if value is None else value.amount for value in values])),
        (f"{column.name}_tokens", pa.array(tokens, pa.float64())),
    ]


def _amounts(exact: list[int | None]) -> pa.Array:
    """Integers as 128-bit decimals; a seventh of the time that pyarrow takes, one by one.

    Raises ArrowInvalid for one of more than 38 digits.
    """
    held = [0 if amount is None else amount for amount in exact]
    if held and not -_TOO_MUCH < min(held) <= max(held) < _TOO_MUCH:
        raise pa.ArrowInvalid(f"more than {_DIGITS} digits: {max(held, key=abs)}")
    words = b"".join([amount.to_bytes(16, "little", signed=True) for amount in held])
    there = None
    if None in exact:
        there = pa.py_buffer(np.packbits([a is not None for a in exact], bitorder="little"))
    return pa.Array.from_buffers(_ARROW[Kind.WEI], len(exact), [there, pa.py_buffer(words)])


def schema(table: Table) -> pa.Schema:
    """The Arrow schema of a table as it is on disk."""
    return Rows(table).to_arrow(dict.fromkeys(column.name for column in COMMON)).schema
