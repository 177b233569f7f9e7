"""What a route through several pools needs and what a cycle of pools gains, in integers.

The real output of a route is p*a/(q + r*a): each pool maps it to one of the same form. Of a
cycle the profit p*a/(q + r*a) - a is greatest at a* = (sqrt(p*q) - q)/r, and only positive where
p > q; with two pools this is (sqrt(A*B) - B)/C with A = g^2*X2*Y1, B = X1*Y2 and
C = g*(Y2 + g*Y1) up to a common factor. Derived here from x*y = k.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isqrt

from dexsim.cpmm.integer_search import first_best
from dexsim.cpmm.swaps import MAX_RESERVE, amount_out, fee_fraction
from dexsim.errors import Reverted, ScenarioError
from dexsim.units import Bps, Wei, check_wei

_SMALL = 2**20  # reserves up to here: always searched to the end
_STEPS = 4_096
_NEAR = 64  # outputs tried on either side of the real optimum's


@dataclass(frozen=True, slots=True)
class Cycle:
    """Swaps from a token back to itself: the input, what each pool pays, and the gain, in wei.

    profit = amounts_out[-1] - amount_in. Zero means that no input gains; amounts_out is then ().
    """

    amount_in: Wei
    amounts_out: tuple[Wei, ...]
    profit: int


def least_input(
    min_out: Wei, pools: Sequence[tuple[Wei, Wei]], fee_bps: Bps | Sequence[Bps] = 30
) -> Wei:
    """The smallest input of a route through `pools` that pays out at least `min_out`; exact.

    With `pools` the ones BEHIND an attacked pool it is the least output of that pool with which
    a victim's route still passes: the victim's limit there. pools: (reserve_in, reserve_out) in
    the route's order; fee_bps: one for all, or one a pool. A min_out of 0 counts as 1 (a pool
    refuses to pay nothing), also without pools. Hop by hop from the end: the smallest x
    with floor(x*n*Y/(X*d + x*n)) >= y is ceil(y*X*d/((Y - y)*n)).
    Reverts "router: insufficient liquidity" where no input suffices, "pool: overflow" where it
    would fill a reserve above 2**112 - 1. `ScenarioError` for unequally many fees and pools.
    """
    needed = max(1, check_wei(min_out, "min_out"))
    hops = list(zip(pools, _fees(pools, fee_bps), strict=True))
    for (x, y), fee in reversed(hops):
        n, d = fee_fraction(fee)
        if check_wei(x, "reserve_in") == 0 or check_wei(y, "reserve_out") <= needed:
            raise Reverted("router: insufficient liquidity")
        needed = -(-needed * x * d // ((y - needed) * n))
        if x + needed > MAX_RESERVE:
            raise Reverted("pool: overflow")
    return needed


def optimal_cycle(
    pools: Sequence[tuple[Wei, Wei]],
    fee_bps: Bps | Sequence[Bps] = 30,
    *,
    max_in: Wei | None = None,
) -> Cycle:
    """The arbitrage of a cycle: the smallest input of greatest integer profit.

    pools: (reserve_in, reserve_out) in the order of the swaps, the last pays the token that the
    first takes; different pools, or the reserves are not what they say. fee_bps: one for all, or
    one a pool. max_in: the most that can be put in, in wei.
    Of the inputs only the smallest for each final output can be best. Exact where every reserve
    is at most 2**20 wei; beyond, the best of the 64 outputs on either side of the one at the
    real optimum and of what a bounded search adds. Two pools of fee f at 30 bps gain where their
    prices are further apart than 1/g^2 - 1 = 60.271 bp.
    Raises `ScenarioError` without pools, for unequally many fees and pools; reverts
    "router: insufficient liquidity" for an empty reserve.
    """
    if not pools:
        raise ScenarioError("pools is empty; a cycle needs at least one pool")
    fees = _fees(pools, fee_bps)
    peak = _real_peak(pools, fees)
    highest = pools[-1][1] - 1
    if max_in is not None:
        peak = min(peak, check_wei(max_in, "max_in"))
        highest = _output(max_in, pools, fees)
    start = _output(peak, pools, fees)
    best = _best_output(pools, fees, start, highest) if peak else 0
    if best == 0:
        return Cycle(0, (), 0)
    amount = least_input(best, pools, fees)
    amounts = _amounts(amount, pools, fees)
    return Cycle(amount, amounts, amounts[-1] - amount)


def _best_output(
    pools: Sequence[tuple[int, int]], fees: Sequence[int], start: int, highest: int
) -> int:
    """The final output of the optimum; 0 where nothing gains."""
    below = 10**80

    def cost(t: int) -> int:
        try:
            return least_input(t, pools, fees) if t else 0
        except Reverted:
            return below  # no input pays so much

    around = range(max(0, start - _NEAR), min(start + _NEAR, highest) + 1)
    best = max([0, *around], key=lambda t: (t - cost(t), -t))
    small = max(max(pool) for pool in pools) <= _SMALL
    steps = None if small else _STEPS
    return first_best(
        lambda t: t - cost(t), lambda low, high: high - cost(low), 0, highest, best, steps
    )


def _real_peak(pools: Sequence[tuple[int, int]], fees: Sequence[int]) -> int:
    """The real optimum (sqrt(p*q) - q)/r, rounded up; 0 where no input gains."""
    p, q, r = 1, 1, 0
    for (x, y), fee in zip(pools, fees, strict=True):
        n, d = fee_fraction(fee)
        check_wei(x, "reserve_in")
        check_wei(y, "reserve_out")
        if x == 0 or y == 0:
            raise Reverted("router: insufficient liquidity")
        p, q, r = p * n * y, q * x * d, r * x * d + n * p
    return 0 if p <= q else (isqrt(p * q) - q) // r + 1


def _amounts(amount: int, pools: Sequence[tuple[int, int]], fees: Sequence[int]) -> tuple[int, ...]:
    outs = []
    for (x, y), fee in zip(pools, fees, strict=True):
        amount = amount_out(amount, x, y, fee) if amount else 0
        outs.append(amount)
    return tuple(outs)


def _output(amount: int, pools: Sequence[tuple[int, int]], fees: Sequence[int]) -> int:
    return _amounts(amount, pools, fees)[-1]


def _fees(pools: Sequence[tuple[int, int]], fee_bps: Bps | Sequence[Bps]) -> Sequence[int]:
    if isinstance(fee_bps, Sequence):
        if len(fee_bps) != len(pools):
            raise ScenarioError(f"{len(fee_bps)} fees for {len(pools)} pools; one a pool is needed")
        return fee_bps
    return [fee_bps] * len(pools)
