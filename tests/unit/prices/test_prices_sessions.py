"""A market that is open at certain hours only."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from dexsim.errors import ScenarioError
from dexsim.prices import Constant, Csv, Gbm, Sessions
from dexsim.prices.sessions import Hours
from dexsim.streams import Streams

GBM = Gbm(start="100", daily_volatility="0.02")
MARKET = Sessions(process=GBM, opens="13:30", closes="20:00")
HOURS = MARKET.hours()


def at(text: str) -> int:
    """Milliseconds of "day hh:mm" in the week of Monday, 14 August 2023."""
    days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun", "next"]
    day, clock = text.split()
    hour, minute = clock.split(":")
    moment = datetime(2023, 8, 14, tzinfo=UTC) + timedelta(
        days=days.index(day), hours=int(hour), minutes=int(minute)
    )
    return int(moment.timestamp() * 1000)


@pytest.mark.parametrize(
    ("time", "last_open"),
    [
        ("mon 13:30", "mon 13:30"),
        ("mon 13:29", "fri-before"),
        ("tue 13:29", "mon 20:00"),
        ("tue 15:00", "tue 15:00"),
        ("tue 20:00", "tue 20:00"),
        ("tue 23:59", "tue 20:00"),
        ("fri 21:00", "fri 20:00"),
        ("sat 15:00", "fri 20:00"),
        ("sun 15:00", "fri 20:00"),
        ("next 13:29", "fri 20:00"),
        ("next 13:30", "next 13:30"),
    ],
)
def test_closing_price_holds_until_the_next_opening(time: str, last_open: str) -> None:
    before = at("mon 20:00") - 3 * 86_400_000
    expected = before if last_open == "fri-before" else at(last_open)
    assert HOURS.last_open(at(time)) == expected
    path = MARKET.begin(Streams(1), at("mon 00:00"))
    assert path.at(at(time)) == GBM.begin(Streams(1), at("mon 00:00")).at(expected)


def test_opening_hours_agree_with_the_calendar() -> None:
    hours = Hours(13 * 3_600_000 + 1_800_000, 20 * 3_600_000)
    open_minutes = 0
    base = hours.open_before(at("mon 00:00"))
    for minute in range(2 * 7 * 24 * 60):
        time_ms = at("mon 00:00") + minute * 60_000
        moment = datetime.fromtimestamp(time_ms / 1000, tz=UTC)
        is_open = moment.weekday() < 5 and (13, 30) <= (moment.hour, moment.minute) < (20, 0)
        assert hours.is_open(time_ms) == is_open
        assert hours.open_before(time_ms) - base == open_minutes * 60_000
        open_minutes += is_open
    assert open_minutes == 10 * 390


def test_price_that_moves_while_closed_opens_with_a_gap() -> None:
    path = MARKET.begin(Streams(1), at("mon 13:30"))
    assert path.at(at("tue 13:29")) == path.at(at("mon 20:00")) != path.at(at("tue 13:30"))


def test_price_that_stands_still_while_closed_opens_where_it_closed() -> None:
    market = replace(MARKET, moves_while_closed=False)
    path = market.begin(Streams(1), at("mon 13:30"))
    alone = GBM.begin(Streams(1), at("mon 13:30"))
    closing = path.at(at("fri 20:00"))
    assert closing == path.at(at("sun 12:00")) == path.at(at("next 13:30"))
    assert path.at(at("next 13:31")) != closing
    assert closing == alone.at(at("mon 13:30") + 5 * 390 * 60_000)
    assert path.at(at("wed 14:00")) == alone.at(at("mon 13:30") + (2 * 390 + 30) * 60_000)


def test_recorded_prices_keep_their_end_and_cannot_stand_still(tmp_path: Path) -> None:
    file = tmp_path / "prices.csv"
    file.write_text("time,price\n2023-08-14 19:59,10\n2023-08-14 21:00,11\n2023-08-15 14:00,12\n")
    market = Sessions(process=Csv(path=str(file)))
    path = market.begin(Streams(1), 0)
    assert (path.first_ms, path.end_ms) == (at("mon 19:59"), at("tue 14:00"))
    assert path.at(at("tue 13:29")) == 10
    assert path.at(at("tue 13:30")) == 11
    with pytest.raises(ScenarioError) as caught:
        replace(market, moves_while_closed=False).begin(Streams(1), 0)
    assert caught.value.key == "moves_while_closed"


def test_process_can_be_written_as_a_table() -> None:
    table = {"kind": "constant", "price": "100.5"}
    market = Sessions(process=table)  # type: ignore[arg-type]
    assert market == Sessions(process=Constant(price="100.5"))
    assert market.begin(Streams(1), 0).at(0) == Decimal("100.5")


@pytest.mark.parametrize(
    ("fields", "key", "told"),
    [
        ({"process": {"kind": "gbn"}}, "process.kind", "did you mean gbm"),
        ({"process": {"price": "1"}}, "process.kind", "is missing; allowed: gbm, "),
        ({"process": {"kind": "constant"}}, "process.price", "is missing"),
        ({"process": 3}, "process", "PriceProcess"),
        ({"process": GBM, "opens": "9:30"}, "opens", 'like "13:30"'),
        ({"process": GBM, "closes": "24:30"}, "closes", "not a time of day"),
        ({"process": GBM, "opens": "20:00"}, "closes", "not after 20:00"),
    ],
)
def test_session_that_makes_no_sense_is_refused_by_name(
    fields: dict[str, object], key: str, told: str
) -> None:
    with pytest.raises(ScenarioError, match=told) as caught:
        Sessions(**fields)  # type: ignore[arg-type]
    assert caught.value.key == key


def test_market_can_be_open_to_midnight() -> None:
    hours = Sessions(process=GBM, opens="00:00", closes="24:00").hours()
    assert hours.is_open(at("fri 23:59"))
    assert not hours.is_open(at("sat 00:00"))
    assert hours.last_open(at("sun 07:00")) == at("sat 00:00")
    assert hours.last_open(at("tue 00:00")) == at("tue 00:00")
