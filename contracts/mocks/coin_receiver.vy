# pragma version ~=0.4.3
# SPDX-License-Identifier: MIT
"""
@title A receiver of coins
@license MIT
@notice A mock for tests. Frugal, it takes coins within 2300 gas; otherwise it counts them,
        which takes more.
"""

frugal: public(immutable(bool))
received: public(uint256)


@deploy
def __init__(frugal_: bool):
    """
    @param frugal_ Whether it does nothing when it gets coins.
    """
    frugal = frugal_


@external
@payable
def __default__():
    """
    @notice Takes coins.
    """
    if not frugal:
        self.received += msg.value


@external
def run(target: address, data: Bytes[1024]):
    """
    @notice Makes one call as this contract; its refusal is passed on.
    """
    raw_call(target, data)
