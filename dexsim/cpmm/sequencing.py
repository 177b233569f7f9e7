"""The greedy sequencing rule: an order of a block's swaps that anyone can verify.

Written from its property (Ferreira and Parkes 2022, "Credible decentralized exchange design via
verifiable sequencing rules"): while the pool's price is on one side of where the block began,
the next swap is one that moves it back, if there is one. A swap so executed gets at least what it
would get alone, because it starts at a price no worse and k never falls. The start itself counts
as above: there a swap that lowers the price of what buyers want goes first.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

from dexsim.cpmm.swaps import swap
from dexsim.units import Bps, Wei

Trade = tuple[bool, Wei]
"""(whether the first token is put in, how many wei of the token that is put in)."""


def greedy_sequence(
    trades: Sequence[Trade], reserve_a: Wei, reserve_b: Wei, fee_bps: Bps = 30
) -> tuple[int, ...]:
    """An order of `trades` that obeys the rule, as their indices; equals keep their given order.

    Each trade puts in the first token (True, which makes the second dearer) or the second. Linear
    in the number of trades. Reverts as `swap` does where a trade fails.
    """
    sides = {side: deque(i for i, t in enumerate(trades) if t[0] is side) for side in (True, False)}
    a, b = reserve_a, reserve_b
    order = []
    while sides[True] or sides[False]:
        wanted = _moves_back(a, b, reserve_a, reserve_b)
        i = (sides[wanted] or sides[not wanted]).popleft()
        order.append(i)
        a, b = _after(trades[i], a, b, fee_bps)
    return tuple(order)


def is_greedy_sequence(
    trades: Sequence[Trade], reserve_a: Wei, reserve_b: Wei, fee_bps: Bps = 30
) -> bool:
    """Whether `trades`, executed as they stand from these reserves, obey the rule.

    Needs only the block's swaps and the reserves before it; linear. Reverts as `greedy_sequence`.
    """
    left = {side: sum(t[0] is side for t in trades) for side in (True, False)}
    a, b = reserve_a, reserve_b
    for trade in trades:
        wanted = _moves_back(a, b, reserve_a, reserve_b)
        if trade[0] is not wanted and left[wanted]:
            return False
        left[trade[0]] -= 1
        a, b = _after(trade, a, b, fee_bps)
    return True


def _moves_back(a: int, b: int, start_a: int, start_b: int) -> bool:
    """Whether it is the first token that has to be put in: the second is cheaper than at first."""
    return a * start_b < start_a * b


def _after(trade: Trade, a: int, b: int, fee_bps: int) -> tuple[int, int]:
    first, amount = trade
    if first:
        return swap(amount, a, b, fee_bps)
    b, a = swap(amount, b, a, fee_bps)
    return a, b
