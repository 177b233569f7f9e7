"""Rows that are kept as what they are derived from."""

from __future__ import annotations

import pytest

from dexsim.results.columns import WeiCells
from dexsim.results.derived_rows import Cells, DerivedRows
from dexsim.results.tables import TABLES

COMMON = {"run_id": "", "arm": "", "seed": 0}
CELLS: dict[str, Cells[int]] = {
    "block": lambda sources: sources,
    "token": lambda sources: list(map(str, sources)),
    "minted": lambda sources: WeiCells(sources, 6),
    "burned": lambda sources: WeiCells([None if each % 2 else each for each in sources]),
}


class Small(DerivedRows[int]):
    chunk = 3


@pytest.mark.parametrize("count", [0, 1, 3, 8])
def test_rows_keep_their_order_over_chunks(count: int) -> None:
    rows = Small(TABLES["supplies"], CELLS)
    for number in range(count):
        rows.enter(number)
    table = rows.to_arrow(COMMON)
    assert table["block"].to_pylist() == list(range(count))
    assert table["token"].to_pylist() == [str(number) for number in range(count)]
    assert table["minted_tokens"].to_pylist() == [number / 1e6 for number in range(count)]
    burned = [None if number % 2 else number for number in range(count)]
    assert table["burned"].to_pylist() == burned
    assert table["burned_tokens"].null_count == count // 2


def test_columns_that_are_not_the_tables_are_refused() -> None:
    others = {name: cells for name, cells in CELLS.items() if name != "burned"}
    with pytest.raises(ValueError, match=r"supplies: \['burned', 'burnt'\] do not fit"):
        DerivedRows(TABLES["supplies"], others | {"burnt": CELLS["burned"]})
