"""What searchers keep of a sandwich when they compete, and when the block's order is random."""

from __future__ import annotations

from fractions import Fraction
from itertools import permutations
from math import sqrt

_BPS = 10_000


def symmetric_searcher(revenue: Fraction | int, cost: Fraction | int, searchers: int) -> Fraction:
    """Expected gain of each of `searchers` equal ones: R/n - c; all pay the cost, one wins."""
    return Fraction(revenue) / searchers - cost


def full_tip(revenue: Fraction | int, cost: Fraction | int) -> Fraction:
    """The winning tip of a first-price auction in which all know the revenue: R - c."""
    return Fraction(revenue) - cost


def random_order_mean(
    frontrun_in: Fraction | int,
    victim_in: Fraction | int,
    reserve: Fraction | int,
    fee_bps: int = 30,
) -> Fraction:
    """Mean gain over the six orders of two unconditional legs and a victim; about -2*f*a.

    The pool holds `reserve` of each token. Before it is sold, the attacker already holds what its
    buy brings in an undisturbed pool; a difference in the bought token is marked at the mid after the block.
    """
    orders = list(permutations(("buy", "victim", "sell")))
    return (
        sum((_gain(o, frontrun_in, victim_in, reserve, fee_bps) for o in orders), Fraction(0)) / 6
    )


def jit_multiple(size: float, fee_bps: int = 30) -> float | None:
    """How many times the pool's own liquidity pays most just in time, for a trade of dx/X = `size`.

    Marked at the mid before the trade: w* = (sqrt(g*(1 + g*d)) - 1)/(g*d), k = 1/w* - 1. None at or
    below d = (1/g - 1)/g = 0.30181 % at 30 bps: more is always better.
    """
    g = 1 - fee_bps / _BPS
    share = (sqrt(g * (1 + g * size)) - 1) / (g * size)
    return 1 / share - 1 if share > 0 else None


def _gain(
    order: tuple[str, ...], a: Fraction | int, v: Fraction | int, reserve: Fraction | int, fee: int
) -> Fraction:
    g = 1 - Fraction(fee, _BPS)
    x = y = Fraction(reserve)
    held = sold = y * g * a / (x + g * a)
    gain = Fraction(0)
    for step in order:
        if step == "sell":
            out = x * g * sold / (y + g * sold)
            x, y, gain = x - out, y + sold, gain + out
            continue
        amount = Fraction(a if step == "buy" else v)
        out = y * g * amount / (x + g * amount)
        x, y = x + amount, y - out
        if step == "buy":
            gain, held = gain - amount, out
    return gain + (held - sold) * x / y
