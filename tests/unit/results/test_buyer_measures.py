"""Premiums and gaps, over tables written by hand: BTC of 8 decimals, USD of 2."""

from __future__ import annotations

from decimal import Decimal
from math import isnan, log
from typing import Any

import pyarrow as pa
import pytest

from dexsim.results.arm import Arm
from dexsim.results.measures import MEASURES

BTC, USD = 10**8, 10**2
WEI = pa.decimal128(38, 0)


def purchase(block: int, paid: int, got: int, mid: float | None, **changes: Any) -> dict[str, Any]:
    """Whole USD for whole BTC."""
    row = {"arm": "base", "block": block, "market": "main", "role": "buyer", "mid_before": 99.0}
    sides = {
        "token_in": "USD",
        "token_out": "BTC",
        "amount_in": paid * USD,
        "amount_out": got * BTC,
    }
    whole = {"amount_in_tokens": float(paid), "amount_out_tokens": float(got), "mid_quoted": mid}
    return row | sides | whole | changes


def arm(swaps: list[dict[str, Any]], prices: dict[int, dict[str, float]]) -> Arm:
    """prices: of pools, by block; BTC costs 100 outside in block 1, and 200 in block 2."""
    empty = purchase(0, 0, 0, None)
    rows = {name: [each[name] for each in swaps] for name in empty}
    exact = {name: [Decimal(value) for value in rows[name]] for name in ("amount_in", "amount_out")}
    floats = {name: pa.array(rows[name], pa.float64()) for name in ("mid_before", "mid_quoted")}
    amounts = {name: pa.array(values, WEI) for name, values in exact.items()}
    texts = {name: pa.array(rows[name], pa.string()) for name in ("arm", "token_in", "role")}
    pools = [
        {"arm": "base", "block": block, "market": name, "base": "BTC", "quote": "USD",
         "price": price, "base_reserve": 1, "quote_reserve": 1}
        for block, markets in prices.items() for name, price in markets.items()
    ]  # fmt: skip
    outside = [("BTC", 1, "100"), ("BTC", 2, "200"), ("USD", 1, "1"), ("USD", 2, "1")]
    tables = {
        "swaps": pa.table(rows | amounts | floats | texts),
        "pools": pa.Table.from_pylist(pools),
        "blocks": pa.table({"arm": ["base"] * 3, "block": [0, 1, 2]}),
        "prices": pa.Table.from_pylist(
            [{"arm": "base", "token": t, "block": b, "exact": e} for t, b, e in outside]
        ),
    }
    about = {"tokens": {"BTC": 8, "USD": 2}, "numeraire": "USD", "wrapped": None}
    return Arm("base", tables, about)


ONE = {block: {"main": 100.0} for block in range(3)}


def test_a_premium_is_over_the_price_at_the_quote() -> None:
    assert MEASURES["premium_bps"](arm([purchase(1, 110, 1, 100.0)], ONE)) == pytest.approx(1_000)


def test_premiums_are_weighted_by_what_was_bought() -> None:
    swaps = [purchase(1, 110, 1, 100.0), purchase(2, 300, 3, 100.0)]
    assert MEASURES["premium_bps"](arm(swaps, ONE)) == pytest.approx(250)


def test_without_a_quote_the_price_before_the_swap_counts() -> None:
    assert MEASURES["premium_bps"](arm([purchase(1, 198, 1, None)], ONE)) == pytest.approx(10_000)


def test_who_pays_in_base_has_a_premium_too() -> None:
    sold = purchase(1, 0, 0, 100.0, token_in="BTC", token_out="USD", amount_in=2 * BTC,
                    amount_out=160 * USD, amount_in_tokens=2.0, amount_out_tokens=160.0)  # fmt: skip
    assert MEASURES["premium_bps"](arm([sold], ONE)) == pytest.approx(2_500)
    assert MEASURES["fair_premium_bps"](arm([sold], ONE)) == pytest.approx(2_500)


def test_a_fair_premium_is_over_the_outside_price_of_the_block() -> None:
    swaps = [purchase(1, 110, 1, 50.0), purchase(2, 210, 1, 50.0)]
    assert MEASURES["fair_premium_bps"](arm(swaps, ONE)) == pytest.approx(10_000 * 20 / 300)


def test_only_buyers_are_asked_and_without_them_there_is_no_premium() -> None:
    others = arm([purchase(1, 110, 1, 100.0, role="trader")], ONE)
    assert isnan(MEASURES["premium_bps"](others))
    assert isnan(MEASURES["fair_premium_bps"](others))


def test_the_gap_is_between_the_dearest_and_the_cheapest_pool_of_a_pair() -> None:
    prices = {0: {"a": 1.0, "b": 9.0}, 1: {"a": 100.0, "b": 101.0, "c": 99.0}, 2: {"a": 5.0}}
    found = MEASURES["price_gap_bps"](arm([purchase(1, 1, 1, 1.0, market="a")], prices))
    assert found == pytest.approx(10_000 * log(101 / 99) / 2)
