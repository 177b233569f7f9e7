# pragma version ~=0.4.3
# SPDX-License-Identifier: MIT
"""
@title A reward that is streamed to stakes at a fixed rate
@license MIT
@notice A module without state and without calls: who imports it keeps one `Stream` for each
        reward, in a variable or in a HashMap by token, brings it up to date before anything
        changes, and pays. What is streamed while nobody stakes is promised to nobody.
@dev Nothing here can fail, so that no stake is ever locked in by a reward. Rates are at most
     `MAX_RATE`, which the importer holds, and time ends before 2**40: all that a stream ever
     gives is below 2**136, and times `PRECISION` it still fits 256 bits.
"""

struct Stream:
    # rate << 128 | finish << 64 | counted: the units a second, the timestamp at which they
    # end, and until when the other two numbers are counted. One slot and not three.
    clock: uint256
    # What one staked unit has earned since the beginning, times PRECISION.
    integral: uint256
    # What is promised: owed to stakers, or still to be streamed.
    reserved: uint256


# With 36 decimals a checkpoint loses less than one unit up to 10**36 staked.
PRECISION: constant(uint256) = 10**36
MAX_RATE: constant(uint256) = 2**96 - 1
MAX_DURATION: constant(uint256) = 2**32 - 1
_MAX_TIME: constant(uint256) = 2**64 - 1


@internal
@pure
def _rate(stream: Stream) -> uint256:
    # Units a second, while the period runs; afterwards what it was.
    return stream.clock >> 128


@internal
@pure
def _finish(stream: Stream) -> uint256:
    # The timestamp at which the period ends; 0 before the first.
    return (stream.clock >> 64) & _MAX_TIME


@internal
@pure
def _applicable(stream: Stream, time: uint256) -> uint256:
    # Until when something has been streamed at `time`.
    return min(time, self._finish(stream))


@internal
@pure
def _leftover(stream: Stream, time: uint256) -> uint256:
    # What is still to be streamed at `time`.
    finish: uint256 = self._finish(stream)
    return self._rate(stream) * (finish - min(time, finish))


@internal
@pure
def _advanced(stream: Stream, total: uint256, time: uint256) -> Stream:
    # The stream at `time`, when `total` was staked since it was counted last. Rounds down.
    until: uint256 = self._applicable(stream, time)
    # Time does not run backwards, and a period starts at the time it is counted to.
    fresh: uint256 = self._rate(stream) * (until - (stream.clock & _MAX_TIME))
    integral: uint256 = stream.integral
    reserved: uint256 = stream.reserved
    if total == 0:
        # It was reserved when the period began; now it is promised to nobody.
        reserved -= fresh
    else:
        integral += fresh * PRECISION // total
    clock: uint256 = (stream.clock & ~_MAX_TIME) | until
    return Stream(clock=clock, integral=integral, reserved=reserved)


@internal
@pure
def _share(stake: uint256, since: uint256, integral: uint256) -> uint256:
    # What `stake` earned while the integral grew from `since`, times PRECISION: to be divided
    # where it is paid, so that counting it often costs nobody anything. No stake is above the
    # total, so that this is at most what was streamed, times PRECISION.
    return stake * (integral - since)


@internal
@pure
def _rate_with(stream: Stream, amount: uint256, duration: uint256, time: uint256) -> uint256:
    # The rate of a period that starts at `time` with `amount` and what is left of the one
    # before. Rounds down: the remainder is promised to nobody.
    return (amount + self._leftover(stream, time)) // duration


@internal
@pure
def _restarted(stream: Stream, rate: uint256, duration: uint256, time: uint256) -> Stream:
    # A new period in the place of what is left. `stream` is counted up to `time` already.
    reserved: uint256 = stream.reserved - self._leftover(stream, time) + rate * duration
    clock: uint256 = (rate << 128) | ((time + duration) << 64) | time
    return Stream(clock=clock, integral=stream.integral, reserved=reserved)


@internal
@pure
def _clock(rate: uint256, begin: uint256, duration: uint256) -> uint256:
    # A period by itself, for who counts what it has streamed from its beginning.
    return (rate << 128) | ((begin + duration) << 64) | begin


@internal
@pure
def _streamed(clock: uint256, time: uint256) -> uint256:
    # What that period has streamed since its beginning; nothing where there was none. Time is
    # not before its beginning, and with a rate below 2**128 / duration nothing overflows.
    elapsed: uint256 = unsafe_sub(min(time, (clock >> 64) & _MAX_TIME), clock & _MAX_TIME)
    return unsafe_mul(clock >> 128, elapsed)


@internal
@pure
def _unstreamed(clock: uint256, time: uint256) -> uint256:
    # What that period is still to stream.
    finish: uint256 = (clock >> 64) & _MAX_TIME
    return unsafe_mul(clock >> 128, unsafe_sub(finish, min(time, finish)))
