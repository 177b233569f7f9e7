"""What a world says of an issued token and of an offer for it, and the integers that come of it."""

from __future__ import annotations

import pytest

from dexsim.errors import AmountTypeError, ScenarioError
from dexsim.market.issued import DAYS, Issued, TenderOffer

E18 = 10**18
NEVER = 10_001
(
    MINT_FEE,
    REDEEM_FEE,
    DELAY,
    MINT_CAP,
    REDEEM_CAP,
    COVERAGE,
    HOURS,
    PRO_RATA,
    WHITELIST,
    RESTRICTED,
) = range(10)


def terms(decimals=18, **told):
    return Issued(backing="USD", **told).terms(decimals)


def test_a_backing_alone_is_a_token_without_any_limit():
    assert terms() == (0, 0, 0, 0, 0, 10_000, (0, 0, 127), False, False, False)


def test_every_key_has_its_place_in_the_terms():
    told = {
        "mint_fee_bps": 1,
        "redeem_fee_bps": 2,
        "delay_seconds": 3,
        "mint_cap": "4",
        "redeem_cap": "5",
        "min_coverage_bps": 6,
        "redemption": "pro-rata",
        "opens": "00:07",
        "closes": "00:08",
        "days": ["tue"],
        "whitelist": True,
    }
    expected = (1, 2, 3, 4 * E18, 5 * E18, 6, (7 * 60, 8 * 60, 2), True, True, False)
    assert terms(**told) == expected
    assert terms(restricted=True)[RESTRICTED] is True


@pytest.mark.parametrize("key", ["mint_cap", "redeem_cap"])
def test_a_cap_is_whole_tokens_of_the_backings_decimals(key):
    place = {"mint_cap": MINT_CAP, "redeem_cap": REDEEM_CAP}[key]
    assert terms(6, **{key: "1.5"})[place] == 1_500_000
    assert terms(18, **{key: "1.5"})[place] == 15 * E18 // 10


@pytest.mark.parametrize(("number", "day"), list(enumerate(DAYS)))
def test_every_day_has_its_bit_from_monday_on(number, day):
    assert terms(days=[day])[HOURS][2] == 1 << number
    assert terms(days=[day, day])[HOURS][2] == 1 << number


def test_all_days_are_the_same_as_none_said():
    assert terms(days=list(DAYS))[HOURS] == terms()[HOURS]


@pytest.mark.parametrize(
    ("opens", "closes", "seconds"),
    [
        ("09:30", "16:00", (34_200, 57_600)),
        ("9:30", "16:00", (34_200, 57_600)),
        ("22:00", "04:00", (79_200, 14_400)),
        ("00:00", "24:00", (0, 86_400)),
        ("23:59", "00:00", (86_340, 0)),
    ],
)
def test_hours_are_seconds_of_the_day(opens, closes, seconds):
    assert terms(opens=opens, closes=closes)[HOURS][:2] == seconds


WRONG = {
    "a backing that is no name": ({"backing": 5}, "backing"),
    "a fee above everything": ({"mint_fee_bps": 10_001}, "mint_fee_bps"),
    "a fee below nothing": ({"redeem_fee_bps": -1}, "redeem_fee_bps"),
    "a fee of a part": ({"mint_fee_bps": 0.5}, "mint_fee_bps"),
    "a delay into the past": ({"delay_seconds": -1}, "delay_seconds"),
    "a cap of nothing": ({"mint_cap": "0"}, "mint_cap"),
    "a cap that lets nobody out": ({"redeem_cap": "0.0"}, "redeem_cap"),
    "a negative cap": ({"redeem_cap": "-1"}, "redeem_cap"),
    "coverage of more than all": ({"min_coverage_bps": 10_001}, "min_coverage_bps"),
    "another redemption": ({"redemption": "last-come"}, "redemption"),
    "a time that is none": ({"opens": "noon"}, "opens"),
    "minutes that are none": ({"opens": "09:60"}, "opens"),
    "one digit of minutes": ({"closes": "9:5"}, "closes"),
    "an hour behind the day": ({"closes": "24:01"}, "closes"),
    "a negative hour": ({"opens": "-1:00"}, "opens"),
    "hours alone": ({"opens": "09"}, "opens"),
    "a week without days": ({"days": []}, "days"),
    "a day that is none": ({"days": ["funday"]}, "days.0"),
    "a flag that is none": ({"whitelist": "yes"}, "whitelist"),
    "a restriction that is none": ({"restricted": 1}, "restricted"),
    "customers that are no list": ({"customers": "alice"}, "customers"),
    "a key that is none": ({"mint_fee": 1}, "mint_fee"),
}


@pytest.mark.parametrize(("told", "key"), WRONG.values(), ids=WRONG)
def test_what_makes_no_sense_is_refused_with_its_key(told, key):
    with pytest.raises(ScenarioError) as caught:
        Issued(**{"backing": "USD", **told})
    assert caught.value.key == key


@pytest.mark.parametrize("key", ["mint_cap", "redeem_cap"])
def test_caps_are_text(key):
    with pytest.raises(AmountTypeError):
        Issued(backing="USD", **{key: 5})


@pytest.mark.parametrize("key", ["mint_cap", "redeem_cap"])
def test_a_cap_finer_than_the_backing_is_refused(key):
    with pytest.raises(ScenarioError):
        Issued(backing="USD", **{key: "0.0000001"}).terms(6)


# --- offers ---------------------------------------------------------------------------


def offer(token=18, cash=18, start=1_000, **told):
    described = {"token": "HSE", "bidder": "carol", "cash": "USD", "price": "2", **told}
    return TenderOffer(**described).offer(token_decimals=token, cash_decimals=cash, start=start)


def test_an_offer_is_at_one_price_for_anything_and_drags_nobody_along():
    assert offer() == (2 * E18, 2 * E18, 0, NEVER, 1_600)


def test_what_is_said_of_an_offer_has_its_place():
    told = {"squeeze_price": "1.5", "threshold_bps": 5_000, "drag_bps": 9_000}
    assert offer(**told, ends_after_seconds=7) == (2 * E18, 15 * E18 // 10, 5_000, 9_000, 1_007)


@pytest.mark.parametrize(
    ("token", "cash", "price"), [(18, 6, 2 * 10**6), (6, 18, 2 * 10**30), (6, 6, 2 * E18)]
)
def test_a_price_is_cash_units_for_so_many_token_units(token, cash, price):
    assert offer(token, cash)[0] == price


@pytest.mark.parametrize(
    ("told", "key"),
    [
        ({"price": "-1"}, "price"),
        ({"threshold_bps": 10_001}, "threshold_bps"),
        ({"drag_bps": 10_001}, "drag_bps"),
        ({"ends_after_seconds": 0}, "ends_after_seconds"),
    ],
)
def test_an_offer_that_makes_no_sense_is_refused_with_its_key(told, key):
    with pytest.raises(ScenarioError) as caught:
        offer(**told)
    assert caught.value.key == key
