# pragma version ~=0.4.3
# SPDX-License-Identifier: MIT
"""
@title Prices of a constant-product pool, at a moment and summed over time
@license MIT
@notice A price is UQ112x112: the other token's smallest units for one of this one's,
        times 2**112, rounded down. It is below 2**224 for any two reserves of a pool.
"""

_MAX_TIME: constant(uint256) = 2**32 - 1


@internal
@pure
def _spot(reserve: uint256, other: uint256) -> uint256:
    # Reserves fit in 112 bits. Where there is nothing there is no price: 0.
    if reserve == 0 or other == 0:
        return 0
    return unsafe_div(other << 112, reserve)


@internal
@pure
def _sum_now(sum_last: uint256, reserve: uint256, other: uint256, elapsed: uint256) -> uint256:
    # What the pool's own sum would be after a sync now. Sums wrap at 2**256, as the pool's do.
    return unsafe_add(sum_last, unsafe_mul(self._spot(reserve, other), elapsed))


@internal
@view
def _elapsed(since: uint32) -> uint256:
    # The pool's clock wraps at 2**32; the difference stays right through it.
    return unsafe_sub(block.timestamp, convert(since, uint256)) & _MAX_TIME
