# pragma version ~=0.4.3
# SPDX-License-Identifier: MIT
"""
@title A token that tells holders of their transfers
@license MIT
@notice A mock for tests. As ERC-777 does: who sends is called before tokens move, who
        receives afterwards, if they have named a contract for it.
"""
import mock_erc20

initializes: mock_erc20
exports: mock_erc20.__interface__


interface Hook:
    def run_calls(): nonpayable


before_sending: public(HashMap[address, address])
after_receiving: public(HashMap[address, address])


@external
def set_hooks(owner: address, before_sending: address, after_receiving: address):
    """
    @notice Whose `run_calls` is called for `owner`; the zero address: nobody's.
    """
    self.before_sending[owner] = before_sending
    self.after_receiving[owner] = after_receiving


@external
def transfer(to: address, amount: uint256) -> bool:
    """
    @notice Tells the sender, moves tokens, tells the receiver. Their refusals are passed on.
    """
    self._move_and_tell(msg.sender, to, amount)
    return True


@external
def transferFrom(owner: address, to: address, amount: uint256) -> bool:
    """
    @notice The same, out of an allowance.
    """
    mock_erc20._spend(owner, amount)
    self._move_and_tell(owner, to, amount)
    return True


@external
def approve(spender: address, amount: uint256) -> bool:
    """
    @notice Sets an allowance.
    """
    mock_erc20._approve(msg.sender, spender, amount)
    return True


@internal
def _move_and_tell(owner: address, to: address, amount: uint256):
    self._tell(self.before_sending[owner])
    mock_erc20._move(owner, to, amount)
    self._tell(self.after_receiving[to])


@internal
def _tell(whom: address):
    if whom != empty(address):
        extcall Hook(whom).run_calls()
