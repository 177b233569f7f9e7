"""Recorded prices: what is read, and what is told about a file that is wrong."""

from __future__ import annotations

import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from dexsim.errors import ScenarioError
from dexsim.prices import Csv, PricePath
from dexsim.streams import Streams
from tests.recorded_data import recorded

NOON_MS = 1_691_928_000_000  # 2023-08-13 12:00:00 UTC
Write = Callable[[str | bytes], str]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def written(content: str | bytes) -> str:
        file = tmp_path / "prices.csv"
        file.write_bytes(content.encode() if isinstance(content, str) else content)
        return str(file)

    return written


def read(
    path: str, *, time_column: str | None = None, price_column: str | None = None
) -> PricePath:
    described = Csv(path=path, time_column=time_column, price_column=price_column)
    return described.begin(Streams(1), 0)


def test_last_observation_holds_until_the_next(write: Write) -> None:
    path = read(write("time,price\n2023-08-13 12:00:00,10\n2023-08-13 12:05:00,11\n"))
    minute = 60_000
    assert (path.first_ms, path.end_ms) == (NOON_MS, NOON_MS + 5 * minute)
    seen = [path.at(NOON_MS + shift) for shift in (-1, 0, 5 * minute - 1, 5 * minute, 10**9)]
    assert seen == [10, 10, 10, 11, 11]


@pytest.mark.parametrize("written", ["1848.124378", "1.10", "0.000000000000000123456789", "2E-7"])
def test_price_is_kept_exactly_as_it_is_written(write: Write, written: str) -> None:
    assert str(read(write(f"time,price\n60,{written}\n")).at(60_000)) == str(Decimal(written))


@pytest.mark.parametrize(
    "written",
    [
        "2023-08-13 12:00:00",
        "2023-08-13T12:00:00",
        "2023-08-13T12:00:00Z",
        "2023-08-13 12:00:00+00:00",
        "2023-08-13T14:00:00+02:00",
        "2023-08-13T07:30:00-04:30",
        "2023-08-13 12:00:00.000999",
        "2023-08-13 12:00:00 UTC",
        "2023-08-13 12:00",
        " 2023-08-13 12:00 ",
        "1691928000",
        "1691928000000",
    ],
)
def test_time_can_be_written_in_many_ways(write: Write, written: str) -> None:
    assert read(write(f"time,price\n{written},1\n")).first_ms == NOON_MS


def test_time_zone_of_the_machine_does_not_matter(
    write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", "HKT-8")
    time.tzset()
    try:
        assert read(write("time,price\n2023-08-13 12:00,1\n")).first_ms == NOON_MS
    finally:
        monkeypatch.undo()
        time.tzset()


def test_small_numbers_are_seconds(write: Write) -> None:
    path = read(write("time,price\n0,1\n12,2\n"))
    assert (path.first_ms, path.end_ms) == (0, 12_000)


@pytest.mark.parametrize(
    "content",
    [
        "timestamp,price_usdc_per_weth,net_usdc\n60,7,1\n",
        "volume,price,Date\n5,7,60\n",
        "DateTime,close\n60,7\n",
        "time,symbol,close\n60,WETH,7\n",
        '\ufefftime,"price"\r\n60,"7"\r\n\r\n',
        "\n time , price \n 60 , 7 \n\n",
    ],
)
def test_columns_are_found_where_only_one_can_be_meant(write: Write, content: str) -> None:
    assert read(write(content)).at(60_000) == 7


def test_columns_can_be_named(write: Write) -> None:
    file = write("when,time,open,close\n60,1,5,7\n120,0,6,8\n")
    path = read(file, time_column="when", price_column="close")
    assert [path.at(60_000), path.at(120_000)] == [7, 8]


@pytest.mark.parametrize(
    ("content", "named", "key", "told"),
    [
        ("date,time,price\n1,2,3\n", (None, None), "time_column", "'date', 'time' .*--time-column"),
        ("when,price\n1,3\n", (None, None), "time_column", "'when', 'price' .*--time-column"),
        ("time,open,close\n1,2,3\n", (None, None), "price_column", "'open', 'close' .*--price-col"),
        ("time,price,price_usd\n1,2,3\n", (None, None), "price_column", "'price', 'price_usd' may"),
        ("time,a,b\n1,x,y\n", (None, None), "price_column", "'time', 'a', 'b' .*--price-column"),
        ("time;price\n1;2\n", (None, None), "time_column", "'time;price' .separated by commas"),
        ("time,price\n1,2\n", ("tine", None), "time_column", "'tine'; did you mean time"),
        ("time,price_weth\n1,2\n", (None, "price"), "price_column", "did you mean price_weth"),
        ("time,price\n1,2\n", (None, "zzz"), "price_column", "allowed: time, price"),
        ("time,p,p\n1,2,3\n", (None, "p"), "price_column", "2 columns are called 'p'"),
        ("time,price\n1,2\n", (None, "time"), "price_column", "'time' is the column of the time"),
    ],
)
def test_choice_of_columns_is_refused_with_their_names(
    write: Write,
    content: str,
    named: tuple[str | None, str | None],
    key: str,
    told: str,
) -> None:
    file = write(content)
    with pytest.raises(ScenarioError, match=told) as caught:
        read(file, time_column=named[0], price_column=named[1])
    assert caught.value.key == key
    assert caught.value.file == file


MALFORMED: list[tuple[str | bytes, str]] = [
    ("", "is empty; the first line names the columns"),
    ("\n\n", "is empty"),
    ("time,price\n", "holds a header and no rows"),
    ("time,price\n1,2\n2,abc\n", r"line 3, column 'price': 'abc' is not a price; .* like"),
    ("time,close\n1,abc\n", r"line 2, column 'close': 'abc' is not a price"),
    ("time,price\n1,2\n2,\n", r"line 3, column 'price': an empty cell is not a price"),
    ("time,price\n1,nan\n", r"line 2, column 'price': 'nan' is not a price"),
    ("time,price\n1,inf\n", r"line 2, column 'price': 'inf' is not a price"),
    ("time,price\n1,1_000\n", r"line 2, column 'price': '1_000' is not a price"),
    ('time,price\n1,"1,000"\n', r"line 2, column 'price': '1,000' is not a price"),
    ("time,price\n1,2\n\n2,0\n", r"line 4, column 'price': a price of 0; it is above zero"),
    ("time,price\n1,-0.5\n", r"line 2, column 'price': a price of -0.5; it is above zero"),
    ("time,price\n1,1e999\n", r"line 2, column 'price': a price of 1e999; it is from 1E-36"),
    ("time,price\n1,1e99999999999\n", r"line 2, column 'price': .* is not a price"),
    ("time,price\nyesterday,2\n", r"line 2, column 'time': 'yesterday' is not a time; .* like"),
    ("time,price\n,2\n", r"line 2, column 'time': an empty cell is not a time"),
    ("time,price\n,\n", r"line 2, column 'time': an empty cell"),
    ("time,price\n2023-02-30,2\n", r"line 2, column 'time': '2023-02-30' is not a time"),
    ("time,price\n13.08.2023,2\n", r"line 2, column 'time': '13.08.2023' is not a time"),
    ("time,price\n20230813,2\n", r"line 2, column 'time': 20230813 may be a date or"),
    ("time,price\n1969-12-31,2\n", r"line 2, column 'time': .* before 1970"),
    ("time,price\n-5,2\n", r"line 2, column 'time': '-5' is not a time"),
    ("time,price\n1691928000000000,2\n", r"line 2, column 'time': .* too large for millisec"),
    (f"time,price\n{'9' * 5000},2\n", r"line 2, column 'time': .* too large for millisec"),
    ("time,price\n5,1\n6,1\n6,2\n", r"line 4, column 'time': '6' is not after the time of the"),
    ("time,price\n5,1\n4,2\n", r"line 3, column 'time': '4' is not after .* strictly increase"),
    ("time,price\n5,1\n6\n", r"line 3, column 'price': is missing; the row has 1 of 2 columns"),
    ("time,price\n5\n", r"line 2, column 'price': is missing"),
    ("time,price\n5,1\n6,1,9\n", r"line 3, after column 'price': '9' has no column; .* has 3"),
    (b"time,price\n5,1\n6,\xff\n", r"line 3: not UTF-8 text; save the file as UTF-8"),
    ("time,price\n5,1\n6,1\n".encode("utf-16"), r"line 1: not UTF-8 text"),
    ('time,price\n5,1\n"6"x,1\n', r"line 3: not CSV"),
    ('time,price\n5,1\n"6,1\n', r"line 3: not CSV"),
    (b"time,price\n5,\x00\n", r"line 2.*: "),
]


@pytest.mark.parametrize(("content", "told"), MALFORMED)
def test_malformed_file_is_told_by_line_and_column(
    write: Write, content: str | bytes, told: str
) -> None:
    file = write(content)
    with pytest.raises(ScenarioError, match=told) as caught:
        read(file)
    assert caught.value.file == file
    assert str(caught.value).startswith(f"{file}: ")


def test_file_that_cannot_be_opened_is_told(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match=r"there is no such file .looked from /") as caught:
        read(str(tmp_path / "missing.csv"))
    assert caught.value.key == "path"
    with pytest.raises(ScenarioError, match="cannot be read"):
        read(str(tmp_path))
    with pytest.raises(ScenarioError, match="cannot be read"):
        read("prices\0.csv")


def test_recorded_minutes_of_a_real_market_are_read_to_the_digit() -> None:
    file = recorded("weth_usdc_minute.csv")
    path = read(str(file))
    lines = [line.split(",") for line in file.read_text().splitlines()[1:]]
    assert len(lines) == 4319
    first_ms = 1_691_884_800_000
    assert (path.first_ms, path.end_ms) == (first_ms, first_ms + (3 * 1440 - 1) * 60_000)
    observed = {line[0]: line[1] for line in lines}
    held = lines[0][1]
    for minute in range(3 * 1440):
        stamp = f"2023-08-{13 + minute // 1440} {minute % 1440 // 60:02}:{minute % 60:02}:00"
        held = observed.get(stamp, held)
        assert str(path.at(first_ms + minute * 60_000)) == held
        assert str(path.at(first_ms + minute * 60_000 + 59_999)) == held
