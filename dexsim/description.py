"""Descriptions: frozen, validated values that say what a world, an agent or a process is.

`@description` makes a class one: keyword-only, compared by value, checked
field by field when it is made, whether from Python or from a file. What is
wrong comes as a ScenarioError that names the field and what is allowed.

Whole tokens and other real numbers are written as strings ("2.5"), because a
float is not exact; rates and shares may be any number, and are kept as the
decimal that was written.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Sequence
from dataclasses import fields
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from typing import Annotated, Any, TypeAlias, TypeVar, cast, dataclass_transform

from pydantic import BeforeValidator, ConfigDict, Field, Strict, ValidationError, WithJsonSchema
from pydantic.dataclasses import dataclass as pydantic_dataclass
from pydantic_core import PydanticCustomError

from dexsim.errors import AmountTypeError, ScenarioError

_T = TypeVar("_T")
_AMOUNT_TYPE = "amount_type"


def _parse(text: str) -> Decimal:
    try:
        number = Decimal(text.replace("_", ""))
    except InvalidOperation:
        raise ValueError(f"{text!r} is not a number") from None
    if not number.is_finite():
        raise ValueError(f"{text!r} is not a finite number")
    return number


def _tokens(value: object) -> Decimal:
    """Whole tokens: text or Decimal, not below zero."""
    if isinstance(value, float | int):
        told = (
            f'whole tokens are written as text: "{value}", '
            f"not the {type(value).__name__} {value!r} (an int is always wei)"
        )
        raise PydanticCustomError(_AMOUNT_TYPE, "{told}", {"told": told})
    number = value if isinstance(value, Decimal) else _parse(_text(value))
    if number < 0 or not number.is_finite():
        raise ValueError(f"an amount cannot be {value}; it is 0 or more")
    return _plain(number)


def _number(value: object) -> Decimal:
    """A rate, share or price: text, int, float or Decimal."""
    if isinstance(value, bool):
        raise ValueError(f"expected a number, not {value}")
    if isinstance(value, Decimal | int | float):
        number = _parse(repr(value) if isinstance(value, float) else str(value))
    else:
        number = _parse(_text(value))
    return _plain(number)


def _plain(number: Decimal) -> Decimal:
    """The same number without trailing zeros; exact, unlike `normalize`, which rounds to a context."""
    sign, digits, exponent = number.as_tuple()
    assert isinstance(exponent, int)
    while len(digits) > 1 and not digits[-1]:
        digits, exponent = digits[:-1], exponent + 1
    return Decimal((sign, digits, exponent)) if any(digits) else Decimal(0)


def _not_negative(value: object) -> Decimal:
    number = _number(value)
    if number < 0:
        raise ValueError(f"{value} is below zero; it is 0 or more")
    return number


def _positive(value: object) -> Decimal:
    number = _number(value)
    if number <= 0:
        raise ValueError(f"{value} is not above zero")
    return number


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError(f"expected text, not the {type(value).__name__} {value!r}")
    return value


_NUMBER_SCHEMA = {"anyOf": [{"type": "string"}, {"type": "number"}]}

Tokens: TypeAlias = Annotated[
    str | Decimal, BeforeValidator(_tokens), WithJsonSchema({"type": "string"})
]
"""An amount in whole tokens, as text or Decimal; an int or a float is refused."""

Number: TypeAlias = Annotated[
    str | float | Decimal, BeforeValidator(_number), WithJsonSchema(_NUMBER_SCHEMA)
]
"""Any real number, kept as the decimal that was written."""

Rate: TypeAlias = Annotated[
    str | float | Decimal, BeforeValidator(_not_negative), WithJsonSchema(_NUMBER_SCHEMA)
]
"""A number that is not below zero."""

Positive: TypeAlias = Annotated[
    str | float | Decimal, BeforeValidator(_positive), WithJsonSchema(_NUMBER_SCHEMA)
]
"""A number above zero."""

Text: TypeAlias = Annotated[str, Strict()]
Flag: TypeAlias = Annotated[bool, Strict()]
Count: TypeAlias = Annotated[int, Strict(), Field(ge=0)]
"""A whole number that is not below zero."""

AtLeastOne: TypeAlias = Annotated[int, Strict(), Field(ge=1)]
FeeBps: TypeAlias = Annotated[int, Strict(), Field(ge=0, le=1_000)]
"""A pool's fee in basis points: 0 to 1000."""

ShareBps: TypeAlias = Annotated[int, Strict(), Field(ge=0, le=10_000)]
"""A share in basis points: 0 to 10 000."""


@dataclass_transform(frozen_default=True, kw_only_default=True)
def description(cls: type[_T]) -> type[_T]:
    """Make a class a description; see the module."""
    config = ConfigDict(extra="forbid", arbitrary_types_allowed=True, validate_default=True)
    made: Any = pydantic_dataclass(frozen=True, kw_only=True, config=config)(cls)
    made.__init__ = _told(made.__init__)
    return cast("type[_T]", made)


def _told(init: Callable[..., None]) -> Callable[..., None]:
    """The constructor with pydantic's complaint turned into ours."""

    @functools.wraps(init)
    def checked(self: Any, *args: Any, **kwargs: Any) -> None:
        try:
            init(self, *args, **kwargs)
        except ValidationError as error:
            known = [each.name for each in fields(self) if each.init]
            raise complaint(error, known) from None

    return checked


def complaint(error: ValidationError, known: Sequence[str]) -> ScenarioError:
    """The first thing that pydantic found, as a ScenarioError with the field's name."""
    first = error.errors(include_url=False)[0]
    key = ".".join(str(part) for part in first["loc"])
    if first["type"] in {"unexpected_keyword_argument", "dataclass_args"}:
        return ScenarioError(unknown(str(first["loc"][-1]), known), key=key)
    if first["type"] in {"missing", "missing_argument"}:
        return ScenarioError("is missing", key=key)
    if first["type"] == _AMOUNT_TYPE:
        return AmountTypeError(first["msg"], key=key)
    message = first["msg"].removeprefix("Value error, ")
    shown = "" if first["type"] == "value_error" else f", not {first['input']!r}"
    return ScenarioError(message[0].lower() + message[1:] + shown, key=key)


_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,31}")


def check_name(name: str, key: str) -> None:
    """Raises ScenarioError unless it can be a path of `--set` and a name in the tables."""
    if not _NAME.fullmatch(name):
        raise ScenarioError(
            f"{name!r} cannot be a name: up to 32 letters, digits, . - and _, no dot first",
            key=key,
        )


def unknown(name: str, known: Sequence[str], what: str = "key") -> str:
    """ "unknown key; did you mean ...?" with the nearest names, or all of them."""
    near = get_close_matches(name, known, n=3, cutoff=0.5)
    if near:
        return f"unknown {what} {name!r}; did you mean {' or '.join(near)}?"
    return f"unknown {what} {name!r}; allowed: {', '.join(known) or 'none'}"
