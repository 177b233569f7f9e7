# pragma version ~=0.4.3
# SPDX-License-Identifier: MIT
"""
@title Pays an incentive token to who stakes liquidity
@license MIT
@notice Every second's emission is shared by the stakes of that second. What is emitted
        while nobody stakes belongs to nobody and is counted in `undistributed`.
@dev Make the gauge the minter of its token; claims mint. The schedule is read once, at
     deployment, so that a withdrawal depends on no contract but the staked token's.
"""
from interfaces import IIncentiveToken
import emission
import token_calls


event Deposited:
    owner: indexed(address)
    amount: uint256


event Withdrawn:
    owner: indexed(address)
    amount: uint256


event Claimed:
    owner: indexed(address)
    amount: uint256


# Emission per staked unit is kept with 36 decimals: a checkpoint loses less than one
# unit up to 10**36 staked, and 2**128 * 10**36 still fits 256 bits.
_PRECISION: constant(uint256) = 10**36

lp_token: public(immutable(address))
reward_token: public(immutable(address))
_START: immutable(uint256)
_RATE: immutable(uint256)
_CAP: immutable(uint256)

total_staked: public(uint256)
staked: public(HashMap[address, uint256])
claimed: public(HashMap[address, uint256])

# Until when in the schedule, in tokens emitted, the two sums below are counted.
_emitted: uint256
_integral: uint256
_undistributed: uint256

_integral_of: HashMap[address, uint256]
_owed: HashMap[address, uint256]


@deploy
def __init__(lp_token_: address, reward_token_: address):
    """
    @param lp_token_ What is staked: a plain token, such as a pool. It must exist already
           and move exactly what it is told to.
    @param reward_token_ The incentive token; what it emits before the first stake is
           undistributed.
    """
    # A call to no code looks like a transfer that was made: what is staked before its token
    # exists would be paid out of real stakes.
    assert lp_token_.is_contract and reward_token_.is_contract, "gauge: no such token"
    lp_token = lp_token_
    reward_token = reward_token_
    _START = staticcall IIncentiveToken(reward_token_).start()
    _RATE = staticcall IIncentiveToken(reward_token_).rate()
    _CAP = staticcall IIncentiveToken(reward_token_).cap()
    assert _RATE > 0, "gauge: no emission"
    assert _CAP <= convert(max_value(uint128), uint256), "gauge: cap too high"


@external
def deposit(amount: uint256):
    """
    @notice Stakes `amount` of the caller's liquidity, which has to be approved before.
    @param amount Liquidity to stake, in its smallest unit; above zero.
    """
    assert amount > 0, "gauge: zero amount"
    self._checkpoint(msg.sender)
    self.staked[msg.sender] += amount
    self.total_staked += amount
    done: bool = token_calls._transfer_from(lp_token, msg.sender, self, amount)
    assert done, "gauge: transfer failed"
    log Deposited(owner=msg.sender, amount=amount)


@external
def withdraw(amount: uint256):
    """
    @notice Gives `amount` of the caller's stake back. What was earned stays claimable.
    @param amount Liquidity to give back, in its smallest unit; above zero and not above the
           stake.
    """
    assert amount > 0, "gauge: zero amount"
    self._withdraw(msg.sender, amount)


@external
def claim() -> uint256:
    """
    @notice Mints what the caller has earned.
    @return The amount minted; zero is no error.
    """
    return self._claim(msg.sender)


@external
def exit() -> uint256:
    """
    @notice Gives the whole stake back and mints what the caller has earned.
    @return The amount minted.
    """
    stake: uint256 = self.staked[msg.sender]
    if stake > 0:
        self._withdraw(msg.sender, stake)
    return self._claim(msg.sender)


@external
@view
def claimable(owner: address) -> uint256:
    """
    @notice What `claim` would mint for `owner` now.
    @param owner Whose reward, with a stake still or not.
    @return Reward tokens, in the smallest unit.
    """
    integral: uint256 = 0
    undistributed: uint256 = 0
    integral, undistributed = self._sums(self._emitted_now())
    return self._owed[owner] + self._earned(owner, integral)


@external
@view
def undistributed() -> uint256:
    """
    @notice What was emitted until now while nobody staked.
    @return Reward tokens, in the smallest unit; nobody can claim them.
    """
    integral: uint256 = 0
    undistributed: uint256 = 0
    integral, undistributed = self._sums(self._emitted_now())
    return undistributed


@internal
def _withdraw(owner: address, amount: uint256):
    stake: uint256 = self.staked[owner]
    assert amount <= stake, "gauge: insufficient stake"
    self._checkpoint(owner)
    self.staked[owner] = unsafe_sub(stake, amount)
    self.total_staked = unsafe_sub(self.total_staked, amount)
    assert token_calls._transfer(lp_token, owner, amount), "gauge: transfer failed"
    log Withdrawn(owner=owner, amount=amount)


@internal
def _claim(owner: address) -> uint256:
    self._checkpoint(owner)
    amount: uint256 = self._owed[owner]
    if amount > 0:
        self._owed[owner] = 0
        self.claimed[owner] += amount
        extcall IIncentiveToken(reward_token).mint(owner, amount)
        log Claimed(owner=owner, amount=amount)
    return amount


@internal
def _checkpoint(owner: address):
    emitted: uint256 = self._emitted_now()
    integral: uint256 = 0
    undistributed: uint256 = 0
    integral, undistributed = self._sums(emitted)
    self._emitted = emitted
    self._integral = integral
    self._undistributed = undistributed
    self._owed[owner] += self._earned(owner, integral)
    self._integral_of[owner] = integral


@internal
@view
def _sums(emitted: uint256) -> (uint256, uint256):
    # The integral and the undistributed emission, brought up to `emitted`.
    fresh: uint256 = emitted - self._emitted
    total: uint256 = self.total_staked
    if total == 0:
        return self._integral, self._undistributed + fresh
    return self._integral + fresh * _PRECISION // total, self._undistributed


@internal
@view
def _earned(owner: address, integral: uint256) -> uint256:
    # No stake is above the total, so the product is at most emission * precision.
    return self.staked[owner] * (integral - self._integral_of[owner]) // _PRECISION


@internal
@view
def _emitted_now() -> uint256:
    return emission._emitted(block.timestamp, _START, _RATE, _CAP)
