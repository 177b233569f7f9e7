# pragma version ~=0.4.3
# SPDX-License-Identifier: MIT
"""
@title A token whose functions return nothing
@license MIT
@notice A mock for tests. As some of the oldest tokens in use do.
"""
import mock_erc20

initializes: mock_erc20
exports: mock_erc20.__interface__


@external
def transfer(to: address, amount: uint256):
    """
    @notice Moves tokens and returns nothing.
    """
    mock_erc20._move(msg.sender, to, amount)


@external
def transferFrom(owner: address, to: address, amount: uint256):
    """
    @notice Moves tokens out of an allowance and returns nothing.
    """
    mock_erc20._spend(owner, amount)
    mock_erc20._move(owner, to, amount)


@external
def approve(spender: address, amount: uint256):
    """
    @notice Sets an allowance and returns nothing.
    """
    mock_erc20._approve(msg.sender, spender, amount)
