# pragma version ~=0.4.3
# SPDX-License-Identifier: MIT
"""
@title A token that refuses transfers
@license MIT
@notice A mock for tests. Switched on, every transfer reverts with a reason of its own.
"""
import mock_erc20

initializes: mock_erc20
exports: mock_erc20.__interface__

failing: public(bool)


@external
def set_failing(failing: bool):
    """
    @notice Switches between behaving and refusing.
    """
    self.failing = failing


@external
def transfer(to: address, amount: uint256) -> bool:
    """
    @notice Moves tokens while it behaves.
    """
    assert not self.failing, "mock: refused"
    mock_erc20._move(msg.sender, to, amount)
    return True


@external
def transferFrom(owner: address, to: address, amount: uint256) -> bool:
    """
    @notice Moves tokens out of an allowance while it behaves.
    """
    assert not self.failing, "mock: refused"
    mock_erc20._spend(owner, amount)
    mock_erc20._move(owner, to, amount)
    return True


@external
def approve(spender: address, amount: uint256) -> bool:
    """
    @notice Sets an allowance.
    """
    mock_erc20._approve(msg.sender, spender, amount)
    return True
