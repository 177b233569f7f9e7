"""Amounts: exact both ways, and no float or int where whole tokens are meant."""

from __future__ import annotations

from decimal import Context, Decimal, localcontext

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dexsim.errors import AmountTypeError, ScenarioError
from dexsim.units import check_bps, check_wei, format_wei, from_wei, gwei, to_wei

WEI = st.integers(0, 2**256 - 1)
DECIMALS = st.integers(0, 77)


@pytest.mark.parametrize(
    ("amount", "decimals", "wei"),
    [
        ("2.5", 18, 25 * 10**17),
        ("1_000.5", 6, 1_000_500_000),
        ("1e3", 2, 100_000),
        ("1.5E+2", 0, 150),
        ("25e-1", 1, 25),
        ("10e-1", 0, 1),
        (" 7 ", 0, 7),
        (".5", 1, 5),
        ("5.", 1, 50),
        ("+5", 0, 5),
        ("0", 18, 0),
        ("0.000", 0, 0),
        ("1.500", 1, 15),
        ("0e99999", 18, 0),
        ("-0", 18, 0),
        (Decimal("0.1"), 18, 10**17),
        (Decimal("1E+3"), 0, 1000),
        (Decimal("0.000000000000000001"), 18, 1),
    ],
)
def test_whole_tokens_become_wei_exactly(amount: str | Decimal, decimals: int, wei: int) -> None:
    assert to_wei(amount, decimals) == wei


def test_eighteen_decimals_are_the_default() -> None:
    assert to_wei("1") == 10**18
    assert format_wei(10**18) == "1"
    assert from_wei(10**18) == 1


@pytest.mark.parametrize("amount", [2.5, 1.0, float("nan")])
def test_a_float_is_refused_and_the_fix_is_named(amount: float) -> None:
    with pytest.raises(AmountTypeError, match=rf'to_wei\("{amount}", 6\)'):
        to_wei(amount, 6)  # type: ignore[arg-type]


def test_an_int_is_refused_because_it_is_wei_already() -> None:
    with pytest.raises(AmountTypeError, match=r'always wei.*to_wei\("2", 18\)'):
        to_wei(2)  # type: ignore[arg-type]


@pytest.mark.parametrize("amount", [True, None, b"1", [1]])
def test_other_types_are_refused(amount: object) -> None:
    with pytest.raises(AmountTypeError, match=type(amount).__name__):
        to_wei(amount)  # type: ignore[arg-type]


def test_a_wrong_type_is_a_type_error_too() -> None:
    with pytest.raises(TypeError):
        to_wei(1.5)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "amount",
    ["", " ", ".", "e3", "abc", "1,000", "1__0", "_1", "0x10", "1 2", "nan", "inf", "-Infinity",
     "1e", "--1", "1.2.3", "١", Decimal("nan"), Decimal("inf"), Decimal("sNaN")],
)  # fmt: skip
def test_what_is_no_finite_number_is_refused(amount: str | Decimal) -> None:
    with pytest.raises(ScenarioError, match=r"number"):
        to_wei(amount)


@pytest.mark.parametrize("amount", ["-1", "-0.5", Decimal("-1e-18")])
def test_a_negative_amount_is_refused(amount: str | Decimal) -> None:
    with pytest.raises(ScenarioError, match="negative"):
        to_wei(amount)


@pytest.mark.parametrize(("amount", "decimals"), [("0.1", 0), ("1.0000001", 6), ("1e-19", 18),
                                                  ("1e-999999", 18), ("15e-1", 0)])  # fmt: skip
def test_more_fraction_digits_than_the_token_has_are_refused(amount: str, decimals: int) -> None:
    with pytest.raises(ScenarioError, match=rf"fraction digits.*{decimals} decimals"):
        to_wei(amount, decimals)


def test_the_largest_uint256_passes_and_one_more_does_not() -> None:
    assert to_wei(str(2**256 - 1), 0) == 2**256 - 1
    with pytest.raises(ScenarioError, match="uint256"):
        to_wei(str(2**256), 0)


@pytest.mark.parametrize("amount", ["1e61", "1e999999", "1e9999999999999999999999"])
def test_absurd_exponents_are_refused_at_once(amount: str) -> None:
    with pytest.raises(ScenarioError):
        to_wei(amount)


@pytest.mark.parametrize("decimals", [-1, 256])
def test_decimals_out_of_range_are_refused(decimals: int) -> None:
    for convert in (lambda: to_wei("1", decimals), lambda: from_wei(1, decimals),
                    lambda: format_wei(1, decimals)):  # fmt: skip
        with pytest.raises(ScenarioError, match="decimals"):
            convert()


@pytest.mark.parametrize(
    ("amount", "decimals", "text"),
    [(0, 18, "0"), (1, 18, "0.000000000000000001"), (25 * 10**17, 18, "2.5"), (1000, 0, "1000"),
     (-1_500_000, 6, "-1.5"), (10**24, 18, "1000000"), (100, 2, "1"), (-1, 2, "-0.01")],
)  # fmt: skip
def test_exact_text_has_no_trailing_zeros(amount: int, decimals: int, text: str) -> None:
    assert format_wei(amount, decimals) == text


@pytest.mark.parametrize(
    ("amount", "decimals", "digits", "text"),
    [
        (1_234_567_890_000, 6, 2, "1,234,567.89"),
        (125, 2, 1, "1.2"),
        (135, 2, 1, "1.4"),
        (1251, 3, 1, "1.3"),
        (-125, 2, 1, "-1.2"),
        (-1, 18, 2, "0.00"),
        (5, 1, 0, "0"),
        (15, 1, 0, "2"),
        (999_999, 3, 2, "1,000.00"),
        (5, 0, 2, "5.00"),
    ],
)
def test_rounded_text_is_half_even_with_separators(
    amount: int, decimals: int, digits: int, text: str
) -> None:
    assert format_wei(amount, decimals, digits=digits) == text


@given(WEI, DECIMALS)
def test_text_and_decimal_read_back_to_the_same_wei(amount: int, decimals: int) -> None:
    assert to_wei(format_wei(amount, decimals), decimals) == amount
    assert to_wei(from_wei(amount, decimals), decimals) == amount


@given(WEI, DECIMALS, st.integers(0, 30))
def test_rounded_text_agrees_with_decimal(amount: int, decimals: int, digits: int) -> None:
    with localcontext(Context(prec=200)):
        expected = f"{from_wei(amount, decimals).quantize(Decimal(1).scaleb(-digits)):,f}"
    assert format_wei(amount, decimals, digits=digits) == expected


def test_the_callers_decimal_context_does_not_matter() -> None:
    with localcontext(Context(prec=2)):
        assert to_wei("123456.789", 3) == 123_456_789
        assert to_wei(Decimal("123456.789"), 3) == 123_456_789
        assert str(from_wei(123_456_789, 3)) == "123456.789"
        assert format_wei(123_456_789, 3) == "123456.789"
        assert format_wei(123_456_789, 3, digits=1) == "123,456.8"


def test_negative_wei_become_negative_tokens() -> None:
    assert from_wei(-15, 1) == Decimal("-1.5")


@pytest.mark.parametrize("amount", [1.0, True, "1", Decimal(1)])
def test_wei_must_be_an_int(amount: object) -> None:
    for convert in (from_wei, format_wei):
        with pytest.raises(AmountTypeError, match="int"):
            convert(amount)  # type: ignore[operator]


def test_gwei_are_nine_decimals() -> None:
    assert gwei("1.5") == 1_500_000_000
    with pytest.raises(ScenarioError):
        gwei("1e-10")
    with pytest.raises(AmountTypeError):
        gwei(30)  # type: ignore[arg-type]


@pytest.mark.parametrize("value", [0, 1, 10_000])
def test_basis_points_in_range_pass(value: int) -> None:
    assert check_bps(value, "fee_bps") == value


@pytest.mark.parametrize("value", [-1, 10_001])
def test_basis_points_out_of_range_name_the_key(value: int) -> None:
    with pytest.raises(ScenarioError, match=f"slippage_bps is {value}.*0 to 10000"):
        check_bps(value, "slippage_bps")


@pytest.mark.parametrize("value", [True, 30.0, "30"])
def test_basis_points_must_be_an_int(value: object) -> None:
    with pytest.raises(AmountTypeError, match="fee_bps"):
        check_bps(value, "fee_bps")  # type: ignore[arg-type]


def test_wei_fit_a_uint256() -> None:
    assert check_wei(2**256 - 1, "amount_in") == 2**256 - 1
    for value in (-1, 2**256):
        with pytest.raises(ScenarioError, match="amount_in"):
            check_wei(value, "amount_in")
