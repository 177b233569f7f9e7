"""Prices of batches, against figures worked out elsewhere."""

from __future__ import annotations

from fractions import Fraction

import pytest

from dexsim.theory import batches

X = Y = 1000


def test_a_function_maximising_pool_asks_what_it_is_worth_afterwards() -> None:
    price = batches.function_maximising_price(X, Y, 10)
    left, paid = batches.reserves_after(X, Y, 10, price)
    assert paid / left == price == Fraction(1000, 980)
    assert round(float(price), 6) == 1.020408


def test_a_pool_of_constant_product_asks_half_as_much_more() -> None:
    price = batches.product_price(X, Y, 10)
    left, paid = batches.reserves_after(X, Y, 10, price)
    assert left * paid == X * Y
    assert round(float(price), 6) == 1.010101
    impact = batches.function_maximising_price(X, Y, 10) - 1
    assert impact / (price - 1) == Fraction(99, 49)  # twice, as the trade gets small


def test_the_product_of_a_function_maximising_pool_grows() -> None:
    price = batches.function_maximising_price(X, Y, 10)
    left, paid = batches.reserves_after(X, Y, 10, price)
    assert left * paid == X * Y * batches.product_growth(X, 10)
    assert round(float(batches.product_growth(X, 10)), 6) == 1.000102
    assert batches.product_growth(X, 0) == 1


@pytest.mark.parametrize(
    ("price", "most"),
    [
        (batches.function_maximising_price, 500),
        (batches.product_price, 1000),
        (lambda out, _, bought: batches.product_growth(out, bought), 500),
    ],
)
def test_what_cannot_be_bought_has_no_price(price, most) -> None:  # type: ignore[no-untyped-def]
    assert price(X, Y, most - 1) > 0
    for bought in (most, -1):
        with pytest.raises(ValueError, match=f"{bought} of 1000 cannot be bought"):
            price(X, Y, bought)
