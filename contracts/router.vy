# pragma version ~=0.4.3
# SPDX-License-Identifier: MIT
"""
@title The router of a venue
@license MIT
@notice Liquidity and swaps with limits and deadlines, over the pools of one factory.
        The selectors and the answers are those of Uniswap v2's Router02.
@dev The router holds nothing between transactions: every hop pays the next pool.
"""
from interfaces import IFactory
from interfaces import IPool
import pool_math
import token_calls

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
    @param venue_factory Whose pools this router works; its fee is the fee of the quotes.
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


# Quotes


@external
@pure
def quote(amountA: uint256, reserveA: uint256, reserveB: uint256) -> uint256:
    """
    @notice What `amountA` is worth in the other token at the reserves' ratio, rounded down.
    """
    return self._quote(amountA, reserveA, reserveB)


@external
@view
def getAmountOut(amountIn: uint256, reserveIn: uint256, reserveOut: uint256) -> uint256:
    """
    @notice The most that a swap of `amountIn` can take out.
    """
    return self._amount_out(amountIn, reserveIn, reserveOut)


@external
@view
def getAmountIn(amountOut: uint256, reserveIn: uint256, reserveOut: uint256) -> uint256:
    """
    @notice What a swap pays for `amountOut`: at most one unit above the least possible.
    """
    return self._amount_in(amountOut, reserveIn, reserveOut)


@external
@view
def getAmountsOut(
    amountIn: uint256, path: DynArray[address, _MAX_PATH]
) -> DynArray[uint256, _MAX_PATH]:
    """
    @notice The amounts along a path for a given input.
    """
    return self._amounts_out(amountIn, path, self._pools_along(path))


@external
@view
def getAmountsIn(
    amountOut: uint256, path: DynArray[address, _MAX_PATH]
) -> DynArray[uint256, _MAX_PATH]:
    """
    @notice The amounts along a path for a given output.
    """
    return self._amounts_in(amountOut, path, self._pools_along(path))


# Liquidity


@external
def addLiquidity(
    tokenA: address,
    tokenB: address,
    amountADesired: uint256,
    amountBDesired: uint256,
    amountAMin: uint256,
    amountBMin: uint256,
    to: address,
    deadline: uint256,
) -> (uint256, uint256, uint256):
    """
    @notice Adds liquidity at the pool's ratio, creating the pool where there is none.
    @return The amounts taken of the two tokens, and the liquidity minted to `to`.
    """
    self._in_time(deadline)
    amount_a: uint256 = 0
    amount_b: uint256 = 0
    if staticcall IFactory(factory).getPair(tokenA, tokenB) == empty(address):
        extcall IFactory(factory).createPair(tokenA, tokenB)
    pool: address = self._pool_for(tokenA, tokenB)
    reserve_a: uint256 = 0
    reserve_b: uint256 = 0
    reserve_a, reserve_b = self._reserves(pool, tokenA, tokenB)
    amount_a, amount_b = self._amounts_to_add(
        reserve_a, reserve_b, amountADesired, amountBDesired, amountAMin, amountBMin
    )
    self._pull(tokenA, msg.sender, pool, amount_a)
    self._pull(tokenB, msg.sender, pool, amount_b)
    return amount_a, amount_b, extcall IPool(pool).mint(to)


@external
def removeLiquidity(
    tokenA: address,
    tokenB: address,
    liquidity: uint256,
    amountAMin: uint256,
    amountBMin: uint256,
    to: address,
    deadline: uint256,
) -> (uint256, uint256):
    """
    @notice Burns the caller's liquidity and sends both tokens to `to`.
    @return The amounts sent of the two tokens.
    """
    self._in_time(deadline)
    return self._remove_liquidity(tokenA, tokenB, liquidity, amountAMin, amountBMin, to)


@external
def removeLiquidityWithPermit(
    tokenA: address,
    tokenB: address,
    liquidity: uint256,
    amountAMin: uint256,
    amountBMin: uint256,
    to: address,
    deadline: uint256,
    approveMax: bool,
    v: uint8,
    r: bytes32,
    s: bytes32,
) -> (uint256, uint256):
    """
    @notice Like `removeLiquidity`, with a signature in the place of an approval.
    @param approveMax Whether the signature is for 2**256 - 1 or for `liquidity`.
    @dev The pool's permit looks at the deadline, which is the signature's too.
    """
    pool: address = self._pool_for(tokenA, tokenB)
    self._permit(pool, liquidity, deadline, approveMax, v, r, s)
    return self._remove_liquidity(tokenA, tokenB, liquidity, amountAMin, amountBMin, to)


# Swaps


@external
def swapExactTokensForTokens(
    amountIn: uint256,
    amountOutMin: uint256,
    path: DynArray[address, _MAX_PATH],
    to: address,
    deadline: uint256,
) -> DynArray[uint256, _MAX_PATH]:
    """
    @notice Swaps exactly `amountIn` of the path's first token for its last.
    @return The amounts along the path.
    """
    self._in_time(deadline)
    pools: DynArray[address, _MAX_HOPS] = self._pools_along(path)
    amounts: DynArray[uint256, _MAX_PATH] = self._amounts_out(amountIn, path, pools)
    assert amounts[len(pools)] >= amountOutMin, "router: insufficient output"
    self._pull(path[0], msg.sender, pools[0], amountIn)
    self._swap(amounts, path, pools, to)
    return amounts


@external
def swapTokensForExactTokens(
    amountOut: uint256,
    amountInMax: uint256,
    path: DynArray[address, _MAX_PATH],
    to: address,
    deadline: uint256,
) -> DynArray[uint256, _MAX_PATH]:
    """
    @notice Swaps as little as needed of the path's first token for exactly `amountOut`.
    @return The amounts along the path.
    """
    self._in_time(deadline)
    pools: DynArray[address, _MAX_HOPS] = self._pools_along(path)
    amounts: DynArray[uint256, _MAX_PATH] = self._amounts_in(amountOut, path, pools)
    assert amounts[0] <= amountInMax, "router: excessive input"
    self._pull(path[0], msg.sender, pools[0], amounts[0])
    self._swap(amounts, path, pools, to)
    return amounts


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
@pure
def _amounts_to_add(
    reserve_a: uint256,
    reserve_b: uint256,
    amount_a_desired: uint256,
    amount_b_desired: uint256,
    amount_a_min: uint256,
    amount_b_min: uint256,
) -> (uint256, uint256):
    if reserve_a == 0 and reserve_b == 0:
        return amount_a_desired, amount_b_desired
    amount_b: uint256 = self._quote(amount_a_desired, reserve_a, reserve_b)
    if amount_b <= amount_b_desired:
        assert amount_b >= amount_b_min, "router: insufficient b amount"
        return amount_a_desired, amount_b
    # All of b then: rounded down, so that it never asks for more of a than desired.
    amount_a: uint256 = self._quote(amount_b_desired, reserve_b, reserve_a)
    assert amount_a >= amount_a_min, "router: insufficient a amount"
    return amount_a, amount_b_desired


@internal
def _remove_liquidity(
    token_a: address,
    token_b: address,
    liquidity: uint256,
    amount_a_min: uint256,
    amount_b_min: uint256,
    to: address,
) -> (uint256, uint256):
    pool: address = self._pool_for(token_a, token_b)
    extcall IPool(pool).transferFrom(msg.sender, pool, liquidity)
    amount0: uint256 = 0
    amount1: uint256 = 0
    amount0, amount1 = extcall IPool(pool).burn(to)
    a_is_first: bool = pool_math._is_first(token_a, token_b)
    amount_a: uint256 = amount0 if a_is_first else amount1
    amount_b: uint256 = amount1 if a_is_first else amount0
    assert amount_a >= amount_a_min, "router: insufficient a amount"
    assert amount_b >= amount_b_min, "router: insufficient b amount"
    return amount_a, amount_b


@internal
def _permit(
    pool: address,
    liquidity: uint256,
    deadline: uint256,
    approve_max: bool,
    v: uint8,
    r: bytes32,
    s: bytes32,
):
    amount: uint256 = max_value(uint256) if approve_max else liquidity
    extcall IPool(pool).permit(msg.sender, self, amount, deadline, v, r, s)


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
def _swap_hop(
    pool: address, token_in: address, token_out: address, amount_out: uint256, to: address
):
    if pool_math._is_first(token_in, token_out):
        extcall IPool(pool).swap(0, amount_out, to, b"")
    else:
        extcall IPool(pool).swap(amount_out, 0, to, b"")


@internal
def _pull(token: address, owner: address, to: address, amount: uint256):
    done: bool = token_calls._transfer_from(token, owner, to, amount)
    assert done, "router: transfer failed"
