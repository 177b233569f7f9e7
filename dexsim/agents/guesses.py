"""What a hinted swap may leave behind, where its amount is not told.

The contract that a searcher trades through takes amounts, so it cannot size a back-run by the
reserves that it finds. Instead a searcher bids a ladder: possible amounts are cut into ranges, and
for each there is one back-run, sized for the range's geometric middle, that insists on what it
gains at the range's lower end, or on half of what it hopes for if that is more. One that guessed
too high, or the wrong side, misses its profit and does not land, which costs nothing; of those that
do not miss, the largest bids most. With edges a factor r apart the victim is at most a factor
sqrt(r) off the guess, and profit is flat around the best input.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import isqrt

from dexsim.agents.pool_states import PoolStates, swapped
from dexsim.blockspace.pending import Hint
from dexsim.errors import Reverted
from dexsim.market.erc20 import Erc20
from dexsim.market.pool import Pool


@dataclass(frozen=True)
class Guess:
    """States behind a swap: those to size a trade for, and the least that it is to count on."""

    likely: PoolStates
    least: PoolStates


def guesses(
    hint: Hint, states: PoolStates, pools: Mapping[str, Pool], edges_bps: Sequence[int]
) -> Iterator[Guess]:
    """What a hint leaves possible, larger swaps first; nothing where no market is told.

    edges_bps: of amounts, in parts of the reserve of the token sold.
    """
    pool = pools.get(hint.market) if hint.market is not None else None
    if pool is None:
        return
    for token in (pool.base, pool.quote):
        if hint.token_in in {None, token.symbol}:
            for likely, least in _amounts(hint, states, pool, token, edges_bps):
                try:
                    yield Guess(*(swapped(states, pool, token, a)[0] for a in (likely, least)))
                except Reverted:
                    continue


def _amounts(
    hint: Hint, states: PoolStates, pool: Pool, token: Erc20, edges_bps: Sequence[int]
) -> Iterator[tuple[int, int]]:
    """Of each range the middle and the lower end; the amount itself, where it is told."""
    if hint.amount_in is not None:
        yield hint.amount_in, hint.amount_in
        return
    reserve, _ = pool.sides(token, states[pool.market])
    edges = [reserve * bps // 10_000 for bps in sorted(edges_bps)]
    for low, high in reversed(list(pairwise(edges))):
        yield isqrt(low * high), low
