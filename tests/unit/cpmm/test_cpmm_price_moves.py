"""The swap that moves the price by a factor: the least one, against brute force."""

from __future__ import annotations

from math import isclose, sqrt

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dexsim import cpmm
from dexsim.errors import Reverted, ScenarioError

SMALL = st.integers(1, 400)


def _moved(amount: int, sold: int, bought: int, num: int, den: int, fee_bps: int) -> bool:
    out = cpmm.amount_out(amount, sold, bought, fee_bps) if amount else 0
    return (sold + amount) * bought * den >= sold * (bought - out) * num


@given(SMALL, SMALL, st.integers(1, 60), st.integers(1, 20), st.sampled_from([0, 30, 1000]))
@example(1, 400, 60, 1, 0)
@example(400, 1, 3, 2, 30)
def test_no_smaller_input_moves_it_so_far(
    sold: int, bought: int, num: int, den: int, fee_bps: int
) -> None:
    num = max(num, den)
    found = cpmm.move_price(sold, bought, num, den, fee_bps)
    assert _moved(found, sold, bought, num, den, fee_bps)
    assert found == 0 or not _moved(found - 1, sold, bought, num, den, fee_bps)


@given(st.integers(10**18, 10**28), st.integers(10**6, 10**28), st.integers(1001, 16_000))
def test_without_a_fee_it_is_the_square_root(sold: int, bought: int, factor: int) -> None:
    found = cpmm.move_price(sold, bought, factor, 1000, fee_bps=0)
    assert not _moved(found - 1, sold, bought, factor, 1000, 0)
    if bought >= 10**18:
        assert isclose(found / sold, sqrt(factor / 1000) - 1, rel_tol=1e-9)


def test_what_cannot_be_moved_is_refused() -> None:
    with pytest.raises(ScenarioError, match="a factor is 1 or more, not 1/2"):
        cpmm.move_price(10, 10, 1, 2)
    with pytest.raises(Reverted, match="router: insufficient liquidity"):
        cpmm.move_price(0, 10, 2, 1)
    with pytest.raises(Reverted, match="pool: overflow"):
        cpmm.move_price(cpmm.MAX_RESERVE - 1, 10, 4, 1)
