# pragma version ~=0.4.3
# SPDX-License-Identifier: MIT
"""
@title A token that burns a fee of its sender on top of every transfer
@license MIT
@notice A mock for tests. The receiver gets what was sent; the sender loses more than that.
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
    @notice Moves the amount and burns the fee of the sender.
    """
    self._move_taxed(msg.sender, to, amount)
    return True


@external
def transferFrom(owner: address, to: address, amount: uint256) -> bool:
    """
    @notice Moves the amount out of an allowance and burns the fee of the owner.
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
    mock_erc20._move(owner, to, amount)
    mock_erc20._burn(owner, amount * fee_bps // 10_000)
