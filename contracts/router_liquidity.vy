# pragma version ~=0.4.3
# SPDX-License-Identifier: MIT
"""
@title Liquidity through the router
@license MIT
@notice A module of the router: adds and removes liquidity within limits and in time.
"""
from ethereum.ercs import IERC20
from interfaces import IFactory
from interfaces import IPool
import pool_math
import router_coins
import routes

uses: router_coins
uses: routes


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
    @param tokenA One token of the pool, approved to the router before.
    @param tokenB The other one, approved too.
    @param amountADesired The most of `tokenA` to add, in its smallest unit; an empty pool
           takes all of it.
    @param amountBDesired The most of `tokenB` to add, in its smallest unit; an empty pool
           takes all of it.
    @param amountAMin The least of `tokenA` to add.
    @param amountBMin The least of `tokenB` to add.
    @param to Who gets the liquidity.
    @param deadline The last second in which this may happen.
    @return The amounts taken of the two tokens, and the liquidity minted to `to`.
    """
    routes._in_time(deadline)
    pool: address = empty(address)
    amount_a: uint256 = 0
    amount_b: uint256 = 0
    pool, amount_a, amount_b = self._amounts_to_add(
        tokenA, tokenB, amountADesired, amountBDesired, amountAMin, amountBMin
    )
    router_coins._pull(tokenA, msg.sender, pool, amount_a)
    router_coins._pull(tokenB, msg.sender, pool, amount_b)
    return amount_a, amount_b, extcall IPool(pool).mint(to)


@external
@payable
def addLiquidityETH(
    token: address,
    amountTokenDesired: uint256,
    amountTokenMin: uint256,
    amountETHMin: uint256,
    to: address,
    deadline: uint256,
) -> (uint256, uint256, uint256):
    """
    @notice Adds liquidity of a token and of the coins sent with the call; those that do not
            fit the pool's ratio go back.
    @param token The pool's token beside the wrapped coin, approved to the router before.
    @param amountTokenDesired The most of `token` to add, in its smallest unit; of the coins:
           what is sent.
    @param amountTokenMin The least of `token` to add.
    @param amountETHMin The least of the coins to add, in wei.
    @param to Who gets the liquidity.
    @param deadline The last second in which this may happen.
    @return The amounts taken of token and coins, and the liquidity minted to `to`.
    """
    routes._in_time(deadline)
    pool: address = empty(address)
    amount_token: uint256 = 0
    amount_coins: uint256 = 0
    pool, amount_token, amount_coins = self._amounts_to_add(
        token, routes.WETH, amountTokenDesired, msg.value, amountTokenMin, amountETHMin
    )
    router_coins._pull(token, msg.sender, pool, amount_token)
    router_coins._pay_wrapped(pool, amount_coins)
    liquidity: uint256 = extcall IPool(pool).mint(to)
    router_coins._give_back(msg.value - amount_coins)
    return amount_token, amount_coins, liquidity


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
    @param tokenA One token of the pool.
    @param tokenB The other one.
    @param liquidity How much to burn, in the smallest unit, approved to the router before.
    @param amountAMin The least of `tokenA` to get, in its smallest unit.
    @param amountBMin The least of `tokenB` to get, in its smallest unit.
    @param to Who gets both tokens.
    @param deadline The last second in which this may happen.
    @return The amounts sent of the two tokens.
    """
    routes._in_time(deadline)
    pool: address = routes._pool_for(tokenA, tokenB)
    return self._remove(pool, tokenA, tokenB, liquidity, amountAMin, amountBMin, to)


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
    @param tokenA One token of the pool.
    @param tokenB The other one.
    @param liquidity How much to burn, in the smallest unit.
    @param amountAMin The least of `tokenA` to get, in its smallest unit.
    @param amountBMin The least of `tokenB` to get, in its smallest unit.
    @param to Who gets both tokens.
    @param deadline The last second in which this may happen; part of what is signed.
    @param approveMax True: the signature is for 2**256 - 1; False: for `liquidity`.
    @param v The recovery id of the caller's signature: 27 or 28.
    @param r The signature's first half.
    @param s The signature's second half.
    @return The amounts sent of the two tokens.
    @dev The pool's permit looks at the deadline, which is the signature's too.
    """
    pool: address = routes._pool_for(tokenA, tokenB)
    self._permit(pool, liquidity, deadline, approveMax, v, r, s)
    return self._remove(pool, tokenA, tokenB, liquidity, amountAMin, amountBMin, to)


@external
def removeLiquidityETH(
    token: address,
    liquidity: uint256,
    amountTokenMin: uint256,
    amountETHMin: uint256,
    to: address,
    deadline: uint256,
) -> (uint256, uint256):
    """
    @notice Burns the caller's liquidity of a token and the wrapped coin; token and coins go to `to`.
    @param token The pool's token beside the wrapped coin.
    @param liquidity How much to burn, in the smallest unit, approved to the router before.
    @param amountTokenMin The least of `token` to get, in its smallest unit.
    @param amountETHMin The least of the coins to get, in wei.
    @param to Who gets token and coins.
    @param deadline The last second in which this may happen.
    @return The amounts sent of token and coins.
    """
    routes._in_time(deadline)
    pool: address = routes._pool_for(token, routes.WETH)
    return self._remove_to_coins(pool, token, liquidity, amountTokenMin, amountETHMin, to)


@external
def removeLiquidityETHWithPermit(
    token: address,
    liquidity: uint256,
    amountTokenMin: uint256,
    amountETHMin: uint256,
    to: address,
    deadline: uint256,
    approveMax: bool,
    v: uint8,
    r: bytes32,
    s: bytes32,
) -> (uint256, uint256):
    """
    @notice Like `removeLiquidityETH`, with a signature in the place of an approval.
    @param token The pool's token beside the wrapped coin.
    @param liquidity How much to burn, in the smallest unit.
    @param amountTokenMin The least of `token` to get, in its smallest unit.
    @param amountETHMin The least of the coins to get, in wei.
    @param to Who gets token and coins.
    @param deadline The last second in which this may happen; part of what is signed.
    @param approveMax True: the signature is for 2**256 - 1; False: for `liquidity`.
    @param v The recovery id of the caller's signature: 27 or 28.
    @param r The signature's first half.
    @param s The signature's second half.
    @return The amounts sent of token and coins.
    """
    pool: address = routes._pool_for(token, routes.WETH)
    self._permit(pool, liquidity, deadline, approveMax, v, r, s)
    return self._remove_to_coins(pool, token, liquidity, amountTokenMin, amountETHMin, to)


@external
def removeLiquidityETHSupportingFeeOnTransferTokens(
    token: address,
    liquidity: uint256,
    amountTokenMin: uint256,
    amountETHMin: uint256,
    to: address,
    deadline: uint256,
) -> uint256:
    """
    @notice Like `removeLiquidityETH`, for a token that may arrive short at the router, which
            passes on all of it that it then holds.
    @param token The pool's token beside the wrapped coin.
    @param liquidity How much to burn, in the smallest unit, approved to the router before.
    @param amountTokenMin The least of `token` that the pool has to send; not what arrives.
    @param amountETHMin The least of the coins to get, in wei.
    @param to Who gets token and coins.
    @param deadline The last second in which this may happen.
    @return The coins sent, in wei.
    """
    routes._in_time(deadline)
    pool: address = routes._pool_for(token, routes.WETH)
    return self._remove_what_arrives(pool, token, liquidity, amountTokenMin, amountETHMin, to)


@external
def removeLiquidityETHWithPermitSupportingFeeOnTransferTokens(
    token: address,
    liquidity: uint256,
    amountTokenMin: uint256,
    amountETHMin: uint256,
    to: address,
    deadline: uint256,
    approveMax: bool,
    v: uint8,
    r: bytes32,
    s: bytes32,
) -> uint256:
    """
    @notice Like `removeLiquidityETHSupportingFeeOnTransferTokens`, with a signature in the
            place of an approval.
    @param token The pool's token beside the wrapped coin.
    @param liquidity How much to burn, in the smallest unit.
    @param amountTokenMin The least of `token` that the pool has to send; not what arrives.
    @param amountETHMin The least of the coins to get, in wei.
    @param to Who gets token and coins.
    @param deadline The last second in which this may happen; part of what is signed.
    @param approveMax True: the signature is for 2**256 - 1; False: for `liquidity`.
    @param v The recovery id of the caller's signature: 27 or 28.
    @param r The signature's first half.
    @param s The signature's second half.
    @return The coins sent, in wei.
    """
    pool: address = routes._pool_for(token, routes.WETH)
    self._permit(pool, liquidity, deadline, approveMax, v, r, s)
    return self._remove_what_arrives(pool, token, liquidity, amountTokenMin, amountETHMin, to)


@internal
def _amounts_to_add(
    token_a: address,
    token_b: address,
    amount_a_desired: uint256,
    amount_b_desired: uint256,
    amount_a_min: uint256,
    amount_b_min: uint256,
) -> (address, uint256, uint256):
    # The pool, made now where there was none, and what fits its ratio.
    if staticcall IFactory(routes.factory).getPair(token_a, token_b) == empty(address):
        extcall IFactory(routes.factory).createPair(token_a, token_b)
    pool: address = routes._pool_for(token_a, token_b)
    reserve_a: uint256 = 0
    reserve_b: uint256 = 0
    reserve_a, reserve_b = routes._reserves(pool, token_a, token_b)
    if reserve_a == 0 and reserve_b == 0:
        return pool, amount_a_desired, amount_b_desired
    amount_b: uint256 = routes._quote(amount_a_desired, reserve_a, reserve_b)
    if amount_b <= amount_b_desired:
        assert amount_b >= amount_b_min, "router: insufficient b amount"
        return pool, amount_a_desired, amount_b
    # All of b then: rounded down, so that it never asks for more of a than desired.
    amount_a: uint256 = routes._quote(amount_b_desired, reserve_b, reserve_a)
    assert amount_a >= amount_a_min, "router: insufficient a amount"
    return pool, amount_a, amount_b_desired


@internal
def _remove(
    pool: address,
    token_a: address,
    token_b: address,
    liquidity: uint256,
    amount_a_min: uint256,
    amount_b_min: uint256,
    to: address,
) -> (uint256, uint256):
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
def _remove_to_coins(
    pool: address,
    token: address,
    liquidity: uint256,
    amount_token_min: uint256,
    amount_coins_min: uint256,
    to: address,
) -> (uint256, uint256):
    amount_token: uint256 = 0
    amount_coins: uint256 = 0
    amount_token, amount_coins = self._remove(
        pool, token, routes.WETH, liquidity, amount_token_min, amount_coins_min, self
    )
    router_coins._send(token, to, amount_token)
    router_coins._pay_out(to, amount_coins)
    return amount_token, amount_coins


@internal
def _remove_what_arrives(
    pool: address,
    token: address,
    liquidity: uint256,
    amount_token_min: uint256,
    amount_coins_min: uint256,
    to: address,
) -> uint256:
    amount_token: uint256 = 0
    amount_coins: uint256 = 0
    amount_token, amount_coins = self._remove(
        pool, token, routes.WETH, liquidity, amount_token_min, amount_coins_min, self
    )
    router_coins._send(token, to, staticcall IERC20(token).balanceOf(self))
    router_coins._pay_out(to, amount_coins)
    return amount_coins


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
