"""Outside prices of every token during a run."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from dexsim.errors import ScenarioError
from dexsim.market.world import NATIVE, Weth
from dexsim.prices.process import PricePath
from dexsim.scenario.scenario import Scenario
from dexsim.streams import Streams


class PriceBoard:
    """The outside price of every token that has one, at any time.

    The numeraire costs 1. The native money costs what the scenario says, else
    what wrapped native money costs, else 1.
    """

    def __init__(self, scenario: Scenario, streams: Streams, start_ms: int) -> None:
        self._paths: dict[str, PricePath] = {
            symbol: process.begin(streams.named("prices", symbol), start_ms)
            for symbol, process in scenario.world.prices.items()
        }
        self._fixed = {scenario.numeraire: Decimal(1)}
        self._native = scenario.gas.native_price
        self._wrapped = next(
            (s for s, kind in scenario.world.tokens.items() if isinstance(kind, Weth)), None
        )

    @property
    def first_ms(self) -> int | None:
        """The first recorded price's time; the earliest where several are recorded."""
        recorded = [path.first_ms for path in self._paths.values() if path.first_ms is not None]
        return min(recorded) if recorded else None

    @property
    def end_ms(self) -> int | None:
        """When the first of the recorded prices ends; None when none does."""
        ends = [path.end_ms for path in self._paths.values() if path.end_ms is not None]
        return min(ends) if ends else None

    def at(self, time_ms: int) -> dict[str, Decimal]:
        """All prices at a time, native money included."""
        prices = {**self._fixed, **{s: path.at(time_ms) for s, path in self._paths.items()}}
        wrapped = prices.get(self._wrapped, Decimal(1)) if self._wrapped else Decimal(1)
        prices[NATIVE] = Decimal(self._native) if self._native is not None else wrapped
        return prices


class PricesAt:
    """The prices of one moment, as a view asks for them."""

    def __init__(self, prices: Mapping[str, Decimal]) -> None:
        self._prices = prices

    def price(self, symbol: str) -> Decimal:
        """Of one whole token in the numeraire. Raises ScenarioError where there is none."""
        if symbol not in self._prices:
            raise ScenarioError(
                f"{symbol} has no outside price; add one",
                key=f"world.prices.{symbol}",
            )
        return self._prices[symbol]
