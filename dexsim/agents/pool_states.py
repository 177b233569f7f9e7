"""What pools hold after swaps that have not been executed yet, to the wei."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from dexsim import cpmm
from dexsim.agents.protocol import View
from dexsim.agents.victims import victims_in
from dexsim.blockspace.pending import Pending
from dexsim.errors import Reverted
from dexsim.market.erc20 import Erc20
from dexsim.market.pool import Pool, Reserves

PoolStates: TypeAlias = Mapping[str, Reserves]
"""Reserves by market."""


def at_start(view: View, pools: Mapping[str, Pool]) -> PoolStates:
    """What the pools hold at the block's start."""
    return {market: view.reserves(market) for market in pools}


def swapped(states: PoolStates, pool: Pool, token_in: Erc20, amount: int) -> tuple[PoolStates, int]:
    """The states after a swap, and what it pays. Raises Reverted where the pool would refuse."""
    sides = pool.sides(token_in, states[pool.market])
    held_in, held_out = cpmm.swap(amount, *sides, pool.fee_bps)
    sells_base = token_in.symbol == pool.base.symbol
    after = Reserves(held_in, held_out) if sells_base else Reserves(held_out, held_in)
    return {**states, pool.market: after}, sides[1] - held_out


def behind(
    view: View, states: PoolStates, pending: Pending, pools: Mapping[str, Pool]
) -> tuple[PoolStates, tuple[str, ...]] | None:
    """The states after somebody's swap, and the markets that it goes through; None where it fails.

    None also for what is no swap, and for a route through a pool that is not among these.
    """
    swap = pending.swap
    hops = list(victims_in(view, pending, pools))
    if swap is None or not hops or len(hops) != len(swap.path) - 1:
        return None
    amount = swap.amount_in
    try:
        for hop in hops:
            states, amount = swapped(states, pools[hop.pool.market], hop.token_in, amount)
    except Reverted:
        return None
    passes = amount >= swap.min_amount_out
    return (states, tuple(hop.pool.market for hop in hops)) if passes else None
