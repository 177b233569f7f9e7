# pragma version ~=0.4.3
# SPDX-License-Identifier: MIT
"""
@title A token that refuses some transfers
@license MIT
@notice A mock for tests. It reverts for who is on its list, as sender or receiver, and
        answers False for amounts above its limit.
"""
import mock_erc20

initializes: mock_erc20
exports: mock_erc20.__interface__

is_listed: public(HashMap[address, bool])
limit: public(uint256)


@deploy
def __init__():
    """
    @notice Begins with nobody on the list and without a limit.
    """
    self.limit = max_value(uint256)


@external
def set_listed(who: address, listed: bool):
    """
    @notice Puts somebody on the list or takes them off.
    """
    self.is_listed[who] = listed


@external
def set_limit(limit: uint256):
    """
    @notice The greatest amount of one transfer from now on.
    """
    self.limit = limit


@external
def transfer(to: address, amount: uint256) -> bool:
    """
    @notice Moves tokens unless it does not like to.
    """
    return self._try_to_move(msg.sender, to, amount)


@external
def transferFrom(owner: address, to: address, amount: uint256) -> bool:
    """
    @notice Moves tokens out of an allowance unless it does not like to.
    """
    mock_erc20._spend(owner, amount)
    return self._try_to_move(owner, to, amount)


@external
def approve(spender: address, amount: uint256) -> bool:
    """
    @notice Sets an allowance.
    """
    mock_erc20._approve(msg.sender, spender, amount)
    return True


@internal
def _try_to_move(owner: address, to: address, amount: uint256) -> bool:
    assert not self.is_listed[owner] and not self.is_listed[to], "mock: listed"
    if amount > self.limit:
        return False
    mock_erc20._move(owner, to, amount)
    return True
