"""Outside prices of every token during a run."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType

from dexsim.errors import ScenarioError
from dexsim.market.world import NATIVE, Weth
from dexsim.prices.process import PricePath
from dexsim.scenario.scenario import Scenario
from dexsim.streams import Streams


class PriceBoard:
    """The outside price of every token that has one, at any time.

    The numeraire costs 1. The native money costs what the scenario says, else
    what wrapped native money costs outside. start_ms: when the run begins: at
    the time from which all recorded prices are known, if any are, else at `default_ms`.
    """

    def __init__(self, scenario: Scenario, streams: Streams, default_ms: int) -> None:
        self._paths = _begin(scenario, streams, default_ms)
        first = _first_recorded(self._paths)
        self.start_ms = default_ms if first is None else first
        if first is not None:  # what is drawn begins when the recording does
            self._paths = _begin(scenario, streams, first)
        self._fixed = {scenario.money: Decimal(1)}
        self._native = scenario.gas.native_price
        kinds = scenario.world.tokens.items()
        self._wrapped = next((symbol for symbol, kind in kinds if isinstance(kind, Weth)), "")
        self._last: tuple[int, Mapping[str, Decimal]] | None = None

    @property
    def end_ms(self) -> int | None:
        """When the first of the recorded prices ends; None when none does."""
        ends = [path.end_ms for path in self._paths.values() if path.end_ms is not None]
        return min(ends) if ends else None

    def at(self, time_ms: int) -> Mapping[str, Decimal]:
        """All prices at a time, native money included. Who asks for the same time again gets the same."""
        if self._last is None or self._last[0] != time_ms:
            self._last = (time_ms, MappingProxyType(self._drawn(time_ms)))
        return self._last[1]

    def _drawn(self, time_ms: int) -> dict[str, Decimal]:
        prices = {**self._fixed, **{s: path.at(time_ms) for s, path in self._paths.items()}}
        if self._native is not None:
            prices[NATIVE] = Decimal(self._native)
        elif self._wrapped in prices:
            prices[NATIVE] = prices[self._wrapped]
        return prices


def _begin(scenario: Scenario, streams: Streams, start_ms: int) -> dict[str, PricePath]:
    return {
        symbol: process.begin(streams.named("prices", symbol), start_ms)
        for symbol, process in scenario.world.prices.items()
    }


def _first_recorded(paths: Mapping[str, PricePath]) -> int | None:
    """When all recorded prices have begun; None where nothing is recorded."""
    return max((p.first_ms for p in paths.values() if p.first_ms is not None), default=None)


class PricesUntil:
    """The board as it can be known at a time: nobody sees the future."""

    def __init__(self, board: PriceBoard, now_ms: int) -> None:
        self._board = board
        self._now_ms = now_ms

    def at(self, time_ms: int) -> Mapping[str, Decimal]:
        """All prices at a time that has come. Raises ScenarioError for one that has not."""
        if time_ms > self._now_ms:
            raise ScenarioError(f"nobody knows prices {time_ms - self._now_ms} ms from now")
        return self._board.at(time_ms)
