"""Amounts as people type them and read them: "1,000 USDC", "50%", 1974.316 USDC."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

from dexsim.errors import ScenarioError
from dexsim.units import BPS, Wei, format_wei, to_wei

_DIGITS = 6
_EXAMPLE = "write it like '1 WETH', '0.5 WETH' or '1,000 USDC'"
_NUMBER = r"\d[\d_,]*(?:\.[\d_]*)?(?:[eE][+-]?\d+)?|\.\d[\d_]*"
_ADDRESS = r"0x[0-9a-fA-F]{40}"
_AMOUNT = re.compile(rf"(?P<number>{_NUMBER})?\s*(?P<unit>{_ADDRESS}|[^\s\d.,+-]\S*)?", re.ASCII)
_GROUPED = re.compile(r"\d{1,3}(,\d{3})+(\.\d*)?")
_PERCENT = re.compile(r"(\d+(?:\.\d+)?)\s*%?")


@dataclass(frozen=True)
class Said:
    """An amount as it was typed. number: whole tokens, or ""; unit: a token's symbol, or ""."""

    text: str
    number: str
    unit: str

    def wei(self, decimals: int, *, key: str, zero: bool = False) -> Wei:
        """In the token's smallest unit. Raises ScenarioError; for zero too, unless it is allowed."""
        if not self.number:
            raise ScenarioError(f"{self.text!r} says no number; {_EXAMPLE}", key=key)
        try:
            amount = to_wei(self.number, decimals)
        except ScenarioError as error:
            raise error.within(key) from None
        if not amount and not zero:
            raise ScenarioError(
                f"{self.text!r} is nothing; an amount above zero is wanted", key=key
            )
        return amount


def read_amount(text: str, *, key: str) -> Said:
    """Take an amount apart: a number, a token's symbol, or both. Raises ScenarioError."""
    stripped = text.strip()
    match = _AMOUNT.fullmatch(stripped)
    if not stripped or match is None:
        sign = "is negative; " if stripped.startswith("-") else "is no amount; "
        raise ScenarioError(f"{text!r} {sign}{_EXAMPLE}", key=key)
    number = match["number"] or ""
    if "," in number:
        if not _GROUPED.fullmatch(number):
            raise ScenarioError(
                f"{text!r}: a comma groups thousands (1,000), a point begins the fraction (0.5)",
                key=key,
            )
        number = number.replace(",", "")
    return Said(text=text, number=number, unit=match["unit"] or "")


def share_of(amount: Wei, text: str, *, key: str) -> Wei:
    """A percentage of an amount, rounded down: "50%", "12.5 %". Raises ScenarioError."""
    match = _PERCENT.fullmatch(text.strip())
    share = Fraction(match[1]) / 100 if match else Fraction(0)
    if not 0 < share <= 1:
        raise ScenarioError(f"{text!r} is no share; say one above 0% and up to 100%", key=key)
    return int(amount * share)


def exactly(amount: Wei, decimals: int) -> str:
    """Every digit of an amount, thousands grouped."""
    plain = format_wei(amount, decimals)
    whole, point, fraction = plain.partition(".")
    return f"{int(whole):,}{point}{fraction}"


def told(amount: Wei, decimals: int) -> str:
    """An amount to about six digits behind the point; small ones are told exactly."""
    if amount * 10**3 < 10**decimals or decimals <= _DIGITS:
        return exactly(amount, decimals)
    return _trimmed(format_wei(amount, decimals, digits=_DIGITS))


def price(ratio: Fraction) -> str:
    """A price to about six digits that matter, two behind the point at least where it has any."""
    if ratio == 0:
        return "0"
    digits, scaled = 2, ratio
    while scaled < 10**3 and digits < 18:
        scaled, digits = scaled * 10, digits + 1
    return _trimmed(format_wei(round(ratio * 10**18), 18, digits=digits))


def percent(ratio: Fraction) -> str:
    """A ratio as a percentage with two digits: "0.99 %"; "under 0.01 %" where that would say nothing."""
    if 0 < ratio < Fraction(1, 2 * BPS):
        return "under 0.01 %"
    return f"{format_wei(round(ratio * BPS), 2, digits=2)} %"


def _trimmed(text: str) -> str:
    return text.rstrip("0").rstrip(".") if "." in text else text
