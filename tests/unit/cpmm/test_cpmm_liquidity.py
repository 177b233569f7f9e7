"""Shares: the numbers that the tests of Uniswap v2 core assert, and the reverts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dexsim import cpmm
from dexsim.errors import AmountTypeError, Reverted

E18 = 10**18


def test_first_deposit_locks_a_thousand_wei() -> None:
    assert cpmm.liquidity_minted(E18, 4 * E18, 0, 0, 0) == 2 * E18 - 1000


def test_later_deposits_get_the_smaller_proportion() -> None:
    assert cpmm.liquidity_minted(10, 41, 100, 400, 200) == 20
    assert cpmm.liquidity_minted(11, 40, 100, 400, 200) == 20


def test_a_burn_pays_the_proportion() -> None:
    assert cpmm.liquidity_burned(3 * E18 - 1000, 3 * E18, 3 * E18, 3 * E18) == (
        3 * E18 - 1000,
        3 * E18 - 1000,
    )


def test_protocol_fee_is_a_sixth_of_the_growth() -> None:
    x, y = cpmm.swap(E18, 1000 * E18, 1000 * E18)
    assert y == 1000 * E18 - 996006981039903216
    assert cpmm.protocol_fee(x, y, 10**42, 1000 * E18) == 249750499251388


def test_no_protocol_fee_without_growth_or_when_it_was_off() -> None:
    assert cpmm.protocol_fee(1000, 1000, 10**6, 500) == 0
    assert cpmm.protocol_fee(1000, 999, 10**6, 500) == 0
    assert cpmm.protocol_fee(1000, 1000, 0, 500) == 0


@pytest.mark.parametrize(
    ("call", "arguments", "reason"),
    [
        (cpmm.liquidity_minted, (1000, 1000, 0, 0, 0), "pool: insufficient liquidity minted"),
        (cpmm.liquidity_minted, (999, 1000, 0, 0, 0), "pool: insufficient liquidity minted"),
        (cpmm.liquidity_minted, (1, 1, 10, 10, 9), "pool: insufficient liquidity minted"),
        (cpmm.liquidity_minted, (1, 1, 0, 10, 9), ""),
        (cpmm.liquidity_minted, (2**128, 2**128, 0, 0, 0), ""),
        (cpmm.liquidity_burned, (1, 10, 9, 10), "pool: insufficient liquidity burned"),
        (cpmm.liquidity_burned, (0, 10, 10, 0), "pool: insufficient liquidity burned"),
    ],
)
def test_what_the_pool_refuses_reverts_with_its_reason(
    call: object, arguments: tuple[int, ...], reason: str
) -> None:
    with pytest.raises(Reverted) as refused:
        call(*arguments)  # type: ignore[operator]
    assert refused.value.reason == reason


def test_amounts_must_be_ints() -> None:
    with pytest.raises(AmountTypeError):
        cpmm.protocol_fee(1.0, 1, 1, 1)  # type: ignore[arg-type]


@given(st.integers(1, 2**100), st.integers(1, 2**100), st.integers(1, 2**110),
       st.integers(1, 2**110), st.integers(1000, 2**110))  # fmt: skip
def test_minting_and_burning_at_once_never_gains(
    a: int, b: int, x: int, y: int, supply: int
) -> None:
    try:
        minted = cpmm.liquidity_minted(a, b, x, y, supply)
        back = cpmm.liquidity_burned(minted, x + a, y + b, supply + minted)
    except Reverted:
        return
    assert back[0] <= a
    assert back[1] <= b
