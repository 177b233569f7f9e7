"""What a batch auction in front of a pool executes, and at which price, in integers.

All orders of a batch that are executed get one price: they are netted against each other, and only
what is left over goes through the pool, at the average price that the pool gives for it. With A of
token0 and B of token1 for sale, reserves X and Y, and g = 1 - fee, that price of token0 is

    g (Y + B) / (X + g A)    where token0 is left over: B / A < g Y / X
    (Y + g B) / (g (X + A))  where token1 is left over: B / A > Y / (g X)
    B / A                    between the two: nothing goes through the pool

It falls with A and rises with B. So sets of orders that take, on either side, everybody up to a
limit, and whose own price meets all their limits, are closed under union: there is a largest one,
and that is executed. Dropping the most demanding orders of a side, those of one limit together,
while their limit is not met, ends there, whichever side goes first. An order is executed whole or
not at all.

Payments are rounded down, what that leaves is the pool's. Derived here; `batch_auction.vy` does the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from dexsim.cpmm.swaps import MAX_RESERVE, fee_fraction
from dexsim.errors import ScenarioError
from dexsim.units import Bps, Wei, check_wei

MOST_ORDERS = 256


@dataclass(frozen=True, slots=True)
class BatchOrder:
    """An order to sell `amount_in` wei for `min_amount_out` wei of the other token or more; 0 counts as 1.

    sells_token0: which of the two it sells. Both amounts fit into 112 bits.
    """

    sells_token0: bool
    amount_in: Wei
    min_amount_out: Wei = 0

    def __post_init__(self) -> None:
        if not 0 < check_wei(self.amount_in, "amount_in") <= MAX_RESERVE:
            raise ScenarioError(f"amount_in is {self.amount_in}; it must be from 1 to 2**112 - 1")
        _check_112_bits(self.min_amount_out, "min_amount_out")

    @property
    def limit(self) -> Fraction:
        """The least it accepts for a unit of what it sells."""
        return Fraction(max(self.min_amount_out, 1), self.amount_in)

    def amount_out(self, price: tuple[int, int]) -> Wei:
        """What it gets at a price, rounded down."""
        numerator, denominator = price if self.sells_token0 else price[::-1]
        return self.amount_in * numerator // denominator if denominator else 0

    def is_met(self, price: tuple[int, int]) -> bool:
        """Whether a price gives what it asks for."""
        return self.amount_out(price) >= max(self.min_amount_out, 1)


@dataclass(frozen=True, slots=True)
class Clearing:
    """What becomes of a batch.

    price: token1 for a unit of token0, (numerator, denominator), not reduced.
    amounts_out: what every order gets; None where it is left out and refunded.
    left_out: positions of those orders, as the contract wants them: as they drop out.
    reserve0, reserve1: the pool's afterwards.
    kept0, kept1: what rounding left where no pool can take it, for want of liquidity.
    """

    price: tuple[int, int]
    amounts_out: tuple[Wei | None, ...]
    left_out: tuple[int, ...]
    reserve0: Wei
    reserve1: Wei
    kept0: Wei = 0
    kept1: Wei = 0


@dataclass(frozen=True, slots=True)
class _Book:
    sold0: int
    sold1: int
    reserve0: int
    reserve1: int
    kept: int
    base: int

    def without(self, order: BatchOrder) -> _Book:
        if order.sells_token0:
            return replace(self, sold0=self.sold0 - order.amount_in)
        return replace(self, sold1=self.sold1 - order.amount_in)

    def price(self) -> tuple[int, int]:
        n, d = self.kept, self.base
        a, b, x, y = self.sold0, self.sold1, self.reserve0, self.reserve1
        if b * x * d < a * y * n:
            return n * (y + b), d * x + n * a
        if b * x * n > a * y * d:
            return d * y + n * b, n * (x + a)
        return b, a


def clearing_price(
    sold0: Wei, sold1: Wei, reserve0: Wei, reserve1: Wei, fee_bps: Bps = 30
) -> tuple[int, int]:
    """The one price at which both amounts are sold: token1 for a unit of token0, as (numerator, denominator).

    A pool with an empty reserve counts as none; (0, 0) where nothing is sold.
    """
    return _book(sold0, sold1, reserve0, reserve1, fee_bps).price()


def clear(
    orders: Sequence[BatchOrder], reserve0: Wei, reserve1: Wei, fee_bps: Bps = 30
) -> Clearing:
    """What becomes of a batch in front of a pool with these reserves. Takes n log n steps."""
    sold0 = sum(order.amount_in for order in orders if order.sells_token0)
    sold1 = sum(order.amount_in for order in orders if not order.sells_token0)
    book = _book(sold0, sold1, reserve0, reserve1, fee_bps)
    left_out, book = _leave_out(orders, book)
    price, dropped = book.price(), set(left_out)
    amounts = tuple(
        None if i in dropped else order.amount_out(price) for i, order in enumerate(orders)
    )
    out0 = sum(a or 0 for a, o in zip(amounts, orders, strict=True) if not o.sells_token0)
    out1 = sum(a or 0 for a, o in zip(amounts, orders, strict=True) if o.sells_token0)
    rest0, rest1 = book.sold0 - out0, book.sold1 - out1
    if reserve0 == 0 or reserve1 == 0:
        return Clearing(price, amounts, left_out, reserve0, reserve1, rest0, rest1)
    return Clearing(price, amounts, left_out, reserve0 + rest0, reserve1 + rest1)


def _check_112_bits(value: int, name: str) -> None:
    if check_wei(value, name) > MAX_RESERVE:
        raise ScenarioError(f"{name} is {value}; it must be from 0 to 2**112 - 1")


def _book(sold0: int, sold1: int, reserve0: int, reserve1: int, fee_bps: int) -> _Book:
    _check_112_bits(reserve0, "reserve0")
    _check_112_bits(reserve1, "reserve1")
    if reserve0 == 0 or reserve1 == 0:
        reserve0 = reserve1 = 0
    return _Book(sold0, sold1, reserve0, reserve1, *fee_fraction(fee_bps))


def _leave_out(orders: Sequence[BatchOrder], book: _Book) -> tuple[tuple[int, ...], _Book]:
    sides = [_by_demand(orders, side) for side in (True, False)]
    left_out: list[int] = []
    while any(unmet := [_is_unmet(orders, side, book) for side in sides]):
        group = sides[unmet.index(True)].pop()
        left_out += group
        for i in group:
            book = book.without(orders[i])
    return tuple(left_out), book


def _is_unmet(orders: Sequence[BatchOrder], groups: list[list[int]], book: _Book) -> bool:
    return bool(groups) and not orders[groups[-1][0]].is_met(book.price())


def _by_demand(orders: Sequence[BatchOrder], sells_token0: bool) -> list[list[int]]:
    side = [i for i, order in enumerate(orders) if order.sells_token0 is sells_token0]
    return list(_groups(orders, sorted(side, key=lambda i: orders[i].limit)))


def _groups(orders: Sequence[BatchOrder], positions: list[int]) -> Iterator[list[int]]:
    group: list[int] = []
    for i in positions:
        if group and orders[i].limit != orders[group[0]].limit:
            yield group
            group = []
        group.append(i)
    if group:
        yield group
