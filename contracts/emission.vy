# pragma version ~=0.4.3
# SPDX-License-Identifier: MIT
"""
@title A constant emission with a cap
@license MIT
@notice Pure: token and gauge compute the same schedule without asking each other.
"""


@internal
@pure
def _emitted(time: uint256, start: uint256, rate: uint256, cap: uint256) -> uint256:
    # `rate` per second from `start` on, until the whole cap is out.
    if time <= start:
        return 0
    elapsed: uint256 = unsafe_sub(time, start)
    if elapsed > cap // rate:
        return cap
    return elapsed * rate
