# pragma version ~=0.4.3
# SPDX-License-Identifier: MIT
"""
@title The swap that brings a pool to an outside price
@license MIT
@notice A price is a fraction of any two uint256 that are not zero. Reserves fit in 112 bits.
@dev Products of a price and a reserve are up to 494 bits wide and are kept in two words.
"""
import pool_math

_MAX_RESERVE: constant(uint256) = 2**112 - 1
_LOW: constant(uint256) = 2**128 - 1


@internal
@pure
def _arbitrage(
    reserve_a: uint256,
    reserve_b: uint256,
    price_num: uint256,
    price_den: uint256,
    fee: uint256,
    base: uint256,
) -> (bool, uint256, uint256):
    # Whether a is sold, how much, and what it buys; nothing where nothing gains.
    if self._exceeds(reserve_b, price_den, reserve_a, price_num):
        paid: uint256 = 0
        bought: uint256 = 0
        paid, bought = self._sale(reserve_a, reserve_b, price_num, price_den, fee, base)
        return paid > 0, paid, bought
    paid: uint256 = 0
    bought: uint256 = 0
    paid, bought = self._sale(reserve_b, reserve_a, price_den, price_num, fee, base)
    return False, paid, bought


@internal
@pure
def _sale(
    sold: uint256, bought: uint256, num: uint256, den: uint256, fee: uint256, base: uint256
) -> (uint256, uint256):
    paid: uint256 = self._towards(sold, bought, num, den, fee, base)
    if paid == 0:
        return 0, 0
    # Below 2**112 and 2**14 each: nothing here can overflow.
    out: uint256 = pool_math._amount_out(paid, sold, bought, fee, base)
    if not self._exceeds(out, den, paid, num):
        return 0, 0
    return paid, out


@internal
@pure
def _towards(
    sold: uint256, bought: uint256, num: uint256, den: uint256, fee: uint256, base: uint256
) -> uint256:
    # sqrt(sold * bought * base * den / (kept * num)) - sold * base / kept, both rounded down.
    kept: uint256 = unsafe_sub(base, fee)
    room: uint256 = unsafe_sub(_MAX_RESERVE, sold)
    high: uint256 = 0
    low: uint256 = 0
    # Two reserves and a base below 2**14: below 2**238.
    high, low = self._product(unsafe_mul(unsafe_mul(sold, bought), base), den)
    if high >= num:
        # The quotient has more than 256 bits, its root far more than a pool can take.
        return room
    target: uint256 = isqrt(unsafe_div(self._quotient(high, low, num), kept))
    have: uint256 = unsafe_div(unsafe_mul(sold, base), kept)
    return min(unsafe_sub(max(target, have), have), room)


@internal
@pure
def _exceeds(a: uint256, b: uint256, c: uint256, d: uint256) -> bool:
    # a * b > c * d
    high: uint256 = 0
    low: uint256 = 0
    other_high: uint256 = 0
    other_low: uint256 = 0
    high, low = self._product(a, b)
    other_high, other_low = self._product(c, d)
    return high > other_high or (high == other_high and low > other_low)


@internal
@pure
def _product(a: uint256, b: uint256) -> (uint256, uint256):
    # All 512 bits, from products of halves: each of them, plus two carries, fits in a word.
    low: uint256 = unsafe_mul(a & _LOW, b & _LOW)
    cross: uint256 = unsafe_add(unsafe_mul(a >> 128, b & _LOW), low >> 128)
    middle: uint256 = unsafe_add(unsafe_mul(a & _LOW, b >> 128), cross & _LOW)
    high: uint256 = unsafe_mul(a >> 128, b >> 128)
    high = unsafe_add(high, unsafe_add(cross >> 128, middle >> 128))
    return high, (middle << 128) | (low & _LOW)


@internal
@pure
def _quotient(high: uint256, low: uint256, divisor: uint256) -> uint256:
    # Long division in binary; high < divisor, so that the quotient fits.
    if high == 0:
        return unsafe_div(low, divisor)
    rest: uint256 = high
    quotient: uint256 = low
    for _: uint256 in range(256):
        # The bit that leaves `quotient` enters `rest`, and the answer's next bit comes in behind.
        carry: uint256 = rest >> 255
        rest = (rest << 1) | (quotient >> 255)
        quotient = quotient << 1
        if carry == 1 or rest >= divisor:
            rest = unsafe_sub(rest, divisor)
            quotient = quotient | 1
    return quotient
