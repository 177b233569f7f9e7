"""What a cell of a price file says: a time or a price. A ValueError tells what would be right."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from dexsim.prices.limits import LEAST_PRICE, MOST_PRICE

_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,4})?", re.ASCII)
_WHOLE = re.compile(r"\d+", re.ASCII)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LEAST_IN_MS = 10**11
_TOO_LATE_MS = 10**14
_TIME_FORMS = (
    'write it like "2023-08-13 00:00:00", "2023-08-13T00:00:00Z", '
    "or as whole seconds or milliseconds since 1970"
)


def is_number(text: str) -> bool:
    """Whether a cell holds a plain decimal number."""
    return _NUMBER.fullmatch(text) is not None


def parse_price(text: str) -> Decimal:
    """A price above zero, exactly as it is written."""
    if not is_number(text):
        told = repr(text) if text else "an empty cell"
        raise ValueError(f'{told} is not a price; write a number above zero like "1850.25"')
    price = Decimal(text)
    if price <= 0:
        raise ValueError(f"a price of {text}; it is above zero")
    if not LEAST_PRICE <= price <= MOST_PRICE:
        raise ValueError(f"a price of {text}; it is from {LEAST_PRICE} to {MOST_PRICE}")
    return price


def parse_time(text: str) -> int:
    """Milliseconds since 1970, UTC.

    ISO 8601 without a zone is UTC; parts of a millisecond are cut off. A whole number below
    10**11 is in seconds (the year 5138 is far), otherwise in milliseconds.
    """
    time_ms = _from_number(text) if _WHOLE.fullmatch(text) else _from_iso(text)
    if time_ms < 0:
        raise ValueError(f"{text!r} is before 1970, and no block can be")
    return time_ms


def _from_number(text: str) -> int:
    if len(text) == 8 and text[:2] in {"19", "20"}:
        raise ValueError(f"{text} may be a date or a number of seconds; {_TIME_FORMS}")
    number = int(text[:20])
    if number >= _TOO_LATE_MS:
        raise ValueError(f"{text} is too large for milliseconds since 1970; {_TIME_FORMS}")
    return number * 1000 if number < _LEAST_IN_MS else number


def _from_iso(text: str) -> int:
    try:
        moment = datetime.fromisoformat(text.removesuffix(" UTC"))
    except ValueError:
        told = repr(text) if text else "an empty cell"
        raise ValueError(f"{told} is not a time; {_TIME_FORMS}") from None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return (moment - _EPOCH) // timedelta(milliseconds=1)
