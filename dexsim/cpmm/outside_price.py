"""The swap that moves a pool to an outside price."""

from __future__ import annotations

from math import isqrt

from dexsim.cpmm.swaps import MAX_RESERVE, amount_out, fee_fraction
from dexsim.errors import Reverted, ScenarioError
from dexsim.units import Bps, Wei, check_wei


def arbitrage(
    reserve_in: Wei, reserve_out: Wei, price_num: int, price_den: int, fee_bps: Bps = 30
) -> tuple[bool, Wei]:
    """The most profitable swap against an outside price, as (token_in_is_first, amount_in).

    The outside price is `price_num / price_den` wei of the second token (`reserve_out`) per wei of
    the first (`reserve_in`). Where the pool's price is above it the first token is sold to the
    pool, else the second. (False, 0) inside the fee band, in which no swap gains anything.

    Profit at price P of the token taken out, in units of the token sold, is
    g*x*Y/(X + g*x)/P - x; its derivative vanishes at x* = sqrt(X*Y/(g*P)) - X/g (derived from
    x*y = k; Angeris et al. 2019). On integers each of the two terms is rounded down, as
    Uniswap's v2-periphery does in `computeProfitMaximizingTrade`; the result is less than one wei
    away from x*. It is meant as the input that brings the pool to the price, not as the integer
    argmax: around x* profit is flat, and the rounding of the output (less than one wei of it)
    decides which of very many inputs gains a fraction of a wei more. Two things are added to
    the published formula: no input beyond a reserve of 2**112 - 1, and (False, 0) where
    rounding would eat all of the gain.

    Raises `Reverted("router: insufficient liquidity")` for an empty reserve, `ScenarioError` for
    a price that is not positive.
    """
    _check_price(price_num, price_den)
    check_wei(reserve_in, "reserve_in")
    check_wei(reserve_out, "reserve_out")
    if reserve_in == 0 or reserve_out == 0:
        raise Reverted("router: insufficient liquidity")
    first = reserve_out * price_den > reserve_in * price_num
    sold, bought = (reserve_in, reserve_out) if first else (reserve_out, reserve_in)
    num, den = (price_num, price_den) if first else (price_den, price_num)
    amount = _towards(sold, bought, num, den, fee_bps)
    if amount <= 0 or amount_out(amount, sold, bought, fee_bps) * den <= amount * num:
        return False, 0
    return first, amount


def _towards(sold: int, bought: int, num: int, den: int, fee_bps: int) -> int:
    """sqrt(X*Y/(g*P)) - X/g, each term rounded down; P = num/den bought per sold."""
    n, d = fee_fraction(fee_bps)
    target = isqrt(sold * bought * d * den // (n * num))
    return min(target - sold * d // n, MAX_RESERVE - sold)


def _check_price(price_num: int, price_den: int) -> None:
    for name, value in (("price_num", price_num), ("price_den", price_den)):
        if check_wei(value, name) == 0:
            raise ScenarioError(f"{name} is 0; a price is a fraction of two positive integers")
