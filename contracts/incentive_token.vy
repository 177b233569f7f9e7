# pragma version ~=0.4.3
# SPDX-License-Identifier: MIT
"""
@title A token that is earned
@license MIT
@notice ERC-20 with permits. Nothing exists at the beginning; from `start` on `rate` per
        second may be minted, up to `cap` in all. Burning frees nothing to be minted again.
"""
from interfaces import IIncentiveToken
import emission
import erc20

implements: IIncentiveToken
initializes: erc20
exports: erc20.__interface__


event MinterSet:
    minter: indexed(address)


name: public(immutable(String[64]))
symbol: public(immutable(String[32]))
decimals: public(constant(uint8)) = 18

cap: public(immutable(uint256))
rate: public(immutable(uint256))
start: public(immutable(uint256))

minter: public(address)
minted: public(uint256)
_deployer: immutable(address)


@deploy
def __init__(
    name_: String[64],
    symbol_: String[32],
    cap_: uint256,
    rate_per_second: uint256,
    start_: uint256,
):
    """
    @param cap_ The most that will ever be minted; below 2**128, so that gauges can share
           it out without overflow.
    @param rate_per_second In the smallest unit; above zero and not above the cap.
    @param start_ The timestamp at which the emission starts; may lie in the past.
    """
    assert cap_ <= convert(max_value(uint128), uint256), "incentive: cap too high"
    assert rate_per_second > 0 and rate_per_second <= cap_, "incentive: rate out of range"
    name = name_
    symbol = symbol_
    cap = cap_
    rate = rate_per_second
    start = start_
    _deployer = msg.sender
    erc20.__init__(name_, "incentive")


@external
@view
def available_supply() -> uint256:
    """
    @notice What the schedule has released until now, minted or not.
    @return Tokens in the smallest unit, not above `cap`; those that were burned count.
    """
    return self._released(block.timestamp)


@external
@view
def mintable_in_timeframe(begin: uint256, end: uint256) -> uint256:
    """
    @notice What the schedule releases from `begin` to `end`.
    @param begin The timestamp from which to count.
    @param end The timestamp up to which to count; not before `begin`, and may lie in the
           future.
    @return Tokens in the smallest unit, minted or not.
    """
    assert begin <= end, "incentive: begins after its end"
    return self._released(end) - self._released(begin)


@external
def set_minter(minter: address):
    """
    @notice Names who mints. The deployer can do so once.
    @param minter The only one who can mint from now on and for good, such as a gauge.
    """
    assert msg.sender == _deployer, "incentive: forbidden"
    assert self.minter == empty(address), "incentive: minter is set"
    assert minter != empty(address), "incentive: zero address"
    self.minter = minter
    log MinterSet(minter=minter)


@external
def mint(to: address, amount: uint256):
    """
    @notice Makes `amount` new tokens for `to`, within the schedule. Only for the minter.
    @param to Who gets the new tokens.
    @param amount How many, in the smallest unit; with what was minted before not above
           `available_supply`.
    """
    assert msg.sender == self.minter, "incentive: not the minter"
    minted: uint256 = self.minted + amount
    assert minted <= self._released(block.timestamp), "incentive: exceeds the schedule"
    self.minted = minted
    erc20._mint(to, amount)


@external
def burn(amount: uint256):
    """
    @notice Destroys `amount` of the caller's tokens.
    @param amount How many, in the smallest unit; the caller has to have them.
    """
    erc20._burn(msg.sender, amount)


@internal
@view
def _released(time: uint256) -> uint256:
    return emission._emitted(time, start, rate, cap)
