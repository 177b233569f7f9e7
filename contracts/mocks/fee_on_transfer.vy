# pragma version ~=0.4.3
# SPDX-License-Identifier: MIT
"""
@title A token that burns a part of every transfer
@license MIT
@notice A mock for tests. The receiver gets less than was sent.
"""
import mock_erc20

initializes: mock_erc20
exports: mock_erc20.__interface__

fee_bps: public(immutable(uint256))


@deploy
def __init__(fee: uint256):
    """
    @param fee In basis points of the amount; rounded down.
    """
    fee_bps = fee


@external
def transfer(to: address, amount: uint256) -> bool:
    """
    @notice Burns the fee and moves the rest.
    """
    self._move_taxed(msg.sender, to, amount)
    return True


@external
def transferFrom(owner: address, to: address, amount: uint256) -> bool:
    """
    @notice Burns the fee and moves the rest, out of an allowance.
    """
    mock_erc20._spend(owner, amount)
    self._move_taxed(owner, to, amount)
    return True


@external
def approve(spender: address, amount: uint256) -> bool:
    """
    @notice Sets an allowance.
    """
    mock_erc20._approve(msg.sender, spender, amount)
    return True


@internal
def _move_taxed(owner: address, to: address, amount: uint256):
    fee: uint256 = amount * fee_bps // 10_000
    mock_erc20._burn(owner, fee)
    mock_erc20._move(owner, to, amount - fee)
