# pragma version ~=0.4.3
# SPDX-License-Identifier: MIT
"""
@title A token that lies about balances
@license MIT
@notice A mock for tests. Transfers are as they should be; `balanceOf` says any bytes, or
        refuses, always or from the first transfer of a transaction on.
"""
import mock_erc20

initializes: mock_erc20
exports: (mock_erc20.allowance, mock_erc20.mint, mock_erc20.totalSupply)


flag Lie:
    NEVER
    ALWAYS
    AFTER_A_TRANSFER


_lie: Lie
_refuses: bool
_answer: Bytes[128]
_moved: transient(bool)


@deploy
def __init__():
    """
    @notice Begins as a good token.
    """
    self._lie = Lie.NEVER


@external
def be_honest():
    """
    @notice Says true balances from now on.
    """
    self._lie = Lie.NEVER


@external
def lie(only_after_a_transfer: bool, refuses: bool, answer: Bytes[128]):
    """
    @notice What `balanceOf` says of everybody from now on, and when.
    """
    self._lie = Lie.AFTER_A_TRANSFER if only_after_a_transfer else Lie.ALWAYS
    self._refuses = refuses
    self._answer = answer


@external
@view
@raw_return
def balanceOf(owner: address) -> Bytes[128]:
    """
    @notice The balance, or what it was told to say.
    """
    if self._lie == Lie.NEVER or (self._lie == Lie.AFTER_A_TRANSFER and not self._moved):
        return abi_encode(mock_erc20.balanceOf[owner])
    if self._refuses:
        raw_revert(self._answer)
    return self._answer


@external
def transfer(to: address, amount: uint256) -> bool:
    """
    @notice Moves tokens.
    """
    self._moved = True
    mock_erc20._move(msg.sender, to, amount)
    return True


@external
def transferFrom(owner: address, to: address, amount: uint256) -> bool:
    """
    @notice Moves tokens out of an allowance.
    """
    self._moved = True
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
