"""`--prices`: recorded prices of one token in place of those that the scenario describes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from dexsim.description import unknown
from dexsim.errors import ScenarioError
from dexsim.market.world import Market, Weth, World
from dexsim.prices import Csv
from dexsim.results.run import Run
from dexsim.scenario.scenario import Experiment, Scenario
from dexsim.scenario.settings import arms_of
from dexsim.streams import Streams


@dataclass(frozen=True)
class Use:
    """How far a run came in the data: the last block's time, and whether the data ended it."""

    last_ms: int
    ended_by_data: bool


@dataclass(frozen=True)
class RecordedPrices:
    """The prices of a token in a file, and the time that they span (Unix milliseconds)."""

    token: str
    csv: Csv
    first_ms: int
    end_ms: int

    def put_into(self, described: Scenario | Experiment) -> Scenario | Experiment:
        """The scenario with these prices; its markets open at them."""
        if isinstance(described, Experiment):
            return described.replace(base=self._put(described.base))
        return self._put(described)

    def told(self, use: Use) -> list[str]:
        """How much of the data a run used, in words."""
        span = f"{_utc(self.first_ms)} to {_utc(use.last_ms)} UTC"
        used, all_of_it = use.last_ms - self.first_ms, self.end_ms - self.first_ms
        how_much = (
            f"the data ended the run, after {_duration(all_of_it)}"
            if use.ended_by_data
            else f"{_duration(used)} of the {_duration(all_of_it)} of data; more --blocks use more"
        )
        return [f"{self.token} from {Path(self.csv.path).name}, {span}", how_much]

    def to_dict(self, use: Use) -> dict[str, Any]:
        """The same for `--json`."""
        return {
            "token": self.token,
            "file": self.csv.path,
            "data_begins": _iso(self.first_ms),
            "data_ends": _iso(self.end_ms),
            "run_ends": _iso(use.last_ms),
            "data_ended_the_run": use.ended_by_data,
        }

    def _put(self, scenario: Scenario) -> Scenario:
        world = scenario.world
        prices = {**world.prices, self.token: self.csv}
        priced = {*prices, scenario.money}
        markets = {name: self._opened(market, priced) for name, market in world.markets.items()}
        recorded = scenario.replace(world=replace(world, prices=prices, markets=markets))
        if not isinstance(world.tokens[self.token], Weth):
            return recorded
        # Wrapped money costs what it wraps: a price of its own would contradict the data.
        return recorded.replace(gas=replace(scenario.gas, native_price=None))

    def _opened(self, market: Market, priced: set[str]) -> Market:
        """The market, opening at the outside price where both of its tokens have one."""
        pair = {market.base, market.quote}
        at_price = self.token in pair and pair <= priced
        return replace(market, quote_reserve=None) if at_price else market


def use_of(described: Scenario | Experiment, done: Run) -> Use:
    """How a run of a scenario used its recorded prices.

    Raises ScenarioError when they ended before the first block.
    """
    wanted = [scenario.blocks for scenario in arms_of(described).values()]
    made = [about["blocks"] for about in done.manifest["arms"].values()]
    if not any(made):
        raise ScenarioError("the data ends before the first block", file="--prices")
    last_ms = max(done.table("blocks")["time_ms"].to_pylist())
    return Use(last_ms, ended_by_data=made != wanted)


def recorded_prices(
    described: Scenario | Experiment,
    given: str | None,
    time_column: str | None,
    price_column: str | None,
) -> RecordedPrices | None:
    """What `--prices` names, read and checked; None without it.

    Raises ScenarioError for a token or a file that is not there, and for data
    that is none, with its line and column.
    """
    if given is None:
        if time_column is not None or price_column is not None:
            raise ScenarioError("--time-column and --price-column need --prices CSV")
        return None
    base = described.base if isinstance(described, Experiment) else described
    token, file = _token_and_file(given, base.world)
    if token == base.money:
        raise ScenarioError(
            f"{token} is the numeraire: its price is always 1; name another: TOKEN={file}",
            file="--prices",
        )
    if not file.is_file():
        raise ScenarioError(f"there is no such file: {file}", file="--prices")
    described_csv = Csv(
        path=str(file.resolve()), time_column=time_column, price_column=price_column
    )
    path = described_csv.begin(Streams(0), 0)
    assert path.first_ms is not None
    assert path.end_ms is not None
    if path.first_ms == path.end_ms:
        raise ScenarioError("holds one price; a run needs time to pass", file=str(file))
    return RecordedPrices(token, described_csv, path.first_ms, path.end_ms)


def _token_and_file(given: str, world: World) -> tuple[str, Path]:
    """`[TOKEN=]CSV`; a file may have "=" in its name."""
    token, equals, file = given.partition("=")
    if not equals or Path(given).exists():
        return next(iter(world.markets.values())).base, Path(given)
    if token not in world.tokens:
        raise ScenarioError(unknown(token, list(world.tokens), "token"), file="--prices")
    return token, Path(file)


def _moment(time_ms: int) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=time_ms)


def _iso(time_ms: int) -> str:
    return _moment(time_ms).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _utc(time_ms: int) -> str:
    return _moment(time_ms).strftime("%Y-%m-%d %H:%M:%S")


def _duration(milliseconds: int) -> str:
    minutes, seconds = divmod(milliseconds // 1000, 60)
    days, hours = divmod(minutes // 60, 24)
    if days:
        return f"{days} d {hours} h"
    return f"{hours} h {minutes % 60} min" if hours else f"{minutes} min {seconds} s"
