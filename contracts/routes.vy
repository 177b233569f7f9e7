# pragma version ~=0.4.3
# SPDX-License-Identifier: MIT
"""
@title The pools of a venue, and paths through them
@license MIT
@notice A module of the router: where pools are, what they quote, how they are swapped along a path.
"""
from ethereum.ercs import IERC20
from interfaces import IFactory
from interfaces import IPool
import pool_math

_MAX_PATH: constant(uint256) = 8
_MAX_HOPS: constant(uint256) = 7

factory: public(immutable(address))
WETH: public(immutable(address))
_INIT_CODE_HASH: immutable(bytes32)
_FEE: immutable(uint256)
_BASE: immutable(uint256)


@deploy
def __init__(venue_factory: address, weth: address):
    """
    @param venue_factory Whose pools are worked; its fee is the fee of the quotes.
    @param weth The token that wraps the chain's own coin.
    """
    factory = venue_factory
    WETH = weth
    _INIT_CODE_HASH = staticcall IFactory(venue_factory).init_code_hash()
    fee: uint256 = 0
    base: uint256 = 0
    fee, base = pool_math._fee_fraction(staticcall IFactory(venue_factory).fee_bps())
    _FEE = fee
    _BASE = base


@external
@pure
def quote(amountA: uint256, reserveA: uint256, reserveB: uint256) -> uint256:
    """
    @notice What `amountA` is worth in the other token at the reserves' ratio, rounded down.
    @param amountA Of one token, in its smallest unit; above zero.
    @param reserveA That token's reserve.
    @param reserveB The other token's reserve.
    @return That worth in the other token's smallest unit; no fee is taken off.
    """
    return self._quote(amountA, reserveA, reserveB)


@external
@view
def getAmountOut(amountIn: uint256, reserveIn: uint256, reserveOut: uint256) -> uint256:
    """
    @notice The most that a swap of `amountIn` can take out.
    @param amountIn What is paid, in its smallest unit; above zero.
    @param reserveIn The reserve of the token paid.
    @param reserveOut The reserve of the token taken out.
    @return The output in its smallest unit, after the fee, rounded down.
    """
    return self._amount_out(amountIn, reserveIn, reserveOut)


@external
@view
def getAmountIn(amountOut: uint256, reserveIn: uint256, reserveOut: uint256) -> uint256:
    """
    @notice What a swap pays for `amountOut`: at most one unit above the least possible.
    @param amountOut What is taken out, in its smallest unit; above zero and below its reserve.
    @param reserveIn The reserve of the token paid.
    @param reserveOut The reserve of the token taken out.
    @return The input in its smallest unit, the fee included.
    """
    return self._amount_in(amountOut, reserveIn, reserveOut)


@external
@view
def getAmountsOut(
    amountIn: uint256, path: DynArray[address, _MAX_PATH]
) -> DynArray[uint256, _MAX_PATH]:
    """
    @notice The amounts along a path for a given input.
    @param amountIn What is paid of the first token, in its smallest unit; above zero.
    @param path 2 to 8 tokens, from the one to sell to the one to get, a pool between each and
           the next.
    @return The amount of each token of the path, the input first, each in its smallest unit.
    """
    return self._amounts_out(amountIn, path, self._pools_along(path))


@external
@view
def getAmountsIn(
    amountOut: uint256, path: DynArray[address, _MAX_PATH]
) -> DynArray[uint256, _MAX_PATH]:
    """
    @notice The amounts along a path for a given output.
    @param amountOut What is to come out of the last token, in its smallest unit; above zero.
    @param path 2 to 8 tokens, from the one to sell to the one to get, a pool between each and
           the next.
    @return The amount of each token of the path, the input first, each in its smallest unit.
    """
    return self._amounts_in(amountOut, path, self._pools_along(path))


@internal
@view
def _in_time(deadline: uint256):
    assert block.timestamp <= deadline, "router: expired"


@internal
@view
def _pool_for(token_a: address, token_b: address) -> address:
    # CREATE2 of the factory: no call is needed to know where a pool is.
    assert token_a != token_b, "router: identical addresses"
    token0: address = empty(address)
    token1: address = empty(address)
    token0, token1 = pool_math._sort(token_a, token_b)
    assert token0 != empty(address), "router: zero address"
    return pool_math._pool_address(factory, token0, token1, _INIT_CODE_HASH)


@internal
@view
def _reserves(pool: address, token_a: address, token_b: address) -> (uint256, uint256):
    # In the order of the arguments, not of the pool.
    reserve0: uint112 = 0
    reserve1: uint112 = 0
    since: uint32 = 0
    reserve0, reserve1, since = staticcall IPool(pool).getReserves()
    if pool_math._is_first(token_a, token_b):
        return convert(reserve0, uint256), convert(reserve1, uint256)
    return convert(reserve1, uint256), convert(reserve0, uint256)


@internal
@view
def _pools_along(path: DynArray[address, _MAX_PATH]) -> DynArray[address, _MAX_HOPS]:
    assert len(path) >= 2, "router: invalid path"
    pools: DynArray[address, _MAX_HOPS] = []
    for i: uint256 in range(1, len(path), bound=_MAX_HOPS):
        pools.append(self._pool_for(path[unsafe_sub(i, 1)], path[i]))
    return pools


@internal
@pure
def _quote(amount_a: uint256, reserve_a: uint256, reserve_b: uint256) -> uint256:
    assert amount_a > 0, "router: insufficient amount"
    assert reserve_a > 0 and reserve_b > 0, "router: insufficient liquidity"
    return pool_math._quote(amount_a, reserve_a, reserve_b)


@internal
@view
def _amount_out(amount_in: uint256, reserve_in: uint256, reserve_out: uint256) -> uint256:
    assert amount_in > 0, "router: insufficient input"
    assert reserve_in > 0 and reserve_out > 0, "router: insufficient liquidity"
    return pool_math._amount_out(amount_in, reserve_in, reserve_out, _FEE, _BASE)


@internal
@view
def _amount_in(amount_out: uint256, reserve_in: uint256, reserve_out: uint256) -> uint256:
    assert amount_out > 0, "router: insufficient output"
    # A pool never gives its whole reserve, at no price.
    assert reserve_in > 0 and reserve_out > amount_out, "router: insufficient liquidity"
    return pool_math._amount_in(amount_out, reserve_in, reserve_out, _FEE, _BASE)


@internal
@view
def _amounts_out(
    amount_in: uint256,
    path: DynArray[address, _MAX_PATH],
    pools: DynArray[address, _MAX_HOPS],
) -> DynArray[uint256, _MAX_PATH]:
    amounts: DynArray[uint256, _MAX_PATH] = [amount_in]
    amount: uint256 = amount_in
    for i: uint256 in range(len(pools), bound=_MAX_HOPS):
        reserve_in: uint256 = 0
        reserve_out: uint256 = 0
        reserve_in, reserve_out = self._reserves(pools[i], path[i], path[unsafe_add(i, 1)])
        amount = self._amount_out(amount, reserve_in, reserve_out)
        amounts.append(amount)
    return amounts


@internal
@view
def _amounts_in(
    amount_out: uint256,
    path: DynArray[address, _MAX_PATH],
    pools: DynArray[address, _MAX_HOPS],
) -> DynArray[uint256, _MAX_PATH]:
    # Found from the last to the first: the array starts as a copy of nothing but its length.
    amounts: DynArray[uint256, _MAX_PATH] = []
    for _: uint256 in range(len(path), bound=_MAX_PATH):
        amounts.append(amount_out)
    amount: uint256 = amount_out
    for step: uint256 in range(len(pools), bound=_MAX_HOPS):
        i: uint256 = unsafe_sub(unsafe_sub(len(pools), 1), step)
        reserve_in: uint256 = 0
        reserve_out: uint256 = 0
        reserve_in, reserve_out = self._reserves(pools[i], path[i], path[unsafe_add(i, 1)])
        amount = self._amount_in(amount, reserve_in, reserve_out)
        amounts[i] = amount
    return amounts


@internal
def _swap(
    amounts: DynArray[uint256, _MAX_PATH],
    path: DynArray[address, _MAX_PATH],
    pools: DynArray[address, _MAX_HOPS],
    to: address,
):
    # The first pool has been paid; each pool pays the next one, and the last pays `to`.
    hops: uint256 = len(pools)
    for i: uint256 in range(hops, bound=_MAX_HOPS):
        following: uint256 = unsafe_add(i, 1)
        receiver: address = pools[following] if following < hops else to
        self._swap_hop(pools[i], path[i], path[following], amounts[following], receiver)


@internal
def _swap_what_arrived(
    path: DynArray[address, _MAX_PATH], pools: DynArray[address, _MAX_HOPS], to: address
):
    # Like `_swap`, where tokens may arrive short: each pool is asked what it has been paid.
    hops: uint256 = len(pools)
    for i: uint256 in range(hops, bound=_MAX_HOPS):
        following: uint256 = unsafe_add(i, 1)
        reserve_in: uint256 = 0
        reserve_out: uint256 = 0
        reserve_in, reserve_out = self._reserves(pools[i], path[i], path[following])
        arrived: uint256 = staticcall IERC20(path[i]).balanceOf(pools[i]) - reserve_in
        out: uint256 = self._amount_out(arrived, reserve_in, reserve_out)
        receiver: address = pools[following] if following < hops else to
        self._swap_hop(pools[i], path[i], path[following], out, receiver)


@internal
def _swap_hop(
    pool: address, token_in: address, token_out: address, amount_out: uint256, to: address
):
    if pool_math._is_first(token_in, token_out):
        extcall IPool(pool).swap(0, amount_out, to, b"")
    else:
        extcall IPool(pool).swap(amount_out, 0, to, b"")
