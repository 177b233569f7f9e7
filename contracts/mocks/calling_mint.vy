# pragma version ~=0.4.3
# SPDX-License-Identifier: MIT
"""
@title An incentive token that lets the receiver draw again while it mints
@license MIT
@notice A mock for tests.
"""


interface IDrawer:
    def draw(minter: address, times: uint256) -> uint256: nonpayable


_released: uint256
minted: public(uint256)
answers: public(DynArray[uint256, 2])


@external
@view
def released(time: uint256) -> uint256:
    """
    @notice What the minter may share, at any time.
    """
    return self._released


@external
def release(amount: uint256):
    """
    @notice Releases more.
    """
    self._released += amount


@external
def mint(to: address, amount: uint256):
    """
    @notice Counts, and calls the receiver once.
    """
    self.minted += amount
    if len(self.answers) == 0:
        self.answers.append(amount)
        self.answers.append(extcall IDrawer(to).draw(msg.sender, 1))
