# pragma version ~=0.4.3
# SPDX-License-Identifier: MIT
"""
@title Somebody who draws from a minter
@license MIT
@notice A mock for tests: what a gauge does with its minter, and nothing else.
"""

interface IMinter:
    def draw() -> uint256: nonpayable
    def emitted(gauge: address) -> uint256: view


interface IToken:
    def burn(amount: uint256): nonpayable


@external
def draw(minter: address, times: uint256) -> uint256:
    """
    @notice Draws so often in one call.
    @return All that was drawn.
    """
    drawn: uint256 = 0
    for i: uint256 in range(times, bound=10):
        drawn += extcall IMinter(minter).draw()
    return drawn


@external
@view
def emitted(minter: address) -> uint256:
    """
    @notice What it was allotted.
    """
    return staticcall IMinter(minter).emitted(self)


@external
def burn(token: address, amount: uint256):
    """
    @notice Destroys a part of what it has.
    """
    extcall IToken(token).burn(amount)
