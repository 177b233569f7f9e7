"""Rows that are kept as what they are derived from, and become columns many at a time."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from operator import attrgetter
from typing import Any, Generic, TypeAlias, TypeVar

from dexsim.results.columns import Collected
from dexsim.results.tables import Table

S = TypeVar("S")
Cells: TypeAlias = Callable[[Sequence[S]], Sequence[Any]]
"""A column's values, of the sources of its rows; of a WEI column: `columns.WeiCells`."""


class DerivedRows(Collected, Generic[S]):
    """The rows of one table, one of each source.

    cells: each column's values by its name. Raises ValueError where they are not the table's columns.
    """

    def __init__(self, table: Table, cells: Mapping[str, Cells[S]]) -> None:
        super().__init__(table)
        if cells.keys() != self._names:
            raise ValueError(f"{table.name}: {sorted(cells.keys() ^ self._names)} do not fit")
        self._cells = cells
        self._sources: list[S] = []

    def enter(self, source: S) -> None:
        """One row."""
        self._sources.append(source)
        if len(self._sources) >= self.chunk:
            self._store()

    def _taken(self) -> Mapping[str, Any]:
        sources, self._sources = self._sources, []
        return {name: cells(sources) for name, cells in self._cells.items()}


def each(*names: str, of: str = "") -> dict[str, Cells[Any]]:
    """Columns that are attributes of their source, or of a part of it."""
    return {name: _attribute(f"{of}.{name}" if of else name) for name in names}


def _attribute(path: str) -> Cells[Any]:
    get = attrgetter(path)
    return lambda sources: list(map(get, sources))
