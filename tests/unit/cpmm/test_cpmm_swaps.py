"""One swap: the published numbers, the reverts, and the properties of rounding."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from dexsim import cpmm
from dexsim.errors import AmountTypeError, Reverted, ScenarioError

E18 = 10**18
MAX = 2**256 - 1
TABLE = Path(__file__).parents[2] / "vectors" / "univ2_router_math_table.json"
TWINS = {"quote": cpmm.quote, "getAmountOut": cpmm.amount_out, "getAmountIn": cpmm.amount_in}
REASONS = {  # the published router's reasons, and ours
    "UniswapV2Library: INSUFFICIENT_AMOUNT": "router: insufficient amount",
    "UniswapV2Library: INSUFFICIENT_INPUT_AMOUNT": "router: insufficient input",
    "UniswapV2Library: INSUFFICIENT_OUTPUT_AMOUNT": "router: insufficient output",
    "UniswapV2Library: INSUFFICIENT_LIQUIDITY": "router: insufficient liquidity",
    "ds-math-sub-underflow": "router: insufficient liquidity",
    "ds-math-mul-overflow": "",
}
RESERVES = st.integers(1, 2**112 - 1)
FEES = st.integers(0, 1000)


def test_router_math_table_is_reproduced() -> None:
    rows = json.loads(TABLE.read_text())["rows"]
    assert len(rows) >= 150
    for name, a, b, c, expected in rows:
        assert answer(name, int(a), int(b), int(c)) == expected_of(expected), (name, a, b, c)


def answer(name: str, *arguments: int) -> int | str:
    try:
        return TWINS[name](*arguments)
    except Reverted as error:
        return f"revert: {error.reason}"


def expected_of(text: str) -> int | str:
    kind, _, reason = text.partition(":")
    return f"revert: {REASONS[reason]}" if kind == "revert" else int(text)


@pytest.mark.parametrize(  # Uniswap/v2-core, test/UniswapV2Pair.spec.ts, in units of 1e18
    ("amount", "reserve_in", "reserve_out", "out"),
    [
        (1, 5, 10, 1662497915624478906),
        (1, 10, 5, 453305446940074565),
        (2, 5, 10, 2851015155847869602),
        (2, 10, 5, 831248957812239453),
        (1, 10, 10, 906610893880149131),
        (1, 100, 100, 987158034397061298),
        (1, 1000, 1000, 996006981039903216),
    ],
)
def test_published_outputs_keep_k_and_one_more_does_not(
    amount: int, reserve_in: int, reserve_out: int, out: int
) -> None:
    x, y, dx = reserve_in * E18, reserve_out * E18, amount * E18
    assert cpmm.amount_out(dx, x, y) == out
    assert (1000 * (x + dx) - 3 * dx) * 1000 * (y - out) >= x * y * 10**6
    assert (1000 * (x + dx) - 3 * dx) * 1000 * (y - out - 1) < x * y * 10**6


def test_published_small_numbers() -> None:  # Uniswap/v2-periphery, UniswapV2Router01.spec.ts
    assert cpmm.amount_out(2, 100, 100) == 1
    assert cpmm.amount_in(1, 100, 100) == 2
    assert cpmm.quote(1, 100, 200) == 2
    assert cpmm.quote(2, 200, 100) == 1


@pytest.mark.parametrize(
    ("call", "arguments", "reason"),
    [
        (cpmm.amount_out, (0, 0, 0), "router: insufficient input"),
        (cpmm.amount_out, (1, 0, 100), "router: insufficient liquidity"),
        (cpmm.amount_out, (1, 100, 0), "router: insufficient liquidity"),
        (cpmm.amount_in, (0, 0, 0), "router: insufficient output"),
        (cpmm.amount_in, (1, 0, 100), "router: insufficient liquidity"),
        (cpmm.amount_in, (1, 100, 0), "router: insufficient liquidity"),
        (cpmm.amount_in, (100, 100, 100), "router: insufficient liquidity"),
        (cpmm.amount_in, (101, 100, 100), "router: insufficient liquidity"),
        (cpmm.quote, (0, 0, 0), "router: insufficient amount"),
        (cpmm.quote, (1, 0, 100), "router: insufficient liquidity"),
        (cpmm.quote, (1, 100, 0), "router: insufficient liquidity"),
        (cpmm.swap, (1, 100, 100), "pool: insufficient output"),
        (cpmm.swap, (2**112 - 100, 100, 100), "pool: overflow"),
    ],
)
def test_what_the_contract_refuses_reverts_with_its_reason(
    call: object, arguments: tuple[int, ...], reason: str
) -> None:
    with pytest.raises(Reverted) as refused:
        call(*arguments)  # type: ignore[operator]
    assert refused.value.reason == reason


@pytest.mark.parametrize(
    ("call", "fits", "overflows"),
    [
        (cpmm.amount_out, ((MAX - 1000) // 997, 1, 1), ((MAX - 1000) // 997 + 1, 1, 1)),
        (cpmm.amount_out, (1, 1, MAX // 997), (1, 1, MAX // 997 + 1)),
        (cpmm.amount_out, (1, (MAX - 997) // 1000, 1), (1, (MAX - 997) // 1000 + 1, 1)),
        (cpmm.amount_in, (1, MAX // 1000, 2), (1, MAX // 1000 + 1, 2)),
        (cpmm.amount_in, (1, 1, MAX // 997 + 1), (1, 1, MAX // 997 + 2)),
        (cpmm.quote, (MAX // 2, 1, 2), (MAX // 2 + 1, 1, 2)),
    ],
)
def test_the_largest_product_passes_and_one_more_overflows(
    call: object, fits: tuple[int, ...], overflows: tuple[int, ...]
) -> None:
    call(*fits)  # type: ignore[operator]
    with pytest.raises(Reverted) as refused:
        call(*overflows)  # type: ignore[operator]
    assert refused.value.reason == ""


def test_the_fee_is_reduced_as_in_the_contract() -> None:
    assert cpmm.fee_fraction(30) == (997, 1000)
    assert cpmm.fee_fraction(0) == (1, 1)
    assert cpmm.fee_fraction(25) == (399, 400)
    assert cpmm.fee_fraction(1000) == (9, 10)
    assert cpmm.amount_out((MAX - 10) // 9, 1, 1, 1000) == 0  # 9000/10000 would overflow


@pytest.mark.parametrize("fee_bps", [-1, 1001])
def test_a_fee_out_of_range_is_refused(fee_bps: int) -> None:
    with pytest.raises(ScenarioError, match=r"fee_bps.*1000"):
        cpmm.amount_out(1, 1, 1, fee_bps)


@pytest.mark.parametrize("bad", [1.0, True, "1", None])
def test_arguments_must_be_ints(bad: object) -> None:
    for call in (cpmm.amount_out, cpmm.amount_in, cpmm.quote):
        for arguments in ((bad, 10, 10), (1, bad, 10), (1, 10, bad)):
            with pytest.raises(AmountTypeError):
                call(*arguments)
    with pytest.raises(AmountTypeError, match="fee_bps"):
        cpmm.amount_out(1, 1, 1, bad)  # type: ignore[arg-type]


@pytest.mark.parametrize("bad", [-1, 2**256])
def test_arguments_must_fit_a_uint256(bad: int) -> None:
    for call in (cpmm.amount_out, cpmm.amount_in, cpmm.quote):
        for arguments in ((bad, 10, 10), (1, bad, 10), (1, 10, bad)):
            with pytest.raises(ScenarioError):
                call(*arguments)


@given(st.integers(1, 2**112), RESERVES, RESERVES, FEES)
def test_output_is_the_largest_that_keeps_k(dx: int, x: int, y: int, fee_bps: int) -> None:
    g = Fraction(10_000 - fee_bps, 10_000)
    out = cpmm.amount_out(dx, x, y, fee_bps)
    assert (x + g * dx) * (y - out) >= x * y > (x + g * dx) * (y - out - 1)


@given(st.integers(1, 2**112), RESERVES, RESERVES, FEES)
def test_input_buys_the_output_and_is_at_most_one_too_many(
    out: int, x: int, y: int, fee_bps: int
) -> None:
    assume(out < y)
    dx = cpmm.amount_in(out, x, y, fee_bps)
    assert cpmm.amount_out(dx, x, y, fee_bps) >= out
    assert dx <= 2 or cpmm.amount_out(dx - 2, x, y, fee_bps) < out


@given(st.integers(1, 2**100), RESERVES, RESERVES, FEES)
def test_a_swap_moves_the_reserves_by_input_and_output(
    dx: int, x: int, y: int, fee_bps: int
) -> None:
    assume(x + dx < 2**112)
    out = cpmm.amount_out(dx, x, y, fee_bps)
    assume(out)
    after = cpmm.swap(dx, x, y, fee_bps)
    assert after == (x + dx, y - out)
    assert after[0] * after[1] >= x * y


def test_the_largest_reserve_passes_and_one_more_overflows() -> None:
    assert cpmm.swap(10**9, cpmm.MAX_RESERVE - 10**9, 10**30)[0] == cpmm.MAX_RESERVE
    with pytest.raises(Reverted, match="pool: overflow"):
        cpmm.swap(10**9, cpmm.MAX_RESERVE - 10**9 + 1, 10**30)


def test_splitting_a_swap_pays_less() -> None:  # 100 of 1000 in 1, 10 and 1000 parts
    outputs = []
    for parts in (1, 10, 1000):
        x, y = 1000 * E18, 1000 * E18
        for _ in range(parts):
            x, y = cpmm.swap(100 * E18 // parts, x, y)
        outputs.append(1000 * E18 - y)
    assert [round(out / E18, 5) for out in outputs] == [90.66109, 90.65035, 90.64913]


def test_minimum_out_is_the_quote_less_the_slippage() -> None:
    assert cpmm.minimum_out(1_000_000, 50) == 995_000
    assert cpmm.minimum_out(999, 50) == 994
    assert cpmm.minimum_out(7, 0) == 7
    assert cpmm.minimum_out(7, 10_000) == 0


def test_the_v2_sdk_divides_by_one_plus_the_slippage() -> None:
    assert cpmm.minimum_out_v2_sdk(1_000_000, 100) == 990_099
    assert cpmm.minimum_out_v2_sdk(7, 0) == 7
    assert cpmm.minimum_out_v2_sdk(7, 10_000) == 3


@pytest.mark.parametrize("slippage_bps", [-1, 10_001])
def test_slippage_out_of_range_is_refused(slippage_bps: int) -> None:
    for minimum in (cpmm.minimum_out, cpmm.minimum_out_v2_sdk):
        with pytest.raises(ScenarioError, match="slippage_bps"):
            minimum(100, slippage_bps)
