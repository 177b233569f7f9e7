"""Other people's pending swaps as victims: what each does in each pool that it goes through."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from dexsim import cpmm
from dexsim.agents.protocol import View
from dexsim.blockspace.pending import Pending
from dexsim.chain.address import checksum
from dexsim.chain.types import Address
from dexsim.errors import Reverted
from dexsim.market.adapted import AnyPool
from dexsim.market.erc20 import Erc20
from dexsim.market.pool import Pool
from dexsim.market.router import SwapCall


@dataclass(frozen=True)
class Victim:
    """A pending transaction's swap in one pool.

    amount_in: what it sells there, wei of token_in; min_out: the least that this pool has to pay
    for the transaction to pass.
    """

    pending: Pending
    pool: AnyPool
    token_in: Erc20
    amount_in: int
    min_out: int


def victims_in(view: View, pending: Pending, watched: Mapping[str, AnyPool]) -> Iterator[Victim]:
    """The swaps of a transaction in the pools that are watched, by the reserves at the block's start."""
    swap = pending.swap
    if swap is None:
        return
    if pending.market is None:
        yield from _on_route(view, pending, swap, watched)
    elif pending.market in watched:
        pool = watched[pending.market]
        token_in = pool.base if swap.path[0] == pool.base.address else pool.quote
        yield Victim(pending, pool, token_in, swap.amount_in, swap.min_amount_out)


def _on_route(
    view: View, pending: Pending, swap: SwapCall, watched: Mapping[str, AnyPool]
) -> Iterator[Victim]:
    """A swap through several pools: each sells what the one before paid."""
    hops = _hops(view, pending, swap)
    if not hops:
        return
    sides = [pool.sides(token, view.reserves(pool.market)) for pool, token in hops]
    fees = [pool.fee_bps for pool, _ in hops]
    amount = swap.amount_in
    for place, (pool, token) in enumerate(hops):
        behind = place + 1
        try:
            least = cpmm.least_input(swap.min_amount_out, sides[behind:], fees[behind:])
            amount_out = cpmm.amount_out(amount, *sides[place], fees[place])
        except Reverted:
            return
        if pool.market in watched:
            yield Victim(pending, pool, token, amount, least)
        amount = amount_out


def _hops(view: View, pending: Pending, swap: SwapCall) -> list[tuple[Pool, Erc20]]:
    """The pools of a route, each with the token sold there; none where one is not known or comes twice."""
    deployment = view.deployment
    assert pending.tx.to is not None
    router = checksum(pending.tx.to)
    known: dict[frozenset[Address], Pool] = {
        frozenset({pool.base.address, pool.quote.address}): pool
        for market, pool in deployment.pools.items()
        if isinstance(pool, Pool) and deployment.router(market).address == router
    }
    hops = []
    for sold, bought in zip(swap.path, swap.path[1:], strict=False):
        pool = known.pop(frozenset({sold, bought}), None)
        if pool is None:
            return []
        hops.append((pool, pool.base if sold == pool.base.address else pool.quote))
    return hops
