"""The swap that moves a pool's price by a factor."""

from __future__ import annotations

from collections.abc import Callable
from math import isqrt

from dexsim.cpmm.swaps import MAX_RESERVE, amount_out, fee_fraction
from dexsim.errors import Reverted, ScenarioError
from dexsim.units import Bps, Wei, check_wei


def move_price(
    reserve_in: Wei, reserve_out: Wei, factor_num: int, factor_den: int, fee_bps: Bps = 30
) -> Wei:
    """The least input after which the sold token is worth at most 1 / factor of before.

    That is: reserve_in / reserve_out has grown by `factor_num / factor_den`,
    which is 1 or more, fee left in the pool included. Over the real numbers
    the root of (1 + d)(1 + g d) = factor with d the input by reserve_in.

    Raises `Reverted("router: insufficient liquidity")` for an empty reserve,
    `Reverted("pool: overflow")` when no reserve can hold so much, and
    ScenarioError for a factor below 1.
    """
    for name, value in (("reserve_in", reserve_in), ("reserve_out", reserve_out)):
        if check_wei(value, name) == 0:
            raise Reverted("router: insufficient liquidity")
    if factor_den <= 0 or factor_num < factor_den:
        raise ScenarioError(f"a factor is 1 or more, not {factor_num}/{factor_den}")

    def reached(amount: int) -> bool:
        out = amount_out(amount, reserve_in, reserve_out, fee_bps) if amount else 0
        grown = (reserve_in + amount) * reserve_out * factor_den
        return grown >= reserve_in * (reserve_out - out) * factor_num

    highest = MAX_RESERVE - reserve_in
    root = min(_root(reserve_in, factor_num, factor_den, fee_bps), highest)
    if not reached(highest):
        raise Reverted("pool: overflow")
    return _least(reached, root, highest)


def _root(reserve: int, num: int, den: int, fee_bps: int) -> int:
    """X ((sqrt((d + n)**2 + 4 n d (k - 1)) - d - n) / (2 n)), rounded down; k = num / den."""
    n, d = fee_fraction(fee_bps)
    inside = ((d + n) ** 2 * den + 4 * n * d * (num - den)) * reserve**2 // den
    return max(isqrt(inside) - (d + n) * reserve, 0) // (2 * n)


def _least(reached: Callable[[int], bool], low: int, highest: int) -> int:
    """The least value for which a monotone test holds, looked for around `low`."""
    step = 1
    while low and reached(low):
        low, step = max(low - step, 0), 2 * step
    if reached(low):
        return low
    high, step = min(low + 1, highest), 1
    while not reached(high):
        low, high, step = high, min(high + step, highest), 2 * step
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if reached(middle) else (middle, high)
    return high
