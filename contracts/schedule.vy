# pragma version ~=0.4.3
# SPDX-License-Identifier: MIT
"""
@title How much of a token has been released by a moment
@license MIT
@notice A schedule that is fixed at deployment. Time goes in steps, and what a step releases is
        there when it is over. As many steps as an epoch has release the same; every epoch has
        its own rate, written down in a list. Behind the list comes the rest of time: a terminal
        rate, or growth of all that there is. Lists are made outside; a few examples:
        - constant: steps of a second, no list, a terminal rate;
        - the shape of CRV: steps of a second, epochs of a year, each rate the one before it
          * 10**18 // coefficient, rounded down; with the coefficient 2 * 10**18 it halves;
        - the shape of SNX: steps of a week, one to an epoch: 39 of the first rate, 195 of
          rate * (1 - decay)**n, then growth by a 52nd part of the yearly inflation.
@dev An epoch is one slot: what was released before it << 128 | its rate. So the released amount
     costs one read of storage while the list lasts and none behind it. It never falls as time
     goes on, and nothing here fails after the deployment.
"""


struct Schedule:
    # The timestamp at which the first step begins; it may lie in the past.
    start: uint256
    # The seconds of a step; 1 where tokens are released every second.
    step: uint256
    # The steps of an epoch; of no meaning without rates.
    epoch: uint256
    # What a step of each epoch releases, in the smallest unit.
    rates: DynArray[uint256, 256]
    # What each step behind the last epoch releases, for good, in the smallest unit.
    terminal_rate: uint256
    # By how much of itself, with 18 decimals, each step behind the last epoch lets the supply
    # grow: the initial supply and all that was released before. Either this or a terminal rate.
    terminal_growth: uint256


_ONE: constant(uint256) = 10**18
_MAX_AMOUNT: constant(uint256) = 2**128 - 1
# Steps, epochs, the start and the end of time are below 2**64: amounts below 2**128 times any
# number of steps, twice, are far from the end of 256 bits.
_MAX_TIME: constant(uint256) = 2**64 - 1
# Powers round down by less than two units of the 18th decimal a step. Growth of more than that,
# by far, never looks as if it fell: when the rounding of n steps could come up to the growth of
# one, n is a fourth of the growth, and the power has long been at its greatest.
_MIN_GROWTH: constant(uint256) = 2 * 10**10
_MAX_GROWTH: constant(uint256) = 10**18

start: public(immutable(uint256))
step: public(immutable(uint256))
epoch: public(immutable(uint256))
terminal_rate: public(immutable(uint256))
terminal_growth: public(immutable(uint256))

# What is there without the schedule, and the most that the schedule can release.
_INITIAL: immutable(uint256)
_MOST: immutable(uint256)
# The steps of all epochs together, and what they release.
_LISTED_STEPS: immutable(uint256)
_LISTED: immutable(uint256)

epoch_count: public(uint256)
_epochs: uint256[256]


@deploy
def __init__(schedule: Schedule, initial: uint256, most: uint256):
    """
    @param schedule What is released when.
    @param initial The supply that is there without the schedule: growth counts it.
    @param most Where the schedule ends, whatever it says; below 2**128 less `initial`.
    """
    assert schedule.start <= _MAX_TIME, "incentive: start too late"
    assert schedule.step > 0 and schedule.step <= _MAX_TIME, "incentive: step out of range"
    start = schedule.start
    step = schedule.step
    epoch = schedule.epoch
    _INITIAL = initial
    _MOST = most

    count: uint256 = len(schedule.rates)
    if count > 0:
        assert schedule.epoch > 0 and schedule.epoch <= _MAX_TIME, "incentive: epoch out of range"
    released: uint256 = 0
    for i: uint256 in range(count, bound=256):
        rate: uint256 = schedule.rates[i]
        assert rate <= most, "incentive: rate out of range"
        self._epochs[i] = released << 128 | rate
        released = min(released + rate * schedule.epoch, most)
    self.epoch_count = count
    _LISTED_STEPS = count * schedule.epoch
    _LISTED = released

    growth: uint256 = schedule.terminal_growth
    assert schedule.terminal_rate <= most, "incentive: rate out of range"
    assert schedule.terminal_rate == 0 or growth == 0, "incentive: rate and growth"
    assert growth == 0 or (growth >= _MIN_GROWTH and growth <= _MAX_GROWTH), "incentive: growth out of range"
    terminal_rate = schedule.terminal_rate
    terminal_growth = growth
    grows: bool = growth > 0 and initial > 0
    assert released > 0 or schedule.terminal_rate > 0 or grows, "incentive: no emission"


@external
@view
def rate_of(index: uint256) -> uint256:
    """
    @notice What a step of an epoch releases.
    @param index The epoch, counted from 0; below `epoch_count`.
    @return Tokens in the smallest unit.
    """
    assert index < self.epoch_count, "incentive: no such epoch"
    return self._epochs[index] & _MAX_AMOUNT


@external
@view
def released_before(index: uint256) -> uint256:
    """
    @notice What has been released when an epoch begins.
    @param index The epoch, counted from 0; below `epoch_count`.
    @return Tokens in the smallest unit, without the initial supply.
    """
    assert index < self.epoch_count, "incentive: no such epoch"
    return self._epochs[index] >> 128


@internal
@view
def _released(time: uint256) -> uint256:
    # By this moment, past or to come, without the initial supply.
    now: uint256 = min(time, _MAX_TIME)
    if now <= start:
        return 0
    steps: uint256 = unsafe_div(unsafe_sub(now, start), step)
    if steps >= _LISTED_STEPS:
        return min(self._behind_the_list(unsafe_sub(steps, _LISTED_STEPS)), _MOST)
    packed: uint256 = self._epochs[unsafe_div(steps, epoch)]
    in_epoch: uint256 = unsafe_mul(packed & _MAX_AMOUNT, steps % epoch)
    return min(unsafe_add(packed >> 128, in_epoch), _MOST)


@internal
@view
def _behind_the_list(steps: uint256) -> uint256:
    if terminal_growth == 0:
        return unsafe_add(_LISTED, unsafe_mul(terminal_rate, steps))
    grown: uint256 = self._power(_ONE + terminal_growth, steps) - _ONE
    return _LISTED + (_INITIAL + _LISTED) * grown // _ONE


@internal
@pure
def _power(base: uint256, exponent: uint256) -> uint256:
    # By squaring, with 18 decimals, each product rounded down; never above 2**128 - 1, so that
    # no product overflows. For bases of 1 and more, and exponents below 2**64.
    power: uint256 = _ONE
    square: uint256 = base
    rest: uint256 = exponent
    for i: uint256 in range(64):
        if rest == 0:
            break
        if rest & 1 == 1:
            power = min(power * square // _ONE, _MAX_AMOUNT)
        square = min(square * square // _ONE, _MAX_AMOUNT)
        rest >>= 1
    return power
