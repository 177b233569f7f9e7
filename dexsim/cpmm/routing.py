"""Splitting one swap over several pools of the same pair."""

from __future__ import annotations

from collections.abc import Sequence
from math import isqrt

from dexsim.cpmm.swaps import amount_out, fee_fraction
from dexsim.errors import ScenarioError
from dexsim.units import Bps, Wei, check_wei

_SCALE_BITS = 128  # fraction bits of a pool's sqrt(X*Y)


def optimal_split(
    amount_in: Wei, pools: Sequence[tuple[Wei, Wei]], fee_bps: Bps = 30
) -> tuple[Wei, ...]:
    """How much of `amount_in` to send to each pool, so that the sum of outputs is greatest.

    pools: (reserve_in, reserve_out) of each. All charge the same fee. The inputs sum to
    `amount_in`. Equalising the marginal prices of x*y = k gives, with L = sqrt(X*Y),
    x_i = (L_i*(g*D + sum X)/sum L - X_i)/g over the pools that are worth using: those whose
    price before the swap is better than the common price after it. Each input is rounded down
    and the remaining wei go to the pool with the largest part, so that the output is below the
    optimum over the reals by less than one wei a pool used, and a wei of input a pool at the
    price. Never worse than the whole amount to the best single pool. Raises what `amount_out`
    raises, and `ScenarioError` without pools.
    """
    if not pools:
        raise ScenarioError("pools is empty; a split needs at least one pool")
    check_wei(amount_in, "amount_in")
    alone = [amount_out(amount_in, x, y, fee_bps) for x, y in pools]
    inputs = _rounded(amount_in, _split(amount_in, pools, fee_bps))
    total = sum(amount_out(a, *pool, fee_bps) for a, pool in zip(inputs, pools, strict=True) if a)
    best = max(range(len(pools)), key=alone.__getitem__)
    if alone[best] > total:
        return tuple(amount_in if i == best else 0 for i in range(len(pools)))
    return tuple(inputs)


def _split(amount: int, pools: Sequence[tuple[int, int]], fee_bps: int) -> list[int]:
    """The split over the reals, rounded down; a pool that is not worth using gets 0."""
    n, d = fee_fraction(fee_bps)
    depth = [isqrt(x * y << 2 * _SCALE_BITS) for x, y in pools]
    active = sorted(range(len(pools)), key=lambda i: pools[i][0] / depth[i])
    while True:
        water = n * amount + d * sum(pools[i][0] for i in active)
        total = sum(depth[i] for i in active)
        worst = active[-1]
        if len(active) == 1 or depth[worst] * water > d * pools[worst][0] * total:
            break
        active.pop()
    parts = [0] * len(pools)
    for i in active:
        parts[i] = max(0, (depth[i] * water // total - d * pools[i][0]) // n)
    return parts


def _rounded(amount: int, parts: list[int]) -> list[int]:
    largest = max(range(len(parts)), key=parts.__getitem__)
    parts[largest] += amount - sum(parts)
    return parts
