# pragma version ~=0.4.3
# SPDX-License-Identifier: MIT
"""
@title A token that answers with any bytes
@license MIT
@notice A mock for tests. For each of its two transfers it is told whether to move tokens,
        whether to revert, and which bytes to say. It begins as a good token.
"""
import mock_erc20

initializes: mock_erc20
exports: mock_erc20.__interface__


struct Manner:
    moves: bool
    refuses: bool
    answer: Bytes[1024]


_of_transfer: Manner
_of_transfer_from: Manner


@deploy
def __init__():
    """
    @notice Moves what it is told to and says True.
    """
    good: Manner = Manner(moves=True, refuses=False, answer=abi_encode(True))
    self._of_transfer = good
    self._of_transfer_from = good


@external
def set_transfer(moves: bool, refuses: bool, answer: Bytes[1024]):
    """
    @notice What `transfer` does from now on.
    """
    self._of_transfer = Manner(moves=moves, refuses=refuses, answer=answer)


@external
def set_transfer_from(moves: bool, refuses: bool, answer: Bytes[1024]):
    """
    @notice What `transferFrom` does from now on.
    """
    self._of_transfer_from = Manner(moves=moves, refuses=refuses, answer=answer)


@external
@raw_return
def transfer(to: address, amount: uint256) -> Bytes[1024]:
    """
    @notice Moves tokens, or not, and says what it was told to.
    """
    if self._of_transfer.moves:
        mock_erc20._move(msg.sender, to, amount)
    if self._of_transfer.refuses:
        raw_revert(self._of_transfer.answer)
    return self._of_transfer.answer


@external
@raw_return
def transferFrom(owner: address, to: address, amount: uint256) -> Bytes[1024]:
    """
    @notice Moves tokens out of an allowance, or not, and says what it was told to.
    """
    if self._of_transfer_from.moves:
        mock_erc20._spend(owner, amount)
        mock_erc20._move(owner, to, amount)
    if self._of_transfer_from.refuses:
        raw_revert(self._of_transfer_from.answer)
    return self._of_transfer_from.answer


@external
def approve(spender: address, amount: uint256) -> bool:
    """
    @notice Sets an allowance.
    """
    mock_erc20._approve(msg.sender, spender, amount)
    return True
