"""Rows to columns: collects what is recorded, and makes Arrow tables of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pyarrow as pa

from dexsim.results.tables import COMMON, Column, Kind, Table

_ARROW = {
    Kind.TEXT: pa.string(),
    Kind.INT: pa.int64(),
    Kind.FLOAT: pa.float64(),
    Kind.BOOL: pa.bool_(),
    Kind.BYTES: pa.binary(),
    Kind.WEI: pa.decimal128(38, 0),
    Kind.TEXTS: pa.list_(pa.string()),
}


class Wei:
    """An amount on its way into a WEI column: the integer, and how many decimals make a token."""

    __slots__ = ("amount", "decimals")

    def __init__(self, amount: int, decimals: int = 18) -> None:
        self.amount = amount
        self.decimals = decimals

    @property
    def tokens(self) -> float:
        """Whole tokens, as near as a float comes."""
        return self.amount / float(10**self.decimals)


class Rows:
    """The rows of one table while they are collected."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self._values: dict[str, list[Any]] = {column.name: [] for column in table.columns}

    def add(self, **row: Any) -> None:
        """One row. Raises KeyError for a column that the table has not, ValueError for a missing one."""
        if len(row) != len(self._values):
            missing = set(self._values) - set(row)
            raise ValueError(f"{self.table.name}: a row without {', '.join(sorted(missing))}")
        for name, value in row.items():
            self._values[name].append(value)

    def to_arrow(self, common: Mapping[str, Any]) -> pa.Table:
        """The table, with the common columns in front. Integers stay exact."""
        size = len(next(iter(self._values.values())))
        arrays: dict[str, pa.Array] = {
            column.name: pa.array([common[column.name]] * size, _ARROW[column.kind])
            for column in COMMON
        }
        for column in self.table.columns:
            arrays.update(_arrays(column, self._values[column.name]))
        return pa.table(arrays)


def _arrays(column: Column, values: list[Any]) -> Iterable[tuple[str, pa.Array]]:
    if column.kind is not Kind.WEI:
        return [(column.name, pa.array(values, _ARROW[column.kind]))]
    exact = [None if value is None else value.amount for value in values]
    tokens = [None if value is None else value.tokens for value in values]
    return [
        (column.name, pa.array(exact, _ARROW[Kind.WEI])),
        (f"{column.name}_tokens", pa.array(tokens, pa.float64())),
    ]


def schema(table: Table) -> pa.Schema:
    """The Arrow schema of a table as it is on disk."""
    return Rows(table).to_arrow(dict.fromkeys(column.name for column in COMMON)).schema
