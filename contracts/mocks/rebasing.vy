# pragma version ~=0.4.3
# SPDX-License-Identifier: MIT
"""
@title A token whose balances all change at once
@license MIT
@notice A mock for tests. Balances are shares times a quotient that everybody may set, at
        any time; rounded down.
"""
from ethereum.ercs import IERC20

allowance: public(HashMap[address, HashMap[address, uint256]])
numerator: public(uint256)
denominator: public(uint256)
_shares: HashMap[address, uint256]
_total: uint256


@deploy
def __init__():
    """
    @notice Begins with one token a share.
    """
    self.numerator = 1
    self.denominator = 1


@external
def rebase(numerator: uint256, denominator: uint256):
    """
    @notice Sets how many tokens a share is.
    """
    self.numerator = numerator
    self.denominator = denominator


@external
def mint(to: address, amount: uint256):
    """
    @notice Makes shares for anybody.
    """
    self._shares[to] += amount
    self._total += amount


@external
@view
def balanceOf(owner: address) -> uint256:
    """
    @notice Tokens at the quotient of now.
    """
    return self._shares[owner] * self.numerator // self.denominator


@external
@view
def totalSupply() -> uint256:
    """
    @notice All tokens at the quotient of now.
    """
    return self._total * self.numerator // self.denominator


@external
def transfer(to: address, amount: uint256) -> bool:
    """
    @notice Moves tokens: as few shares as give the amount or less.
    """
    self._move(msg.sender, to, amount)
    return True


@external
def transferFrom(owner: address, to: address, amount: uint256) -> bool:
    """
    @notice Moves tokens out of an allowance.
    """
    self.allowance[owner][msg.sender] -= amount
    self._move(owner, to, amount)
    return True


@external
def approve(spender: address, amount: uint256) -> bool:
    """
    @notice Sets an allowance.
    """
    self.allowance[msg.sender][spender] = amount
    return True


@internal
def _move(owner: address, to: address, amount: uint256):
    shares: uint256 = amount * self.denominator // self.numerator
    self._shares[owner] -= shares
    self._shares[to] += shares
    log IERC20.Transfer(sender=owner, receiver=to, value=amount)
