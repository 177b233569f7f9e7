"""A price that does not move."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from dexsim.description import Positive, description
from dexsim.prices.limits import check_price
from dexsim.prices.process import PricePath
from dexsim.streams import Streams


@description
class Constant:
    """The same price at all times, every digit of it as it was written."""

    kind: ClassVar[str] = "constant"

    price: Positive

    def __post_init__(self) -> None:
        check_price("price", self.price)

    def begin(self, streams: Streams, start_ms: int) -> PricePath:
        """The path: nothing is drawn."""
        return ConstantPath(Decimal(self.price))


@dataclass(frozen=True, slots=True)
class ConstantPath:
    """One price for ever."""

    price: Decimal
    first_ms: int | None = None
    end_ms: int | None = None

    def at(self, time_ms: int) -> Decimal:
        return self.price
