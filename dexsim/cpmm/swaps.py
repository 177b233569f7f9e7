"""What the router and the pool compute for one swap, in integers.

The price of a swap follows from (X + g*a) * (Y - out) >= X * Y with g = 1 - fee: the pool
keeps the fee. Rounding is always in the pool's favour, as on the chain. The fee is the reduced
fraction n/d of 1 - fee (30 bps: 997/1000), which decides where checked arithmetic overflows.

Amounts and reserves are wei. What the contract refuses raises `Reverted` with the contract's
reason; checked uint256 arithmetic has no reason. What no uint256 argument can hold (a float,
a negative number) is an `AmountTypeError` or a `ScenarioError`.
"""

from __future__ import annotations

from functools import lru_cache
from math import gcd

from dexsim.errors import Reverted
from dexsim.units import BPS, UINT256_MAX, Bps, Wei, check_bps, check_wei

MAX_RESERVE = 2**112 - 1
MAX_FEE_BPS = 1_000


@lru_cache(maxsize=None, typed=True)
def fee_fraction(fee_bps: Bps) -> tuple[int, int]:
    """1 - fee as a reduced fraction (n, d): 30 bps is (997, 1000). From 0 to 1000 bps."""
    check_bps(fee_bps, "fee_bps", maximum=MAX_FEE_BPS)
    kept = BPS - fee_bps
    divisor = gcd(kept, BPS)
    return kept // divisor, BPS // divisor


def amount_out(amount_in: Wei, reserve_in: Wei, reserve_out: Wei, fee_bps: Bps = 30) -> Wei:
    """What a swap of exactly `amount_in` pays out: floor(x*n*Y / (X*d + x*n)); may be 0.

    Reverts: "router: insufficient input" for a zero input, "router: insufficient liquidity" for
    an empty reserve, no reason where a product exceeds a uint256.
    """
    n, d = fee_fraction(fee_bps)
    _check_arguments(amount_in, "amount_in", reserve_in, reserve_out)
    if amount_in == 0:
        raise Reverted("router: insufficient input")
    if reserve_in == 0 or reserve_out == 0:
        raise Reverted("router: insufficient liquidity")
    after_fee = uint256(amount_in * n)
    numerator = uint256(after_fee * reserve_out)
    denominator = uint256(uint256(reserve_in * d) + after_fee)
    return numerator // denominator


def amount_in(amount_out: Wei, reserve_in: Wei, reserve_out: Wei, fee_bps: Bps = 30) -> Wei:
    """An input that buys at least `amount_out`: floor(X*y*d / ((Y-y)*n)) + 1.

    As published, it is one wei more than needed where the division leaves no rest.
    Reverts: "router: insufficient output" for a zero output, "router: insufficient liquidity" for
    an empty reserve or an output of the whole reserve or more, no reason where a product
    exceeds a uint256.
    """
    n, d = fee_fraction(fee_bps)
    _check_arguments(amount_out, "amount_out", reserve_in, reserve_out)
    if amount_out == 0:
        raise Reverted("router: insufficient output")
    if reserve_in == 0 or reserve_out <= amount_out:
        raise Reverted("router: insufficient liquidity")
    numerator = uint256(uint256(reserve_in * amount_out) * d)
    denominator = uint256((reserve_out - amount_out) * n)
    return uint256(numerator // denominator + 1)


def quote(amount_a: Wei, reserve_a: Wei, reserve_b: Wei) -> Wei:
    """The amount of b worth `amount_a` at the pool's price, without fee or impact, rounded down.

    Reverts: "router: insufficient amount" for a zero amount, else as `amount_out` does.
    """
    _check_arguments(amount_a, "amount_a", reserve_a, reserve_b)
    if amount_a == 0:
        raise Reverted("router: insufficient amount")
    if reserve_a == 0 or reserve_b == 0:
        raise Reverted("router: insufficient liquidity")
    return uint256(amount_a * reserve_b) // reserve_a


def swap(amount_in: Wei, reserve_in: Wei, reserve_out: Wei, fee_bps: Bps = 30) -> tuple[Wei, Wei]:
    """The reserves (in, out) after a swap of `amount_in`; it pays `reserve_out` minus the second.

    Reverts as `amount_out` does; "pool: insufficient output" where nothing would be paid out and
    "pool: overflow" where a reserve would exceed 2**112 - 1.
    """
    paid = amount_out(amount_in, reserve_in, reserve_out, fee_bps)
    if paid == 0:
        raise Reverted("pool: insufficient output")
    if reserve_in + amount_in > MAX_RESERVE or reserve_out - paid > MAX_RESERVE:
        raise Reverted("pool: overflow")
    return reserve_in + amount_in, reserve_out - paid


def minimum_out(quoted: Wei, slippage_bps: Bps) -> Wei:
    """The least output a trader accepts: `quoted` less `slippage_bps`, rounded down."""
    check_bps(slippage_bps, "slippage_bps")
    return check_wei(quoted, "quoted") * (BPS - slippage_bps) // BPS


def minimum_out_v2_sdk(quoted: Wei, slippage_bps: Bps) -> Wei:
    """The least output as Uniswap's v2 SDK had it: quoted / (1 + s), rounded down.

    It is stricter than `minimum_out`: 1 % asks for 0.990099 of the quote instead of 0.99, and
    100 % still for half of it. Seen in @uniswap/v2-sdk 3.0.1 and 4.15.2; 4.21.0 and later ask
    for quoted * (1 - s), as `minimum_out` does.
    """
    check_bps(slippage_bps, "slippage_bps")
    return check_wei(quoted, "quoted") * BPS // (BPS + slippage_bps)


def _check_arguments(amount: Wei, name: str, reserve_a: Wei, reserve_b: Wei) -> None:
    for value in (amount, reserve_a, reserve_b):
        if type(value) is not int or not 0 <= value <= UINT256_MAX:
            break
    else:
        return
    check_wei(amount, name)
    check_wei(reserve_a, "the first reserve")
    check_wei(reserve_b, "the second reserve")


def uint256(value: int) -> int:
    """`value` as checked arithmetic gives it: reverts without a reason beyond a uint256."""
    if value > UINT256_MAX:
        raise Reverted("")
    return value
