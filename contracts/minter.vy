# pragma version ~=0.4.3
# SPDX-License-Identifier: MIT
"""
@title Splits a token's emission over gauges by weights
@license MIT
@notice Every second's emission is shared by the weights of that second, which the owner sets.
        What a gauge was allotted it keeps, whatever its weight becomes; `draw` mints it. What is
        released while no gauge has a weight is nobody's: `undistributed`.
@dev Make this contract the minter of its token. All that is asked of the token is how much its
     schedule has released, so any schedule will do.

     One number grows with the emission: the share of one unit of weight, in whole units of the
     token. What a division leaves over is smaller than the total weight and waits for the next
     one; nothing is lost, and the gauges' parts and what is undistributed make up the release.
     A gauge's part is a straight line in the share, weight * share + offset, bent when its
     weight changes; so is the sum of all parts, at the total weight. A line is one slot:
     weight << 224 | offset + _ZERO. The share is a line too, backwards: (released - offset)
     // total weight. Without weights all other lines are flat, and it begins anew at 0.
"""
from interfaces import IIncentiveToken
from interfaces import IMinter

implements: IMinter


event GaugeAdded:
    gauge: indexed(address)
    weight: uint256


event WeightSet:
    gauge: indexed(address)
    weight: uint256


event Drawn:
    gauge: indexed(address)
    amount: uint256


event OwnerSet:
    owner: indexed(address)


MAX_TOTAL_WEIGHT: public(constant(uint256)) = 10**9
# Offsets are below 2**30 * 2**128 on either side of zero, and are kept as numbers above it.
_ZERO: constant(uint256) = 2**192
_OFFSET: constant(uint256) = 2**224 - 1

token: public(immutable(address))
owner: public(address)
gauge_count: public(uint256)
gauges: public(HashMap[uint256, address])
drawn: public(HashMap[address, uint256])

# How the share follows from the release: total weight << 224 | offset + _ZERO.
_share_line: uint256
# The sum of all parts: total weight << 224 | offset + _ZERO.
_sum_line: uint256
# The part of each gauge; never 0 for one that is registered.
_line_of: HashMap[address, uint256]


@deploy
def __init__(token_: address, owner_: address):
    """
    @param token_ The incentive token; it has to exist. It still has to name this contract its
           minter.
    @param owner_ Who registers gauges and sets their weights.
    """
    assert token_.is_contract, "minter: no such token"
    assert owner_ != empty(address), "minter: zero address"
    token = token_
    self.owner = owner_
    self._sum_line = _ZERO
    log OwnerSet(owner=owner_)


@external
def set_owner(owner: address):
    """
    @notice Hands the weights over to somebody else. Only for the owner.
    @param owner Who sets weights from now on.
    """
    self._insist_on_owner()
    assert owner != empty(address), "minter: zero address"
    self.owner = owner
    log OwnerSet(owner=owner)


@external
def add_gauge(gauge: address, weight: uint256):
    """
    @notice Registers a gauge, for good. It gets its part of what is emitted from now on. Only
            for the owner.
    @param gauge A contract that draws; each can be registered once.
    @param weight Its weight, of `total_weight`; may be zero.
    """
    self._insist_on_owner()
    assert gauge.is_contract, "minter: no such gauge"
    assert self._line_of[gauge] == 0, "minter: gauge is registered"
    self.gauges[self.gauge_count] = gauge
    self.gauge_count += 1
    self._bend(gauge, _ZERO, weight)
    log GaugeAdded(gauge=gauge, weight=weight)


@external
def set_weight(gauge: address, weight: uint256):
    """
    @notice Changes the weight of a gauge from now on; what is emitted before goes by the old
            one. Only for the owner.
    @param gauge A registered gauge.
    @param weight Its new weight; zero ends its part. All together are at most `MAX_TOTAL_WEIGHT`.
    """
    self._insist_on_owner()
    line: uint256 = self._line_of[gauge]
    assert line != 0, "minter: no such gauge"
    self._bend(gauge, line, weight)
    log WeightSet(gauge=gauge, weight=weight)


@external
def draw() -> uint256:
    """
    @notice Mints to the calling gauge all that it was allotted and has not drawn before.
    @return The amount minted; zero is no error.
    """
    line: uint256 = self._line_of[msg.sender]
    assert line != 0, "minter: no such gauge"
    emitted: uint256 = self._part(line, self._share(self._released()))
    amount: uint256 = emitted - self.drawn[msg.sender]
    if amount > 0:
        self.drawn[msg.sender] = emitted
        extcall IIncentiveToken(token).mint(msg.sender, amount)
        log Drawn(gauge=msg.sender, amount=amount)
    return amount


@external
@view
def emitted(gauge: address) -> uint256:
    """
    @notice What a gauge was allotted until now, drawn or not. It never falls.
    @param gauge Any address.
    @return Tokens in the smallest unit; 0 for who is not registered.
    """
    line: uint256 = self._line_of[gauge]
    if line == 0:
        return 0
    return self._part(line, self._share(self._released()))


@external
@view
def undistributed() -> uint256:
    """
    @notice What was released until now and allotted to no gauge: while there were no weights,
            and less than `total_weight` units that wait for the next division.
    @return Tokens in the smallest unit: what is released less the sum of all `emitted`.
    """
    released: uint256 = self._released()
    return released - self._part(self._sum_line, self._share(released))


@external
@view
def weight(gauge: address) -> uint256:
    """
    @notice The weight of a gauge.
    @param gauge Any address.
    @return Its weight; 0 for who is not registered.
    """
    return self._line_of[gauge] >> 224


@external
@view
def total_weight() -> uint256:
    """
    @notice The weights of all gauges together.
    @return Their sum, at most `MAX_TOTAL_WEIGHT`.
    """
    return self._sum_line >> 224


@internal
@view
def _insist_on_owner():
    assert msg.sender == self.owner, "minter: forbidden"


@internal
@view
def _released() -> uint256:
    return staticcall IIncentiveToken(token).released(block.timestamp)


@internal
def _bend(gauge: address, line: uint256, weight: uint256):
    # From here on the gauge's line and the sum rise with the new weight, and so the share's
    # too: all three go through the point where they are now.
    assert weight <= MAX_TOTAL_WEIGHT, "minter: weight too high"
    released: uint256 = self._released()
    share: uint256 = self._share(released)
    sum_line: uint256 = self._sum_line
    total: uint256 = (sum_line >> 224) - (line >> 224) + weight
    assert total <= MAX_TOTAL_WEIGHT, "minter: weight too high"
    # What waits for the next division waits on; without weights all of it is undistributed.
    waiting: uint256 = 0
    if sum_line >> 224 > 0:
        waiting = released - self._part(self._share_line, share)
    self._line_of[gauge] = self._through(share, self._part(line, share), weight)
    self._sum_line = self._through(share, self._part(sum_line, share), total)
    self._share_line = self._through(share, released - waiting, total)


@internal
@view
def _share(released: uint256) -> uint256:
    # What one unit of weight has been allotted since there were weights.
    line: uint256 = self._share_line
    total: uint256 = line >> 224
    if total == 0:
        return 0
    # The line was bent at no more than what has been released, so nothing here is below zero.
    return unsafe_div(unsafe_sub(unsafe_add(released, _ZERO), line & _OFFSET), total)


@internal
@pure
def _part(line: uint256, share: uint256) -> uint256:
    # Never below nothing, where the share is not below that of the bend, and it never falls.
    return unsafe_sub(unsafe_add(unsafe_mul(line >> 224, share), line & _OFFSET), _ZERO)


@internal
@pure
def _through(share: uint256, part: uint256, weight: uint256) -> uint256:
    # The line with this slope that comes to `part` at `share`.
    return (weight << 224) | (part + _ZERO - weight * share)
