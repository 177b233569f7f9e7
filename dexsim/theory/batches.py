"""Prices of trades that are settled in a batch, by rule of the pool; without a fee.

A function-maximising pool (Canidio and Fritsch 2023, arXiv 2307.02074) sells at the price that it has
afterwards. To sell x of X it asks for Y / (X - 2x) each, in place of the average Y / (X - x) of a
pool that keeps X * Y: the prices of reserves (X - x, Y + x Y / (X - 2x)).
"""

from __future__ import annotations

from fractions import Fraction

Number = int | Fraction


def product_price(reserve_out: Number, reserve_in: Number, bought: Number) -> Fraction:
    """The average price that a pool of constant product asks: Y / (X - x), for x below X."""
    _check(reserve_out, bought, most=reserve_out)
    return Fraction(reserve_in) / (reserve_out - bought)


def function_maximising_price(reserve_out: Number, reserve_in: Number, bought: Number) -> Fraction:
    """What a function-maximising pool asks: Y / (X - 2x), for x below X / 2."""
    _check(reserve_out, bought, most=Fraction(reserve_out) / 2)
    return Fraction(reserve_in) / (reserve_out - 2 * bought)


def reserves_after(
    reserve_out: Number, reserve_in: Number, bought: Number, price: Number
) -> tuple[Fraction, Fraction]:
    """(out, in) after `bought` left at `price` each."""
    return Fraction(reserve_out) - bought, Fraction(reserve_in) + bought * price


def product_growth(reserve_out: Number, bought: Number) -> Fraction:
    """By how much a function-maximising pool's product grows: (X - x)**2 / (X (X - 2x))."""
    _check(reserve_out, bought, most=Fraction(reserve_out) / 2)
    kept = Fraction(reserve_out) - bought
    return kept**2 / (reserve_out * (Fraction(reserve_out) - 2 * bought))


def _check(reserve_out: Number, bought: Number, *, most: Number) -> None:
    if not 0 <= bought < most or reserve_out <= 0:
        raise ValueError(f"{bought} of {reserve_out} cannot be bought")
