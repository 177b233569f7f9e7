# pragma version ~=0.4.3
# SPDX-License-Identifier: MIT
"""
@title A token that burns all gas it gets
@license MIT
@notice A mock for tests. Switched on, a transfer ends in an invalid instruction.
"""
import mock_erc20

initializes: mock_erc20
exports: mock_erc20.__interface__

is_hungry: public(bool)


@external
def set_hungry(is_hungry: bool):
    """
    @notice Switches between behaving and burning gas.
    """
    self.is_hungry = is_hungry


@external
def transfer(to: address, amount: uint256) -> bool:
    """
    @notice Moves tokens while it behaves.
    """
    assert not self.is_hungry, UNREACHABLE
    mock_erc20._move(msg.sender, to, amount)
    return True


@external
def transferFrom(owner: address, to: address, amount: uint256) -> bool:
    """
    @notice Moves tokens out of an allowance, as it should.
    """
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
