"""The slippage limit, and the size, below which nobody sandwiches a swap."""

from __future__ import annotations

from math import isqrt

from dexsim.cpmm.profit_curve import ProfitCurve
from dexsim.cpmm.swaps import fee_fraction
from dexsim.units import BPS, Bps, Wei, check_wei

_FINE = 128  # fraction bits of the front-run's size


def break_even_slippage_bps(
    amount_in: Wei, reserve_in: Wei, gas_cost: Wei, fee_bps: Bps = 30
) -> Bps:
    """The largest whole number of bps at which no sandwich of a swap pays after its gas.

    amount_in, reserve_in, gas_cost (of both of the attacker's swaps): wei of the input token.
    10000 where no limit makes the attack pay. It is `closed_forms.break_even_slippage` in integers
    and rounded down: the slippage that the smallest front-run of gross profit `gas_cost`
    causes. The other reserve does not matter but for rounding: in a pool of so few wei that
    one wei of output is a visible part of a bp, the victim's limit itself is that coarse.
    Raises `ScenarioError` or `AmountTypeError` for what a uint256 cannot hold.
    """
    n, d = fee_fraction(fee_bps)
    v = check_wei(amount_in, "amount_in") << _FINE
    x = check_wei(reserve_in, "reserve_in") << _FINE
    curve = ProfitCurve.of(v, x, n, d)
    cost = check_wei(gas_cost, "gas_cost") << _FINE
    if curve.up1 <= 0:
        return BPS
    window = curve.at_least(cost) if cost else (0, None)
    if window is None:
        return BPS
    a = max(0, window[0])
    kept, whole = x * d * (x * d + n * v), (x * d + n * a) * ((x + a) * d + n * v)
    return BPS * (whole - kept) // whole


def immune_amount(reserve_in: Wei, fee_bps: Bps = 30) -> Wei:
    """The largest input that no sandwich gains from, at any slippage and without gas; in wei.

    It is `closed_forms.first_threshold` of the pool in integers: the largest v with
    g^2*(X + v)*(X + g*v) <= X^2, that is n^2*(X + v)*(X*d + n*v) <= d^3*X^2. At 30 bps
    0.301354741 % of the reserve. It is exact over the reals; the pool's own rounding can leave an
    attacker a wei or two, which pays for no gas. Several such inputs in one direction and one
    block are one larger victim: only who trades alone in the block is immune.
    Raises `ScenarioError` or `AmountTypeError` for what a uint256 cannot hold.
    """
    n, d = fee_fraction(fee_bps)
    x = check_wei(reserve_in, "reserve_in")
    square, linear, constant = n**3, n * n * x * (d + n), d * x * x * (n * n - d * d)
    return (isqrt(linear * linear - 4 * square * constant) - linear) // (2 * square)
