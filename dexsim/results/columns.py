"""Rows to columns: collects what is recorded, and makes Arrow tables of it."""

from __future__ import annotations

from collections.abc import Iterable, KeysView, Mapping
from typing import Any, NoReturn

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
        self._names = {column.name for column in table.columns}
        self._rows: list[dict[str, Any]] = []

    def add(self, **row: Any) -> None:
        """One row. Raises KeyError for a column that the table has not, ValueError for a missing one."""
        if row.keys() != self._names:
            self._refuse(row.keys())
        self._rows.append(row)

    def _refuse(self, names: KeysView[str]) -> NoReturn:
        if unknown := names - self._names:
            raise KeyError(*sorted(unknown))
        missing = ", ".join(sorted(self._names - names))
        raise ValueError(f"{self.table.name}: a row without {missing}")

    def to_arrow(self, common: Mapping[str, Any]) -> pa.Table:
        """The table, with the common columns in front. Integers stay exact."""
        arrays: dict[str, pa.Array] = {
            column.name: pa.repeat(
                pa.scalar(common[column.name], _ARROW[column.kind]), len(self._rows)
            )
            for column in COMMON
        }
        for column in self.table.columns:
            arrays.update(_arrays(column, [row[column.name] for row in self._rows]))
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
