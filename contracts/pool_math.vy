# pragma version ~=0.4.3
# SPDX-License-Identifier: MIT
"""
@title The arithmetic of a constant-product pool
@license MIT
@notice Pure functions without reasons: callers check their input and say what is
        wrong with it. A fee is a reduced fraction `fee / base`: 30 bps is 3/1000.
@dev Reduced, so that 30 bps overflows exactly where 997/1000 arithmetic does.
"""

_BPS: constant(uint256) = 10_000


@internal
@pure
def _fee_fraction(fee_bps: uint256) -> (uint256, uint256):
    # The greatest common divisor of two numbers below 2**14 takes at most 20 steps.
    a: uint256 = _BPS
    b: uint256 = fee_bps
    for _: uint256 in range(20):
        if b == 0:
            break
        rest: uint256 = a % b
        a = b
        b = rest
    return fee_bps // a, _BPS // a


@internal
@pure
def _sort(a: address, b: address) -> (address, address):
    if self._is_first(a, b):
        return a, b
    return b, a


@internal
@pure
def _is_first(a: address, b: address) -> bool:
    return convert(a, uint160) < convert(b, uint160)


@internal
@pure
def _pool_address(
    factory: address, token0: address, token1: address, init_code_hash: bytes32
) -> address:
    salt: bytes32 = self._salt(token0, token1)
    digest: bytes32 = keccak256(
        concat(0xFF, convert(factory, bytes20), salt, init_code_hash)
    )
    return convert(convert(digest, uint256) & convert(max_value(uint160), uint256), address)


@internal
@pure
def _salt(token0: address, token1: address) -> bytes32:
    return keccak256(concat(convert(token0, bytes20), convert(token1, bytes20)))


@internal
@pure
def _quote(amount_a: uint256, reserve_a: uint256, reserve_b: uint256) -> uint256:
    return amount_a * reserve_b // reserve_a


@internal
@pure
def _amount_out(
    amount_in: uint256, reserve_in: uint256, reserve_out: uint256, fee: uint256, base: uint256
) -> uint256:
    # Rounds down: in favour of the pool.
    effective_in: uint256 = amount_in * unsafe_sub(base, fee)
    return effective_in * reserve_out // (reserve_in * base + effective_in)


@internal
@pure
def _amount_in(
    amount_out: uint256, reserve_in: uint256, reserve_out: uint256, fee: uint256, base: uint256
) -> uint256:
    # Floor plus one, also where the division is exact: in favour of the pool.
    numerator: uint256 = reserve_in * amount_out * base
    return numerator // ((reserve_out - amount_out) * unsafe_sub(base, fee)) + 1
