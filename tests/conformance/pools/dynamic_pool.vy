# pragma version ~=0.4.3
# SPDX-License-Identifier: MIT
"""
@title A pool whose fee grows with the trade
@license MIT
@notice Constant product; the fee is 10 bps for a small trade and up to 1000 more for a big one.
"""
from ethereum.ercs import IERC20

MINIMUM: constant(uint256) = 1000
FEE_BPS: constant(uint256) = 10
MORE_BPS: constant(uint256) = 1000

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
    assert out >= least, "dynamic pool: too little"
    self._pull(side, amount)
    self._push(1 - side, out)


@external
def add(most: uint256[2]):
    total: uint256 = self.total_shares
    taken: uint256[2] = most
    minted: uint256 = 0
    if total == 0:
        minted = isqrt(most[0] * most[1]) - MINIMUM
        total = MINIMUM
    else:
        held: uint256[2] = self.reserves
        minted = min(most[0] * total // held[0], most[1] * total // held[1])
        taken = [self._up(minted, held[0], total), self._up(minted, held[1], total)]
    assert minted > 0, "dynamic pool: nothing added"
    self.total_shares = total + minted
    self.shares[msg.sender] += minted
    self._pull(0, taken[0])
    self._pull(1, taken[1])


@external
def remove(shares: uint256):
    assert shares > 0, "dynamic pool: nothing removed"
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
    fee: uint256 = FEE_BPS + MORE_BPS * amount // (amount + held[side])
    paid: uint256 = amount - self._up(amount, fee, 10_000)
    out: uint256 = paid * held[1 - side] // (held[side] + paid)
    assert out > 0, "dynamic pool: too little sold"
    return out


@internal
@pure
def _up(a: uint256, b: uint256, by: uint256) -> uint256:
    return (a * b + by - 1) // by
