# pragma version ~=0.4.3
# SPDX-License-Identifier: MIT
"""
@title A plain token
@license MIT
@notice ERC-20 with permits; the minter can make more of it, holders can burn theirs.
"""
import erc20

initializes: erc20
exports: erc20.__interface__


event MinterSet:
    minter: indexed(address)


name: public(immutable(String[64]))
symbol: public(immutable(String[32]))
decimals: public(immutable(uint8))
minter: public(address)


@deploy
def __init__(name_: String[64], symbol_: String[32], decimals_: uint8, initial_supply: uint256):
    """
    @param initial_supply In the smallest unit; it goes to the deployer, who becomes the minter.
    """
    name = name_
    symbol = symbol_
    decimals = decimals_
    erc20.__init__(name_, "token")
    self._set_minter(msg.sender)
    erc20._mint(msg.sender, initial_supply)


@external
def mint(to: address, amount: uint256):
    """
    @notice Makes `amount` new tokens for `to`. Only for the minter.
    @param to Who gets them.
    @param amount How many, in the smallest unit.
    """
    self._only_minter()
    erc20._mint(to, amount)


@external
def burn(amount: uint256):
    """
    @notice Destroys `amount` of the caller's tokens.
    @param amount How many, in the smallest unit; the caller has to have them.
    """
    erc20._burn(msg.sender, amount)


@external
def set_minter(minter: address):
    """
    @notice Hands minting on; to the zero address: nobody mints any more.
    @param minter Who may mint instead of the caller.
    """
    self._only_minter()
    self._set_minter(minter)


@internal
@view
def _only_minter():
    assert msg.sender == self.minter, "token: not the minter"


@internal
def _set_minter(minter: address):
    self.minter = minter
    log MinterSet(minter=minter)
