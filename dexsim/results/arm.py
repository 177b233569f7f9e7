"""The tables of one arm, as measures read them."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from functools import cached_property
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

Row = dict[str, Any]


class Arm:
    """One arm of a run: its tables and what the manifest says of it. No chain is needed.

    decimals: of every token; numeraire: the token in which values are given.
    """

    def __init__(self, name: str, tables: Mapping[str, pa.Table], about: Mapping[str, Any]) -> None:
        self.name = name
        self._tables = tables
        self.about = about
        self.decimals: Mapping[str, int] = about["tokens"]
        self.numeraire: str = about["numeraire"]
        self._rows: dict[str, list[Row]] = {}

    def rows(self, table: str) -> list[Row]:
        """The rows of a table in this arm; wei columns as int."""
        if table not in self._rows:
            whole = self._tables[table]
            mine = whole.filter(pc.equal(whole["arm"], self.name))
            self._rows[table] = _exact(mine)
        return self._rows[table]

    def at_block(self, table: str, block: int) -> list[Row]:
        """Rows of one block."""
        return [row for row in self.rows(table) if row["block"] == block]

    @cached_property
    def last_block(self) -> int:
        """Number of the last block."""
        return max(int(row["block"]) for row in self.rows("blocks"))

    @cached_property
    def prices(self) -> dict[str, Fraction]:
        """Price of one wei of each token in whole numeraire tokens, at the end of the run.

        The outside price where there is one; else what the token's pool says;
        else, of an issued token, what its backing costs. A token with none of
        them is not in it.
        """
        whole = {
            row["token"]: Fraction(row["exact"]) for row in self.at_block("prices", self.last_block)
        }
        pools = self.at_block("pools", self.last_block)
        known = -1
        while len(whole) > known:  # until no pool prices another token
            known = len(whole)
            for pool in pools:
                _add_pool_price(whole, pool)
        for token, backing in self.about.get("issued", {}).items():
            if token not in whole and backing in whole:
                whole[token] = whole[backing]
        wrapped = self.about["wrapped"]
        if wrapped in whole:
            whole.setdefault("ETH", whole[wrapped])
        return {token: price / 10 ** self.decimals.get(token, 18) for token, price in whole.items()}

    def value(self, token: str, amount: int | Fraction) -> Fraction:
        """An amount in wei, in whole numeraire tokens at the end's prices; 0 without a price."""
        return self.prices.get(token, Fraction(0)) * amount


def _add_pool_price(whole: dict[str, Fraction], pool: Row) -> None:
    """The price of a pool's one unpriced token from the other's."""
    if not pool["base_reserve"] or not pool["quote_reserve"]:
        return
    base, quote = pool["base"], pool["quote"]
    ratio = Fraction(str(pool["price"]))
    if base not in whole and quote in whole:
        whole[base] = whole[quote] * ratio
    elif quote not in whole and base in whole:
        whole[quote] = whole[base] / ratio


def _exact(table: pa.Table) -> list[Row]:
    """Rows with decimals as integers."""
    wei = [field.name for field in table.schema if pa.types.is_decimal(field.type)]
    rows: list[Row] = table.to_pylist()
    for row in rows:
        for name in wei:
            if row[name] is not None:
                row[name] = int(row[name])
    return rows
