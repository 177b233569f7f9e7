"""The rows of the table `swaps`."""

from __future__ import annotations

from collections.abc import Mapping
from operator import attrgetter
from typing import NamedTuple

from dexsim.chain.types import Receipt
from dexsim.making import tuple_constructor
from dexsim.market.erc20 import Erc20
from dexsim.results.columns import WeiCells
from dexsim.results.derived_rows import Cells, DerivedRows, each
from dexsim.results.tables import SWAPS


class Swapped(NamedTuple):
    """A swap, of whoever wanted it; amounts in wei, prices in whole tokens; see the table."""

    block: int
    position: int
    receipt: Receipt
    market: str
    agent: str
    role: str
    kind: str
    token_in: Erc20
    token_out: Erc20
    amount_in: int
    amount_out: int
    quoted_out: int | None
    min_amount_out: int | None
    counterfactual_out: int | None
    mid_quoted: float | None
    mid_before: float | None
    mid_after: float | None


make_swapped = tuple_constructor(Swapped)
"""`Swapped(...)`, only faster."""


def swap_rows(venues: Mapping[str, str]) -> DerivedRows[Swapped]:
    """None yet. venues: of each market."""
    own = each("block", "position", "market", "agent", "role", "kind")
    own |= each("mid_quoted", "mid_before", "mid_after")
    amounts = {name: _amounts(name, "token_out") for name in _OUT}
    made: dict[str, Cells[Swapped]] = {
        "tx_hash": lambda swaps: ["0x" + each.receipt.tx_hash.hex() for each in swaps],
        "venue": lambda swaps: [venues[each.market] for each in swaps],
        "token_in": lambda swaps: [each.token_in.symbol for each in swaps],
        "token_out": lambda swaps: [each.token_out.symbol for each in swaps],
        "amount_in": _amounts("amount_in", "token_in"),
        "gas_cost": lambda swaps: WeiCells([each.receipt.fee for each in swaps]),
    }
    return DerivedRows(SWAPS, own | amounts | made)


_OUT = ("amount_out", "quoted_out", "min_amount_out", "counterfactual_out")


def _amounts(name: str, token: str) -> Cells[Swapped]:
    get, decimals = attrgetter(name), attrgetter(f"{token}.decimals")
    return lambda swaps: WeiCells(list(map(get, swaps)), list(map(decimals, swaps)))
