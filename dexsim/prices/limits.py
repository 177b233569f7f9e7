"""What the numbers of a price process may be, so that a mistyped one is told and not computed."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from dexsim.errors import ScenarioError

MS_PER_DAY = 86_400_000

LEAST_PRICE = Decimal("1e-36")
MOST_PRICE = Decimal("1e36")

Real = str | float | Decimal
"""How a checker sees a field of a description; made, it is always a Decimal."""


def check_range(name: str, value: Real, least: Real, most: Real) -> None:
    """Refuse a field outside [least, most]; decimals compare exactly in any context."""
    if not Decimal(least) <= Decimal(value) <= Decimal(most):
        raise ScenarioError(f"{value} is out of range; it is from {least} to {most}", key=name)


def check_price(name: str, value: Real) -> None:
    """Refuse a price that no token can have."""
    check_range(name, value, LEAST_PRICE, MOST_PRICE)


def check_step(value: Real) -> None:
    """Refuse a `step_seconds` that is not a whole number of milliseconds up to a day."""
    check_range("step_seconds", value, "0.001", 86_400)
    whole_ms("step_seconds", value)


def whole_ms(name: str, seconds: Real) -> int:
    """Seconds as integer milliseconds, exactly, or an error that names the field."""
    milliseconds = Fraction(Decimal(seconds)) * 1000
    if milliseconds.denominator != 1:
        raise ScenarioError(
            f"{seconds} seconds is not a whole number of milliseconds; "
            "write at most three digits after the point",
            key=name,
        )
    return milliseconds.numerator
