"""The rows of the table `liquidity`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from operator import attrgetter
from typing import NamedTuple

from dexsim.making import tuple_constructor
from dexsim.market.adapted import AnyPool
from dexsim.results.columns import WeiCells
from dexsim.results.derived_rows import Cells, DerivedRows, each
from dexsim.results.liquidity_reader import Step
from dexsim.results.tables import LIQUIDITY


class Stepped(NamedTuple):
    """A step, and in whose transaction it was."""

    block: int
    position: int
    agent: str
    role: str
    step: Step


make_stepped = tuple_constructor(Stepped)
"""`Stepped(...)`, only faster."""


def liquidity_rows(pools: Mapping[str, AnyPool]) -> DerivedRows[Stepped]:
    """None yet. pools: by market."""
    decimals = {name: (pool.base.decimals, pool.quote.decimals) for name, pool in pools.items()}
    own = each("block", "position", "agent", "role")
    own |= each("step", "market", "kind", "source", "target", of="step")
    made: dict[str, Cells[Stepped]] = {"lp": _shares}
    for suffix, part in (("", "change"), ("_in", "paid_in"), ("_out", "paid_out")):
        made[f"base{suffix}"] = _side(f"{part}.base", 0, decimals)
        made[f"quote{suffix}"] = _side(f"{part}.quote", 1, decimals)
    return DerivedRows(LIQUIDITY, own | made)


def _shares(steps: Sequence[Stepped]) -> WeiCells:
    return WeiCells([each.step.lp for each in steps])


def _side(path: str, side: int, decimals: Mapping[str, tuple[int, int]]) -> Cells[Stepped]:
    """The amounts of one token of each pool."""
    get = attrgetter(f"step.{path}")
    return lambda steps: WeiCells(
        list(map(get, steps)), [decimals[each.step.market][side] for each in steps]
    )
