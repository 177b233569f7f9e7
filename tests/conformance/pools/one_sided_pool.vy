# pragma version ~=0.4.3
# SPDX-License-Identifier: MIT
"""
@title A pool to which one token alone can be added
@license MIT
@notice Constant product; shares grow with the square root of the product, less a fee on entering.
"""
from ethereum.ercs import IERC20

MINIMUM: constant(uint256) = 1000
FEE_BPS: constant(uint256) = 30

TOKENS: immutable(address[2])

reserves: public(uint256[2])
shares: public(HashMap[address, uint256])
total_shares: public(uint256)


@deploy
def __init__(base: address, quote: address):
    TOKENS = [base, quote]


@external
@view
def quote(side: uint256, amount: uint256) -> uint256:
    return self._out(side, amount)


@external
def swap(side: uint256, amount: uint256, least: uint256):
    out: uint256 = self._out(side, amount)
    assert out >= least, "one-sided pool: too little"
    self._pull(side, amount)
    self._push(1 - side, out)


@external
def add(most: uint256[2]):
    total: uint256 = self.total_shares
    taken: uint256[2] = most
    minted: uint256 = 0
    held: uint256[2] = self.reserves
    grown: uint256 = isqrt((held[0] + most[0]) * (held[1] + most[1]))
    if total == 0:
        minted = grown - MINIMUM
        total = MINIMUM
    else:
        root: uint256 = isqrt(held[0] * held[1]) + 1
        minted = total * (grown - root) // root
        minted -= self._up(minted, FEE_BPS, 10_000)
    assert minted > 0, "one-sided pool: nothing added"
    self.total_shares = total + minted
    self.shares[msg.sender] += minted
    self._pull(0, taken[0])
    self._pull(1, taken[1])


@external
def remove(shares: uint256):
    assert shares > 0, "one-sided pool: nothing removed"
    total: uint256 = self.total_shares
    held: uint256[2] = self.reserves
    self.shares[msg.sender] -= shares
    self.total_shares = total - shares
    self._push(0, held[0] * shares // total)
    self._push(1, held[1] * shares // total)


@internal
def _pull(side: uint256, amount: uint256):
    self.reserves[side] += amount
    assert extcall IERC20(TOKENS[side]).transferFrom(msg.sender, self, amount)


@internal
def _push(side: uint256, amount: uint256):
    self.reserves[side] -= amount
    assert extcall IERC20(TOKENS[side]).transfer(msg.sender, amount)


@internal
@view
def _out(side: uint256, amount: uint256) -> uint256:
    held: uint256[2] = self.reserves
    paid: uint256 = amount * (10_000 - FEE_BPS)
    out: uint256 = paid * held[1 - side] // (held[side] * 10_000 + paid)
    assert out > 0, "one-sided pool: too little sold"
    return out


@internal
@pure
def _up(a: uint256, b: uint256, by: uint256) -> uint256:
    return (a * b + by - 1) // by
