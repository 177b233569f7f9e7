# pragma version ~=0.4.3
# SPDX-License-Identifier: MIT
"""
@title Average prices over a window of time
@license MIT
@notice Keeps one observation a period of the price sums of a venue's pools, and answers
        with the average price from the window's first period until now.
@dev A window is `granularity` periods: the one that now lies in and those before it. The
     observation of its first period is more than window - 2 * period and less than window
     seconds old; at least window - period, if somebody updates as each period begins.
     Sums count a price only for the time that it stood: trades of this very second do not
     move an answer, nor what `update` records.
"""
from interfaces import IFactory
from interfaces import IPool
import pool_math
import price_math

event Updated:
    pool: indexed(address)
    timestamp: uint256
    price0_cumulative: uint256
    price1_cumulative: uint256


struct Sums:
    price0: uint256
    price1: uint256


MAX_GRANULARITY: public(constant(uint256)) = 255
# A price below 2**224 summed up for so long stays below 2**256.
MAX_WINDOW_SECONDS: public(constant(uint256)) = 2**32 - 1
_MAX_STAMP: constant(uint256) = 2**64 - 1
_LOW: constant(uint256) = 2**112 - 1

factory: public(immutable(address))
window_seconds: public(immutable(uint256))
granularity: public(immutable(uint256))
period_seconds: public(immutable(uint256))
_INIT_CODE_HASH: immutable(bytes32)

# Four times of observations a slot, so that most writes of one change a slot that is in use.
_stamps: HashMap[address, uint256[64]]
_sums: HashMap[address, Sums[255]]


@deploy
def __init__(venue_factory: address, window: uint256, periods: uint256):
    """
    @param venue_factory Whose pools this oracle watches.
    @param window Seconds that an average looks back at most: a multiple of `periods`.
    @param periods How many parts the window has, 2 to 255; one observation each.
    """
    assert periods >= 2 and periods <= MAX_GRANULARITY, "oracle: granularity out of range"
    assert window > 0 and window <= MAX_WINDOW_SECONDS, "oracle: window out of range"
    assert window % periods == 0, "oracle: window not divisible"
    factory = venue_factory
    window_seconds = window
    granularity = periods
    period_seconds = window // periods
    _INIT_CODE_HASH = staticcall IFactory(venue_factory).init_code_hash()


@external
def update(tokenA: address, tokenB: address) -> bool:
    """
    @notice Records the price sums of now, unless this period has an observation. For anybody.
    @param tokenA One token of the pool.
    @param tokenB The other one; the order does not matter.
    @return Whether something was recorded.
    """
    pool: address = self._pool_of(tokenA, tokenB)
    index: uint256 = unsafe_div(block.timestamp, period_seconds) % granularity
    stamps: uint256 = self._stamps[pool][index >> 2]
    place: uint256 = (index & 3) << 6
    stamp: uint256 = (stamps >> place) & _MAX_STAMP
    # Other periods of this place are further away than one period. 0 is no observation.
    if unsafe_sub(block.timestamp, stamp) < period_seconds and stamp != 0:
        return False
    assert pool.is_contract, "oracle: no such pool"
    reserve0: uint256 = 0
    reserve1: uint256 = 0
    elapsed: uint256 = 0
    reserve0, reserve1, elapsed = self._reserves(pool)
    sum0: uint256 = self._sum0_now(pool, reserve0, reserve1, elapsed)
    sum1: uint256 = self._sum1_now(pool, reserve0, reserve1, elapsed)
    self._sums[pool][index] = Sums(price0=sum0, price1=sum1)
    self._stamps[pool][index >> 2] = stamps ^ ((stamp ^ block.timestamp) << place)
    log Updated(
        pool=pool, timestamp=block.timestamp, price0_cumulative=sum0, price1_cumulative=sum1
    )
    return True


@external
@view
def consult(tokenIn: address, amountIn: uint256, tokenOut: address) -> uint256:
    """
    @notice What an amount is worth in the other token at the average price of the window.
    @param tokenIn The token that the amount is of.
    @param amountIn The amount, in its smallest units.
    @param tokenOut The other token of the pool.
    @return average * amountIn / 2**112 rounded down, with the average of `average_price`.
            Exact for every amount; refused only where the answer exceeds a uint256.
    """
    average: uint256 = 0
    span: uint256 = 0
    average, span = self._average(tokenIn, tokenOut)
    return self._times(average, amountIn)


@external
@view
def average_price(tokenIn: address, tokenOut: address) -> (uint224, uint256):
    """
    @notice The average price of a token over the window, and the time that it covers.
    @param tokenIn The token that is priced.
    @param tokenOut The token that it is priced in.
    @return UQ112x112: smallest units of tokenOut for one of tokenIn, times 2**112, rounded
            down; and the span in seconds, from the observation that was used until now.
    """
    average: uint256 = 0
    span: uint256 = 0
    average, span = self._average(tokenIn, tokenOut)
    return convert(average, uint224), span


@external
@view
def history(tokenA: address, tokenB: address) -> (uint256, uint256, uint256):
    """
    @notice What is recorded of the current window, whether or not it suffices to answer.
    @param tokenA One token of the pool.
    @param tokenB The other one; the order does not matter.
    @return How many of the window's periods have an observation, and the ages in seconds of
            the oldest and of the newest of them; three zeros where there is none.
    """
    pool: address = self._pool_of(tokenA, tokenB)
    recorded: uint256 = 0
    oldest: uint256 = 0
    newest: uint256 = max_value(uint256)
    for index: uint256 in range(granularity, bound=MAX_GRANULARITY):
        stamp: uint256 = self._stamp(pool, index)
        if not self._in_window(stamp):
            continue
        age: uint256 = block.timestamp - stamp
        recorded += 1
        oldest = max(oldest, age)
        newest = min(newest, age)
    return recorded, oldest, newest if recorded > 0 else 0


@external
@view
def observation(
    tokenA: address, tokenB: address, index: uint256
) -> (uint256, uint256, uint256):
    """
    @notice The last observation at a place of the ring, however old it is.
    @param tokenA One token of the pool.
    @param tokenB The other one; the order does not matter.
    @param index The place: below `granularity`.
    @return Time of the observation in seconds, and the sums of token0's and of token1's price
            then, modulo 2**256; three zeros where nothing was ever recorded.
    """
    pool: address = self._pool_of(tokenA, tokenB)
    assert index < granularity, "oracle: no such observation"
    sums: Sums = self._sums[pool][index]
    return self._stamp(pool, index), sums.price0, sums.price1


@external
@view
def observation_index(timestamp: uint256) -> uint256:
    """
    @notice At which place of the ring a time is recorded.
    @param timestamp Seconds since 1970.
    @return The place: the number of the time's period, modulo `granularity`.
    """
    return self._index_of(timestamp)


@internal
@view
def _average(token_in: address, token_out: address) -> (uint256, uint256):
    pool: address = self._pool_of(token_in, token_out)
    assert pool.is_contract, "oracle: no such pool"
    # The place after this period's own is that of the window's first period.
    index: uint256 = self._index_of(block.timestamp + period_seconds)
    stamp: uint256 = self._stamp(pool, index)
    assert self._in_window(stamp), "oracle: missing observation"
    # Two periods or more: the observation is of an earlier one, and never of now.
    span: uint256 = unsafe_sub(block.timestamp, stamp)
    reserve0: uint256 = 0
    reserve1: uint256 = 0
    elapsed: uint256 = 0
    reserve0, reserve1, elapsed = self._reserves(pool)
    now: uint256 = 0
    then: uint256 = 0
    if pool_math._is_first(token_in, token_out):
        now = self._sum0_now(pool, reserve0, reserve1, elapsed)
        then = self._sums[pool][index].price0
    else:
        now = self._sum1_now(pool, reserve0, reserve1, elapsed)
        then = self._sums[pool][index].price1
    # The sums wrap at 2**256, and their difference is right as long as it is below that.
    return unsafe_div(unsafe_sub(now, then), span), span


@internal
@pure
def _times(average: uint256, amount: uint256) -> uint256:
    # average * amount is up to 480 bits wide. Of both, the 112 low bits are split off; what is
    # multiplied then fits: 112 with 144 bits, and 112 with 112.
    low: uint256 = average & _LOW
    rest: uint256 = unsafe_add(
        unsafe_mul(low, amount >> 112), unsafe_mul(low, amount & _LOW) >> 112
    )
    whole: uint256 = average >> 112
    if whole > 0:
        most: uint256 = unsafe_div(unsafe_sub(max_value(uint256), rest), whole)
        assert amount <= most, "oracle: amount too large"
    return unsafe_add(unsafe_mul(whole, amount), rest)


@internal
@view
def _sum0_now(pool: address, reserve0: uint256, reserve1: uint256, elapsed: uint256) -> uint256:
    last: uint256 = staticcall IPool(pool).price0CumulativeLast()
    return price_math._sum_now(last, reserve0, reserve1, elapsed)


@internal
@view
def _sum1_now(pool: address, reserve0: uint256, reserve1: uint256, elapsed: uint256) -> uint256:
    last: uint256 = staticcall IPool(pool).price1CumulativeLast()
    return price_math._sum_now(last, reserve1, reserve0, elapsed)


@internal
@view
def _reserves(pool: address) -> (uint256, uint256, uint256):
    # Both reserves, and the seconds since they last changed.
    reserve0: uint112 = 0
    reserve1: uint112 = 0
    since: uint32 = 0
    reserve0, reserve1, since = staticcall IPool(pool).getReserves()
    # Time without a price would pass for time at a price of zero.
    assert reserve0 > 0 and reserve1 > 0, "oracle: no liquidity"
    elapsed: uint256 = price_math._elapsed(since)
    return convert(reserve0, uint256), convert(reserve1, uint256), elapsed


@internal
@view
def _pool_of(token_a: address, token_b: address) -> address:
    # CREATE2 of the factory. Two equal addresses, or none, give a place where nothing is.
    token0: address = empty(address)
    token1: address = empty(address)
    token0, token1 = pool_math._sort(token_a, token_b)
    return pool_math._pool_address(factory, token0, token1, _INIT_CODE_HASH)


@internal
@view
def _stamp(pool: address, index: uint256) -> uint256:
    # The word of a place is its number // 4, and its bits are at 64 * (number % 4).
    return (self._stamps[pool][index >> 2] >> ((index & 3) << 6)) & _MAX_STAMP


@internal
@view
def _in_window(stamp: uint256) -> bool:
    # Of a period that is fewer than `granularity` periods ago; 0 is no observation.
    first_after: uint256 = self._period_of(stamp) + granularity
    return stamp != 0 and first_after > self._period_of(block.timestamp)


@internal
@view
def _index_of(timestamp: uint256) -> uint256:
    return self._period_of(timestamp) % granularity


@internal
@view
def _period_of(timestamp: uint256) -> uint256:
    # The constructor refuses a period of zero seconds.
    return unsafe_div(timestamp, period_seconds)
