"""The tables of one arm, as measures read them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from decimal import Context, Decimal
from fractions import Fraction
from functools import cached_property
from typing import Any, TypeVar

import pyarrow as pa
import pyarrow.compute as pc

Row = dict[str, Any]
T = TypeVar("T")

_DIGITS = Context(prec=50)
"""So exact is a price that is one divided by another; all others are decimals and kept whole."""


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
        self._blocks: dict[str, dict[int, list[Row]]] = {}
        self._prices: dict[int, dict[str, Fraction]] = {}
        self._kept: dict[Any, Any] = {}

    def rows(self, table: str) -> list[Row]:
        """The rows of a table in this arm; wei columns as int."""
        if table not in self._rows:
            whole = self._tables[table]
            mine = whole.filter(pc.equal(whole["arm"], self.name))
            self._rows[table] = _exact(mine)
        return self._rows[table]

    def at_block(self, table: str, block: int) -> list[Row]:
        """Rows of one block."""
        if table not in self._blocks:
            by_block = self._blocks[table] = defaultdict(list)
            for row in self.rows(table):
                by_block[row["block"]].append(row)
        return self._blocks[table].get(block, [])

    def kept(self, compute: Callable[[Arm], T]) -> T:
        """What `compute` says of this arm, computed once: several measures read the same."""
        if compute not in self._kept:
            self._kept[compute] = compute(self)
        found: T = self._kept[compute]
        return found

    @cached_property
    def last_block(self) -> int:
        """Number of the last block."""
        return max(int(row["block"]) for row in self.rows("blocks"))

    @property
    def prices(self) -> dict[str, Fraction]:
        """Price of one wei of each token in whole numeraire tokens, at the end of the run."""
        return self.prices_at(self.last_block)

    def prices_at(self, block: int) -> dict[str, Fraction]:
        """Price of one wei of each token in whole numeraire tokens, at the end of a block.

        The outside price where there is one; else what the token's pool says;
        else, of an issued token, what its backing costs. A token with none of
        them is not in it.
        """
        if block not in self._prices:
            self._prices[block] = self._asked_prices(block)
        return self._prices[block]

    def _asked_prices(self, block: int) -> dict[str, Fraction]:
        whole = {row["token"]: Fraction(row["exact"]) for row in self.at_block("prices", block)}
        pools = self.at_block("pools", block)
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
        price = whole[base] / ratio
        digits = _DIGITS.divide(Decimal(price.numerator), Decimal(price.denominator))
        whole[quote] = Fraction(digits)


def _exact(table: pa.Table) -> list[Row]:
    """Rows with decimals as integers."""
    wei = [field.name for field in table.schema if pa.types.is_decimal(field.type)]
    rows: list[Row] = table.to_pylist()
    for row in rows:
        for name in wei:
            if row[name] is not None:
                row[name] = int(row[name])
    return rows
