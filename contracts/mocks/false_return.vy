# pragma version ~=0.4.3
# SPDX-License-Identifier: MIT
"""
@title A token that answers False instead of reverting
@license MIT
@notice A mock for tests. Switched on, transfers move nothing and say so.
"""
import mock_erc20

initializes: mock_erc20
exports: mock_erc20.__interface__

failing: public(bool)


@external
def set_failing(failing: bool):
    """
    @notice Switches between behaving and answering False.
    """
    self.failing = failing


@external
def transfer(to: address, amount: uint256) -> bool:
    """
    @notice Moves tokens while it behaves.
    """
    if self.failing:
        return False
    mock_erc20._move(msg.sender, to, amount)
    return True


@external
def transferFrom(owner: address, to: address, amount: uint256) -> bool:
    """
    @notice Moves tokens out of an allowance while it behaves.
    """
    if self.failing:
        return False
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
