"""A market that is open at certain hours only."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, ClassVar

from pydantic import BeforeValidator

from dexsim.description import Flag, Text, description, unknown
from dexsim.errors import ScenarioError
from dexsim.prices.kinds import PROCESSES
from dexsim.prices.limits import MS_PER_DAY
from dexsim.prices.process import PricePath, PriceProcess
from dexsim.streams import Streams

_CLOCK_TIME = re.compile(r"([01]\d|2[0-4]):([0-5]\d)", re.ASCII)
_WORKING_DAYS = 5
_FRIDAY = 4


def _process(value: object) -> object:
    """A table of a file ({"kind": "gbm", ...}) as the process it describes."""
    if not isinstance(value, Mapping):
        return value
    fields = dict(value)
    if "kind" not in fields:
        raise ScenarioError(f"is missing; allowed: {', '.join(PROCESSES)}", key="process.kind")
    kind = str(fields.pop("kind"))
    if kind not in PROCESSES:
        raise ScenarioError(unknown(kind, list(PROCESSES), "kind"), key="process.kind")
    try:
        return PROCESSES[kind](**fields)
    except ScenarioError as error:
        raise error.within("process") from None


@description
class Sessions:
    """The price of a market open from `opens` to `closes` (hh:mm, UTC), Monday to Friday.

    While the market is closed the closing price holds. With `moves_while_closed` the process
    underneath goes on, and the market opens with a gap; without, its time stands still, and the
    market opens where it closed. Recorded prices have times of their own, which cannot stand
    still.
    """

    kind: ClassVar[str] = "sessions"

    process: Annotated[PriceProcess, BeforeValidator(_process)]
    opens: Text = "13:30"
    closes: Text = "20:00"
    moves_while_closed: Flag = True

    def __post_init__(self) -> None:
        if self.hours().opens_ms >= self.hours().closes_ms:
            raise ScenarioError(
                f"the market closes at {self.closes}, which is not after {self.opens}; "
                "a session lies within one day, UTC",
                key="closes",
            )

    def hours(self) -> Hours:
        """The opening hours, for whoever needs to know when the market is open."""
        return Hours(_time_of_day("opens", self.opens), _time_of_day("closes", self.closes))

    def begin(self, streams: Streams, start_ms: int) -> PricePath:
        """The path from `start_ms` on; the process underneath draws as it would alone."""
        path = self.process.begin(streams, start_ms)
        if self.moves_while_closed:
            return GapPath(path, self.hours())
        if path.first_ms is not None or path.end_ms is not None:
            raise ScenarioError(
                "is true for recorded prices, which have times of their own",
                key="moves_while_closed",
            )
        return StandingPath(path, self.hours(), start_ms)


@dataclass(frozen=True, slots=True)
class Hours:
    """Opening hours on Monday to Friday, in milliseconds of the day."""

    opens_ms: int
    closes_ms: int

    def is_open(self, time_ms: int) -> bool:
        """Open at the opening, closed from the closing on."""
        day, clock_ms = _weekday(time_ms)
        return day < _WORKING_DAYS and self.opens_ms <= clock_ms < self.closes_ms

    def last_open(self, time_ms: int) -> int:
        """The time itself during a session, otherwise that of the last closing."""
        day, clock_ms = _weekday(time_ms)
        midnight = time_ms - clock_ms
        if day < _WORKING_DAYS and clock_ms >= self.opens_ms:
            return midnight + min(clock_ms, self.closes_ms)
        days_ago = 3 if day == 0 else max(1, day - _FRIDAY)
        return midnight - days_ago * MS_PER_DAY + self.closes_ms

    def open_before(self, time_ms: int) -> int:
        """Milliseconds of all sessions since Monday, 29 December 1969, up to a time."""
        day, clock_ms = _weekday(time_ms)
        weeks = (time_ms // MS_PER_DAY + 3) // 7
        session_ms = self.closes_ms - self.opens_ms
        full = weeks * _WORKING_DAYS + min(day, _WORKING_DAYS)
        today = min(max(clock_ms - self.opens_ms, 0), session_ms) if day < _WORKING_DAYS else 0
        return full * session_ms + today


@dataclass(frozen=True, slots=True)
class GapPath:
    """What goes on while the market is closed shows when it opens."""

    path: PricePath
    hours: Hours

    @property
    def first_ms(self) -> int | None:
        return self.path.first_ms

    @property
    def end_ms(self) -> int | None:
        return self.path.end_ms

    def at(self, time_ms: int) -> Decimal:
        return self.path.at(self.hours.last_open(time_ms))


@dataclass(frozen=True, slots=True)
class StandingPath:
    """Time passes for the price only while the market is open."""

    path: PricePath
    hours: Hours
    start_ms: int
    first_ms: int | None = None
    end_ms: int | None = None

    def at(self, time_ms: int) -> Decimal:
        lived_ms = self.hours.open_before(time_ms) - self.hours.open_before(self.start_ms)
        return self.path.at(self.start_ms + lived_ms)


def _weekday(time_ms: int) -> tuple[int, int]:
    """Day of the week (Monday is 0) and milliseconds since its midnight, UTC."""
    days, clock_ms = divmod(time_ms, MS_PER_DAY)
    return (days + 3) % 7, clock_ms  # 1 January 1970 was a Thursday


def _time_of_day(name: str, text: str) -> int:
    found = _CLOCK_TIME.fullmatch(text)
    minutes = int(found[1]) * 60 + int(found[2]) if found else MS_PER_DAY
    if minutes > 24 * 60:
        raise ScenarioError(f'{text!r} is not a time of day; write it like "13:30", UTC', key=name)
    return minutes * 60_000
