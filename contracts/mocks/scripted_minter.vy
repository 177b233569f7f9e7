# pragma version ~=0.4.3
# SPDX-License-Identifier: MIT
"""
@title A minter that emits what it is told to
@license MIT
@notice A mock for tests: one gauge, at a rate that anybody sets at any time. Its token is one that
        lets anybody mint, or names it as the minter.
"""


interface IToken:
    def mint(to: address, amount: uint256): nonpayable


token: public(immutable(address))
rate: public(uint256)
draws: public(uint256)
refuses: public(bool)

_counted: uint256
_since: uint256
_drawn: uint256


@deploy
def __init__(token_: address):
    """
    @param token_ What is emitted.
    """
    token = token_


@external
def set_rate(rate: uint256):
    """
    @notice What is emitted in every second from now on.
    """
    self._counted = self._emitted()
    self._since = block.timestamp
    self.rate = rate


@external
def emit(amount: uint256):
    """
    @notice Emits at once, besides the rate.
    """
    self._counted += amount


@external
def take_back(amount: uint256):
    """
    @notice Emits less than it did before, as no minter does.
    """
    self._counted -= amount


@external
def set_refuses(refuses: bool):
    """
    @notice Neither tells nor draws any more, or does again.
    """
    self.refuses = refuses


@external
@view
def emitted(gauge: address) -> uint256:
    """
    @notice What was emitted, whoever is named.
    """
    assert not self.refuses, "mock: no answer"
    return self._emitted()


@external
def draw() -> uint256:
    """
    @notice Mints to the caller what was not drawn before.
    """
    assert not self.refuses, "mock: no answer"
    amount: uint256 = self._emitted() - self._drawn
    self._drawn += amount
    self.draws += 1
    extcall IToken(token).mint(msg.sender, amount)
    return amount


@internal
@view
def _emitted() -> uint256:
    return self._counted + self.rate * (block.timestamp - self._since)
