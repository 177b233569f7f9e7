"""The economics of the x*y = k pool over the real numbers, for experiments to compare with.

Not for amounts that go to a chain: those are integers and come from the other modules. Here
amounts may be of any unit and are `int` or `Decimal`; results are `Decimal`, computed with 60
digits whatever the caller's decimal context, and returned as they are. Fees are in bps.

Notation: pool (X, Y), g = 1 - fee, trade size d = dx/X, victim size u = v/X, front-run a. Every
formula is derived here from x*y = k; where a paper is named, it states the same.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Context, Decimal, localcontext
from functools import wraps
from typing import ParamSpec, TypeAlias, TypeVar

from dexsim.cpmm.swaps import fee_fraction
from dexsim.errors import ScenarioError
from dexsim.units import Bps

Real: TypeAlias = int | Decimal

_P = ParamSpec("_P")
_R = TypeVar("_R")
_ONE = Decimal(1)


def _with_sixty_digits(function: Callable[_P, _R]) -> Callable[_P, _R]:
    @wraps(function)
    def precise(*args: _P.args, **kwargs: _P.kwargs) -> _R:
        with localcontext(Context(prec=60)):
            return function(*args, **kwargs)

    return precise


@_with_sixty_digits
def effective_price(size: Real, fee_bps: Bps = 30) -> Decimal:
    """Average price of a trade of size d, as a multiple of the price before it: (1 + g*d)/g."""
    g = _kept(fee_bps)
    return (1 + g * size) / g


@_with_sixty_digits
def price_move(size: Real, fee_bps: Bps = 30) -> Decimal:
    """Price after a trade of size d, as a multiple of the price before it: (1+d)*(1+g*d)."""
    return (1 + size) * (1 + _kept(fee_bps) * size) * _ONE


@_with_sixty_digits
def k_growth(size: Real, fee_bps: Bps = 30) -> Decimal:
    """x*y after a trade of size d, as a multiple of that before it: (1+d)/(1+g*d)."""
    return (1 + size) / (1 + _kept(fee_bps) * size)


@_with_sixty_digits
def round_trip(size: Real, fee_bps: Bps = 30) -> Decimal:
    """The part of an input that comes back when its output is sold at once."""
    g = _kept(fee_bps)
    return g * g * (1 + size) / (1 + g * g * size)


@_with_sixty_digits
def impermanent_loss(price_ratio: Real) -> Decimal:
    """Value of a position against holding, less one, after the price moved by a factor; no fee."""
    ratio = Decimal(price_ratio)
    return 2 * ratio.sqrt() / (1 + ratio) - 1


@_with_sixty_digits
def sandwich_profit(
    frontrun_in: Real, victim_in: Real, reserve_in: Real, fee_bps: Bps = 30
) -> Decimal:
    """Gross profit of a sandwich, in the input token; may be negative. Independent of Y."""
    up2, up1, down2, down1, down0 = _sandwich(victim_in, reserve_in, fee_bps)
    a = Decimal(frontrun_in)
    return a * (up2 * a + up1) / (down2 * a * a + down1 * a + down0)


@_with_sixty_digits
def unlimited_frontrun(victim_in: Real, reserve_in: Real, fee_bps: Bps = 30) -> Decimal:
    """The front-run of greatest profit where the victim has no limit.

    0 where none gains; infinity where a larger one always gains more (no fee, or a victim of
    v/X >= (1+g)/g^2).
    """
    up2, up1, down2, down1, down0 = _sandwich(victim_in, reserve_in, fee_bps)
    if up1 <= 0:
        return Decimal(0)
    curvature = up1 * down2 - up2 * down1
    if curvature <= 0 or fee_bps == 0:
        return Decimal("Infinity")
    half = up2 * down0
    return (half + (half * half + curvature * up1 * down0).sqrt()) / curvature


@_with_sixty_digits
def limited_frontrun(
    victim_in: Real, reserve_in: Real, slippage: Real, fee_bps: Bps = 30
) -> Decimal:
    """The largest front-run that a victim of relative tolerance `slippage` (0.01: 1 %) bears."""
    if not 0 <= slippage < 1:
        raise ScenarioError(f"slippage is {slippage}; it must be at least 0 and less than 1")
    g, x, v = _kept(fee_bps), Decimal(reserve_in), Decimal(victim_in)
    linear = x * (1 + g) + g * g * v
    more = 4 * g * x * (x + g * v) * slippage / (1 - Decimal(slippage))
    return ((linear * linear + more).sqrt() - linear) / (2 * g)


@_with_sixty_digits
def first_threshold(fee_bps: Bps = 30) -> Decimal:
    """u1: a victim v/X at or below it cannot be sandwiched at any size, even without gas.

    The root of g^2*(1+u)*(1+g*u) = 1; at 30 bps 0.301354741 %. It does not depend on the
    victim's tolerance or on the other reserve.
    """
    g = _kept(fee_bps)
    linear = 1 + g
    constant = 1 - 1 / (g * g)
    return ((linear * linear - 4 * g * constant).sqrt() - linear) / (2 * g)


@_with_sixty_digits
def second_threshold(fee_bps: Bps = 30) -> Decimal:
    """u2 = 1/g^2 - 1: of a victim v/X at or above it every front-run size gains.

    Between the two thresholds only a front-run below beta/(-alpha) gains (`largest_gaining`).
    """
    return 1 / _kept(fee_bps) ** 2 - 1


@_with_sixty_digits
def largest_gaining(victim_in: Real, reserve_in: Real, fee_bps: Bps = 30) -> Decimal:
    """The front-run at which profit is zero again: smaller ones gain; 0: none, infinity: all."""
    up2, up1, *_ = _sandwich(victim_in, reserve_in, fee_bps)
    if up1 <= 0:
        return Decimal(0)
    return -up1 / up2 if up2 < 0 else Decimal("Infinity")


@_with_sixty_digits
def break_even_slippage(
    victim_in: Real, reserve_in: Real, cost: Real = 0, fee_bps: Bps = 30
) -> Decimal:
    """The largest relative tolerance at which no sandwich gains more than its `cost`.

    `cost` is in the input token. 1 where no tolerance makes the attack worth it. It is the
    slippage that the smallest front-run whose gross profit is `cost` causes.
    """
    a = _least_gaining(victim_in, reserve_in, cost, fee_bps)
    if a is None:
        return _ONE
    g, x, v = _kept(fee_bps), Decimal(reserve_in), Decimal(victim_in)
    return 1 - x * (x + g * v) / ((x + g * a) * (x + a + g * v))


@_with_sixty_digits
def blind_threshold(fee_bps: Bps = 30) -> Decimal:
    """Below this victim size v/X a front-run blind to the direction (50:50) loses on average.

    Small front-run: EV/a = g^2*(m + 1/m)/2 - 1 with m = (1+u)*(1+g*u); zero where
    m = c + sqrt(c^2 - 1), c = g^-2. At 30 bps 5.6486 %.
    """
    g = _kept(fee_bps)
    c = 1 / (g * g)
    m = c + (c * c - 1).sqrt()
    linear = 1 + g
    return ((linear * linear + 4 * g * (m - 1)).sqrt() - linear) / (2 * g)


def _kept(fee_bps: Bps) -> Decimal:
    n, d = fee_fraction(fee_bps)
    return Decimal(n) / Decimal(d)


def _sandwich(
    victim_in: Real, reserve_in: Real, fee_bps: Bps
) -> tuple[Decimal, Decimal, Decimal, Decimal, Decimal]:
    """P(a) = a*(alpha*a + beta)/(g^2*a^2 + delta*a + X^2), as its five coefficients."""
    g, x, v = _kept(fee_bps), Decimal(reserve_in), Decimal(victim_in)
    alpha = g * g * (x + v) - x
    beta = g * g * (x + g * v) * (x + v) - x * x
    return alpha, beta, g * g, x * (1 + g * g) + g**3 * v, x * x


def _least_gaining(victim_in: Real, reserve_in: Real, cost: Real, fee_bps: Bps) -> Decimal | None:
    """The smallest front-run of gross profit `cost`; None where none reaches it, or gains."""
    up2, up1, down2, down1, down0 = _sandwich(victim_in, reserve_in, fee_bps)
    square, linear, constant = up2 - cost * down2, up1 - cost * down1, cost * down0
    discriminant = linear * linear + 4 * square * constant
    if discriminant < 0 or up1 <= 0 or (square <= 0 and linear <= 0):
        return None
    if cost == 0:
        return Decimal(0)
    return 2 * constant / (linear + discriminant.sqrt())
