"""Amounts and their units: an `int` is always wei; whole tokens are `str` or `Decimal`.

Wei means the smallest unit of whatever token is meant. A float is refused everywhere,
because most token amounts have no exact float. Nothing here reads or changes the
caller's decimal context: conversions are done on integers and are exact.
"""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from typing import TypeAlias

from dexsim.errors import AmountTypeError, ScenarioError

Wei: TypeAlias = int
Bps: TypeAlias = int

UINT256_MAX = 2**256 - 1
BPS = 10_000

_NUMBER = re.compile(r"[+-]?(\d+(_\d+)*)?(\.(\d+(_\d+)*)?)?([eE][+-]?\d+)?", re.ASCII)
_MOST_DIGITS = 78  # of a uint256


def to_wei(amount: str | Decimal, decimals: int = 18) -> Wei:
    """`amount` whole tokens in wei, exactly: `to_wei("2.5", 6) == 2_500_000`.

    Accepts "1_000.5", "1e3" and `Decimal`. Raises `AmountTypeError` for a float (most have no
    exact value) and for an int (an int is wei already), `ScenarioError` for what is not a finite
    number, is negative, has more fraction digits than the token, or exceeds a uint256.
    """
    _check_decimals(decimals)
    number = _finite(amount, decimals)
    sign, digits, exponent = number.as_tuple()
    whole = int("".join(map(str, digits)))
    if whole == 0:
        return 0
    if sign:
        raise ScenarioError(f"amount {amount} is negative; an amount is zero or more")
    assert isinstance(exponent, int)  # _finite refused NaN and infinity
    wei = _shift(whole, exponent + decimals)
    if wei is None:
        raise ScenarioError(
            f"amount {amount} has more fraction digits than the token's {decimals} decimals"
        )
    if wei > UINT256_MAX:
        raise ScenarioError(f"amount {amount} with {decimals} decimals exceeds a uint256")
    return wei


def gwei(amount: str | Decimal) -> Wei:
    """`amount` gwei (1e9 wei) in wei, exactly; the errors are those of `to_wei`."""
    return to_wei(amount, 9)


def from_wei(amount: Wei, decimals: int = 18) -> Decimal:
    """`amount` wei in whole tokens, exactly; may be negative, as a balance change is."""
    _check_int(amount, "amount")
    _check_decimals(decimals)
    digits = tuple(map(int, str(abs(amount))))
    return Decimal((int(amount < 0), digits, -decimals))


def format_wei(amount: Wei, decimals: int = 18, *, digits: int | None = None) -> str:
    """`amount` wei as whole tokens for a person to read; may be negative.

    digits None: exact, without trailing zeros, so that `to_wei` reads it back. Otherwise rounded
    half-even to that many fraction digits, with thousands separators.
    """
    _check_int(amount, "amount")
    _check_decimals(decimals)
    if digits is None:
        whole, fraction = divmod(abs(amount), 10**decimals)
        text = (
            f"{whole}.{fraction:0{decimals}d}".rstrip("0").rstrip(".") if fraction else f"{whole}"
        )
        return f"-{text}" if amount < 0 else text
    _check_int(digits, "digits")
    if digits < 0:
        raise ScenarioError(f"digits is {digits}; it must be zero or more")
    rounded = _rescale_half_even(abs(amount), decimals, digits)
    whole, fraction = divmod(rounded, 10**digits)
    text = f"{whole:,}.{fraction:0{digits}d}" if digits else f"{whole:,}"
    return f"-{text}" if amount < 0 and rounded else text


def check_bps(value: Bps, name: str, *, maximum: Bps = BPS) -> Bps:
    """`value` when it is whole basis points from 0 to `maximum`; else an error naming `name`."""
    _check_int(value, name)
    if not 0 <= value <= maximum:
        raise ScenarioError(f"{name} is {value}; it must be from 0 to {maximum} basis points")
    return value


def check_wei(value: Wei, name: str) -> Wei:
    """`value` when it is an int that a uint256 holds; else an error naming `name`."""
    _check_int(value, name)
    if not 0 <= value <= UINT256_MAX:
        raise ScenarioError(f"{name} is {value}; it must be from 0 to 2**256 - 1")
    return value


def _finite(amount: object, decimals: int) -> Decimal:
    if isinstance(amount, str):
        return _parse(amount)
    if not isinstance(amount, Decimal):
        raise _not_whole_tokens(amount, decimals)
    if not amount.is_finite():
        raise ScenarioError(f"amount {amount} is not a finite number")
    return amount


def _parse(text: str) -> Decimal:
    stripped = text.strip()
    if not _NUMBER.fullmatch(stripped) or not any(c.isdigit() for c in stripped):
        raise ScenarioError(f'amount {text!r} is not a number; write it like "2.5" or "1e3"')
    try:
        number = Decimal(stripped.replace("_", ""))
    except InvalidOperation:
        raise ScenarioError(f"amount {text!r} is not a number that can be held") from None
    return number


def _not_whole_tokens(amount: object, decimals: int) -> AmountTypeError:
    kind = type(amount).__name__
    if isinstance(amount, float):
        return AmountTypeError(
            f"amount {amount!r} is a float, which is not exact; "
            f'write to_wei("{amount}", {decimals})'
        )
    if isinstance(amount, int) and not isinstance(amount, bool):
        return AmountTypeError(
            f"amount {amount!r} is an int, and an int is always wei; "
            f'for whole tokens write to_wei("{amount}", {decimals})'
        )
    return AmountTypeError(f"amount {amount!r} is a {kind}; whole tokens are a str or a Decimal")


def _shift(whole: int, places: int) -> int | None:
    """whole * 10**places, or None where that is not an integer; never builds an absurd number."""
    if places >= 0:
        return int(whole * 10 ** min(places, _MOST_DIGITS))
    if -places >= len(str(whole)):
        return None
    shifted, rest = divmod(whole, 10**-places)
    return None if rest else shifted


def _rescale_half_even(amount: int, decimals: int, digits: int) -> int:
    if digits >= decimals:
        return int(amount * 10 ** (digits - decimals))
    unit = int(10 ** (decimals - digits))
    kept, rest = divmod(amount, unit)
    return kept + (2 * rest > unit or (2 * rest == unit and kept % 2 == 1))


def _check_int(value: object, name: str) -> None:
    if isinstance(value, bool) or not isinstance(value, int):
        fix = ' (whole tokens become wei by to_wei("2.5", 18))' if name == "amount" else ""
        raise AmountTypeError(
            f"{name} is {value!r}, a {type(value).__name__}; it must be an int{fix}"
        )


def _check_decimals(decimals: int) -> None:
    _check_int(decimals, "decimals")
    if not 0 <= decimals <= 255:
        raise ScenarioError(f"decimals is {decimals}; it must be from 0 to 255")
