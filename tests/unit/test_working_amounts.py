"""Amounts as people type them and read them."""

from __future__ import annotations

from fractions import Fraction

import pytest

from dexsim.errors import ScenarioError
from dexsim.market.working.amounts import exactly, percent, price, read_amount, share_of, told


@pytest.mark.parametrize(
    ("text", "number", "unit"),
    [
        ("1", "1", ""),
        ("1 WETH", "1", "WETH"),
        ("1WETH", "1", "WETH"),
        ("1eth", "1", "eth"),
        (" 0.5  WETH ", "0.5", "WETH"),
        ("1,000 USDC", "1000", "USDC"),
        ("1,234,567.89", "1234567.89", ""),
        ("1_000 USDC", "1_000", "USDC"),
        ("1e3 USDC", "1e3", "USDC"),
        (".5 DAI", ".5", "DAI"),
        ("ETH", "", "ETH"),
        ("2 main-LP", "2", "main-LP"),
        ("1 0x" + "aB" * 20, "1", "0x" + "aB" * 20),
    ],
)
def test_an_amount_is_a_number_a_token_or_both(text: str, number: str, unit: str) -> None:
    said = read_amount(text, key="--sell")
    assert (said.number, said.unit) == (number, unit)


@pytest.mark.parametrize(
    "text", ["", " ", "-1", "-1 WETH", "1,5 WETH", "1,00", ",1", "1 2", "1 WETH 2", "+1", "1..2"]
)
def test_what_is_no_amount_is_refused_by_its_option(text: str) -> None:
    with pytest.raises(ScenarioError, match="^--sell: "):
        read_amount(text, key="--sell").wei(18, key="--sell")


def test_nothing_is_refused_where_something_is_wanted() -> None:
    with pytest.raises(ScenarioError, match="is nothing"):
        read_amount("0.0 WETH", key="--sell").wei(18, key="--sell")
    assert read_amount("0 WETH", key="--sell").wei(18, key="--sell", zero=True) == 0


@pytest.mark.parametrize(
    ("text", "part"), [("50%", 500), ("12.5 %", 125), ("100", 1000), ("0.1%", 1), ("33.39%", 333)]
)
def test_a_share_is_rounded_down(text: str, part: int) -> None:
    assert share_of(1000, text, key="--share") == part


@pytest.mark.parametrize("text", ["0%", "100.1%", "-5%", "half", "", "1e1%"])
def test_a_share_lies_above_nothing_and_up_to_everything(text: str) -> None:
    with pytest.raises(ScenarioError, match="^--share: "):
        share_of(1000, text, key="--share")


@pytest.mark.parametrize(
    ("amount", "decimals", "short", "long"),
    [
        (1_974_316_068, 6, "1,974.316068", "1,974.316068"),
        (987_158_034_397_061_298, 18, "0.987158", "0.987158034397061298"),
        (10**21, 18, "1,000", "1,000"),
        (1, 18, "0.000000000000000001", "0.000000000000000001"),
        (0, 18, "0", "0"),
        (5, 0, "5", "5"),
    ],
)
def test_amounts_are_told_short_before_and_to_the_wei_after(
    amount: int, decimals: int, short: str, long: str
) -> None:
    assert (told(amount, decimals), exactly(amount, decimals)) == (short, long)


@pytest.mark.parametrize(
    ("ratio", "text"),
    [
        (Fraction(2000), "2,000"),
        (Fraction(1_974_316_068, 10**6), "1,974.32"),
        (Fraction(1, 2000), "0.0005"),
        (Fraction(1, 3), "0.333333"),
        (Fraction(1, 3 * 10**12), "0.000000000000333333"),
        (Fraction(0), "0"),
    ],
)
def test_a_price_has_some_six_digits_that_matter(ratio: Fraction, text: str) -> None:
    assert price(ratio) == text


def test_a_percentage_that_rounds_to_nothing_says_so() -> None:
    assert percent(Fraction(1, 10**7)) == "under 0.01 %"
    assert percent(Fraction(99, 10_000)) == "0.99 %"
    assert percent(Fraction(0)) == "0.00 %"
