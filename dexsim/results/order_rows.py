"""The rows of the table `orders`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from dexsim.blockspace.orders import Order
from dexsim.blockspace.pending import Pending
from dexsim.making import tuple_constructor
from dexsim.market.adapted import AnyPool
from dexsim.results.columns import WeiCells
from dexsim.results.derived_rows import Cells, DerivedRows, each
from dexsim.results.tables import ORDERS


class Ordered(NamedTuple):
    """An order, the transaction that it has become, and the first block that could hold it."""

    block: int
    order: Order
    pending: Pending


make_ordered = tuple_constructor(Ordered)
"""`Ordered(...)`, only faster."""


def order_rows(pools: Mapping[str, AnyPool]) -> DerivedRows[Ordered]:
    """None yet. pools: by market."""
    decimals = {
        (name, token.symbol): (token.decimals, pool.other(token).decimals)
        for name, pool in pools.items()
        for token in (pool.base, pool.quote)
    }
    own = each("block") | each("arrival_ms", "agent", of="pending")
    own |= each("market", "token_in", "slippage_bps", "visibility", of="order")
    made: dict[str, Cells[Ordered]] = {
        "account": lambda rows: [row.order.account.name for row in rows],
        "tip_per_gas": lambda rows: [row.order.tip for row in rows],
        "amount_in": lambda rows: WeiCells(
            [row.order.amount_in for row in rows], _decimals(rows, decimals, 0)
        ),
        "min_amount_out": lambda rows: WeiCells(
            [_limit(row.pending) for row in rows], _decimals(rows, decimals, 1)
        ),
    }
    return DerivedRows(ORDERS, own | made)


def _decimals(
    rows: Sequence[Ordered], decimals: Mapping[tuple[str, str], tuple[int, int]], side: int
) -> list[int]:
    """Of the token sold, or bought."""
    return [decimals[row.order.market, row.order.token_in][side] for row in rows]


def _limit(pending: Pending) -> int | None:
    return pending.swap.min_amount_out if pending.swap else pending.limit
