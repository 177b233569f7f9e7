"""Splitting one swap over several pools of the same pair."""

from __future__ import annotations

from collections.abc import Sequence
from math import isqrt

from dexsim.cpmm.small_splits import least_sum
from dexsim.cpmm.swaps import amount_in, amount_out, fee_fraction
from dexsim.errors import Reverted, ScenarioError
from dexsim.units import Bps, Wei, check_wei

_SCALE_BITS = 128  # fraction bits of a pool's sqrt(X*Y)
_SMALL = 128  # wei: up to here every split is tried


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
    price. Never worse than the whole amount to the best single pool. Up to 128 wei every split is
    tried: the lexicographically smallest of the best. Raises what `amount_out`
    raises, and `ScenarioError` without pools.
    """
    _check_pools(pools)
    check_wei(amount_in, "amount_in")
    alone = [amount_out(amount_in, x, y, fee_bps) for x, y in pools]
    if amount_in <= _SMALL:
        return least_sum([_losses(amount_in, *pool, fee_bps) for pool in pools], amount_in)
    inputs = _rounded(amount_in, _split(amount_in, pools, fee_bps), [amount_in] * len(pools))
    total = sum(amount_out(a, *pool, fee_bps) for a, pool in zip(inputs, pools, strict=True) if a)
    best = max(range(len(pools)), key=alone.__getitem__)
    if alone[best] > total:
        return tuple(amount_in if i == best else 0 for i in range(len(pools)))
    return tuple(inputs)


def cheapest_split(
    amount_out: Wei, pools: Sequence[tuple[Wei, Wei]], fee_bps: Bps = 30
) -> tuple[Wei, ...]:
    """How much of `amount_out` to buy from each pool, so that the sum of inputs is least.

    The twin of `optimal_split` for an exact output T: marginal prices are equal where
    y_i = Y_i - L_i*(sum Y - T)/sum L, over the pools for which that is positive. Each output is
    rounded down and the remaining wei come from the pool with the largest part that has them. Never
    dearer than all of it from the cheapest single pool. Up to 128 wei every split is tried: the
    lexicographically smallest of the cheapest. `cpmm.amount_in` says what each part costs.
    Reverts "router: insufficient output" for 0, "router: insufficient liquidity" where the pools
    together do not hold more than `amount_out`; raises `ScenarioError` without pools.
    """
    _check_pools(pools)
    if check_wei(amount_out, "amount_out") == 0:
        raise Reverted("router: insufficient output")
    if sum(max(0, y - 1) for _, y in pools) < amount_out:
        raise Reverted("router: insufficient liquidity")
    if amount_out <= _SMALL:
        return least_sum([_costs(amount_out, *pool, fee_bps) for pool in pools], amount_out)
    parts = _rounded(amount_out, _bought(amount_out, pools), [max(0, y - 1) for _, y in pools])
    total = sum(_cost(y, *pool, fee_bps) for y, pool in zip(parts, pools, strict=True))
    alone = [_cost(amount_out, *pool, fee_bps) for pool in pools]
    best = min(range(len(pools)), key=alone.__getitem__)
    if alone[best] < total:
        return tuple(amount_out if i == best else 0 for i in range(len(pools)))
    return tuple(parts)


def _check_pools(pools: Sequence[tuple[int, int]]) -> None:
    if not pools:
        raise ScenarioError("pools is empty; a split needs at least one pool")


def _losses(amount: int, x: int, y: int, fee_bps: int) -> list[int]:
    return [0, *(-amount_out(a, x, y, fee_bps) for a in range(1, amount + 1))]


_BEYOND = 2**300
"""What a pool asks for what it does not have."""


def _cost(amount: int, x: int, y: int, fee_bps: int) -> int:
    if amount == 0:
        return 0
    return amount_in(amount, x, y, fee_bps) if amount < y and x else _BEYOND


def _costs(amount: int, x: int, y: int, fee_bps: int) -> list[int]:
    return [_cost(each, x, y, fee_bps) for each in range(amount + 1)]


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


def _bought(amount: int, pools: Sequence[tuple[int, int]]) -> list[int]:
    """The cheapest purchase over the reals, rounded down; a pool that is too dear gives 0."""
    depth = [isqrt(x * y << 2 * _SCALE_BITS) for x, y in pools]
    active = [i for i in range(len(pools)) if depth[i]]
    active.sort(key=lambda i: -pools[i][1] / depth[i])
    while True:
        left = sum(pools[i][1] for i in active) - amount
        total = sum(depth[i] for i in active)
        worst = active[-1]
        if len(active) == 1 or pools[worst][1] * total > depth[worst] * left:
            break
        active.pop()
    parts = [0] * len(pools)
    for i in active:
        parts[i] = max(0, pools[i][1] - -(-depth[i] * left // total))
    return parts


def _rounded(amount: int, parts: list[int], most: list[int]) -> list[int]:
    """What is missing goes to the largest part, as far as that place holds it; then to the next."""
    for i in sorted(range(len(parts)), key=lambda i: -parts[i]):
        parts[i] += min(amount - sum(parts), most[i] - parts[i])
    return parts
