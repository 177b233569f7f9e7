# pragma version ~=0.4.3
# SPDX-License-Identifier: MIT
"""
@title A token that makes a call in the middle of a transfer
@license MIT
@notice A mock for tests. As tokens with hooks do; the call is chosen beforehand.
"""
import mock_erc20

initializes: mock_erc20
exports: mock_erc20.__interface__

target: public(address)
data: public(Bytes[1024])


@external
def set_hook(target: address, data: Bytes[1024]):
    """
    @notice What every transfer calls from now on; the zero address: nothing.
    """
    self.target = target
    self.data = data


@external
def transfer(to: address, amount: uint256) -> bool:
    """
    @notice Moves tokens, then makes the call; its refusal is passed on.
    """
    mock_erc20._move(msg.sender, to, amount)
    self._call_hook()
    return True


@external
def transferFrom(owner: address, to: address, amount: uint256) -> bool:
    """
    @notice Moves tokens out of an allowance, then makes the call.
    """
    mock_erc20._spend(owner, amount)
    mock_erc20._move(owner, to, amount)
    self._call_hook()
    return True


@external
def approve(spender: address, amount: uint256) -> bool:
    """
    @notice Sets an allowance.
    """
    mock_erc20._approve(msg.sender, spender, amount)
    return True


@internal
def _call_hook():
    if self.target != empty(address):
        raw_call(self.target, self.data)
