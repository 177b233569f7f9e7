# pragma version ~=0.4.3
# SPDX-License-Identifier: MIT
"""
@title Swaps through the router
@license MIT
@notice A module of the router: swaps along paths within limits and in time.
"""
from ethereum.ercs import IERC20
import router_coins
import routes

uses: router_coins
uses: routes

_MAX_PATH: constant(uint256) = 8
_MAX_HOPS: constant(uint256) = 7


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
    @param amountIn What to sell, in the smallest unit, approved to the router before.
    @param amountOutMin The least of the last token to get, in its smallest unit.
    @param path 2 to 8 tokens, from the one to sell to the one to get, a pool between each and
           the next.
    @param to Who gets the last token.
    @param deadline The last second in which this may happen.
    @return The amount of each token of the path, the input first, each in its smallest unit.
    """
    routes._in_time(deadline)
    pools: DynArray[address, _MAX_HOPS] = routes._pools_along(path)
    amounts: DynArray[uint256, _MAX_PATH] = routes._amounts_out(amountIn, path, pools)
    assert amounts[len(pools)] >= amountOutMin, "router: insufficient output"
    router_coins._pull(path[0], msg.sender, pools[0], amountIn)
    routes._swap(amounts, path, pools, to)
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
    @param amountOut What to get of the last token, in its smallest unit.
    @param amountInMax The most of the first token to pay, in its smallest unit, approved to
           the router before.
    @param path 2 to 8 tokens, from the one to sell to the one to get, a pool between each and
           the next.
    @param to Who gets the last token.
    @param deadline The last second in which this may happen.
    @return The amount of each token of the path, the input first, each in its smallest unit.
    """
    routes._in_time(deadline)
    pools: DynArray[address, _MAX_HOPS] = routes._pools_along(path)
    amounts: DynArray[uint256, _MAX_PATH] = routes._amounts_in(amountOut, path, pools)
    assert amounts[0] <= amountInMax, "router: excessive input"
    router_coins._pull(path[0], msg.sender, pools[0], amounts[0])
    routes._swap(amounts, path, pools, to)
    return amounts


@external
@payable
def swapExactETHForTokens(
    amountOutMin: uint256,
    path: DynArray[address, _MAX_PATH],
    to: address,
    deadline: uint256,
) -> DynArray[uint256, _MAX_PATH]:
    """
    @notice Swaps exactly the coins sent with the call; the path starts at the wrapped coin.
    @param amountOutMin The least of the last token to get, in its smallest unit.
    @param path 2 to 8 tokens, from the wrapped coin to the one to get, a pool between each and
           the next.
    @param to Who gets the last token.
    @param deadline The last second in which this may happen.
    @return The amount of each token of the path, the input first, each in its smallest unit.
    """
    routes._in_time(deadline)
    pools: DynArray[address, _MAX_HOPS] = self._pools_from_coins(path)
    amounts: DynArray[uint256, _MAX_PATH] = routes._amounts_out(msg.value, path, pools)
    assert amounts[len(pools)] >= amountOutMin, "router: insufficient output"
    router_coins._pay_wrapped(pools[0], msg.value)
    routes._swap(amounts, path, pools, to)
    return amounts


@external
@payable
def swapETHForExactTokens(
    amountOut: uint256,
    path: DynArray[address, _MAX_PATH],
    to: address,
    deadline: uint256,
) -> DynArray[uint256, _MAX_PATH]:
    """
    @notice Swaps as few as needed of the coins sent with the call for exactly `amountOut`; the
            others go back. The path starts at the wrapped coin.
    @param amountOut What to get of the last token, in its smallest unit.
    @param path 2 to 8 tokens, from the wrapped coin to the one to get, a pool between each and
           the next.
    @param to Who gets the last token; coins left over go to the caller.
    @param deadline The last second in which this may happen.
    @return The amount of each token of the path, the input first, each in its smallest unit.
    """
    routes._in_time(deadline)
    pools: DynArray[address, _MAX_HOPS] = self._pools_from_coins(path)
    amounts: DynArray[uint256, _MAX_PATH] = routes._amounts_in(amountOut, path, pools)
    assert amounts[0] <= msg.value, "router: excessive input"
    router_coins._pay_wrapped(pools[0], amounts[0])
    routes._swap(amounts, path, pools, to)
    router_coins._give_back(msg.value - amounts[0])
    return amounts


@external
def swapExactTokensForETH(
    amountIn: uint256,
    amountOutMin: uint256,
    path: DynArray[address, _MAX_PATH],
    to: address,
    deadline: uint256,
) -> DynArray[uint256, _MAX_PATH]:
    """
    @notice Swaps exactly `amountIn` of the path's first token for coins; the path ends at the
            wrapped coin.
    @param amountIn What to sell, in the smallest unit, approved to the router before.
    @param amountOutMin The least of the coins to get, in wei.
    @param path 2 to 8 tokens, from the one to sell to the wrapped coin, a pool between each
           and the next.
    @param to Who gets the coins.
    @param deadline The last second in which this may happen.
    @return The amount of each token of the path, the input first, each in its smallest unit.
    """
    routes._in_time(deadline)
    pools: DynArray[address, _MAX_HOPS] = self._pools_to_coins(path)
    amounts: DynArray[uint256, _MAX_PATH] = routes._amounts_out(amountIn, path, pools)
    assert amounts[len(pools)] >= amountOutMin, "router: insufficient output"
    router_coins._pull(path[0], msg.sender, pools[0], amountIn)
    routes._swap(amounts, path, pools, self)
    router_coins._pay_out(to, amounts[len(pools)])
    return amounts


@external
def swapTokensForExactETH(
    amountOut: uint256,
    amountInMax: uint256,
    path: DynArray[address, _MAX_PATH],
    to: address,
    deadline: uint256,
) -> DynArray[uint256, _MAX_PATH]:
    """
    @notice Swaps as little as needed of the path's first token for exactly `amountOut` coins;
            the path ends at the wrapped coin.
    @param amountOut The coins to get, in wei.
    @param amountInMax The most of the first token to pay, in its smallest unit, approved to
           the router before.
    @param path 2 to 8 tokens, from the one to sell to the wrapped coin, a pool between each
           and the next.
    @param to Who gets the coins.
    @param deadline The last second in which this may happen.
    @return The amount of each token of the path, the input first, each in its smallest unit.
    """
    routes._in_time(deadline)
    pools: DynArray[address, _MAX_HOPS] = self._pools_to_coins(path)
    amounts: DynArray[uint256, _MAX_PATH] = routes._amounts_in(amountOut, path, pools)
    assert amounts[0] <= amountInMax, "router: excessive input"
    router_coins._pull(path[0], msg.sender, pools[0], amounts[0])
    routes._swap(amounts, path, pools, self)
    router_coins._pay_out(to, amountOut)
    return amounts


@external
def swapExactTokensForTokensSupportingFeeOnTransferTokens(
    amountIn: uint256,
    amountOutMin: uint256,
    path: DynArray[address, _MAX_PATH],
    to: address,
    deadline: uint256,
):
    """
    @notice Like `swapExactTokensForTokens`, for tokens that may arrive short: each pool sells
            what has reached it, and the minimum is of what reaches `to`.
    @param amountIn What to sell, in the smallest unit, approved to the router before.
    @param amountOutMin The least of the last token that has to reach `to`, in its smallest
           unit.
    @param path 2 to 8 tokens, from the one to sell to the one to get, a pool between each and
           the next.
    @param to Who gets the last token.
    @param deadline The last second in which this may happen.
    """
    routes._in_time(deadline)
    pools: DynArray[address, _MAX_HOPS] = routes._pools_along(path)
    router_coins._pull(path[0], msg.sender, pools[0], amountIn)
    self._swap_what_arrives(amountOutMin, path, pools, to)


@external
@payable
def swapExactETHForTokensSupportingFeeOnTransferTokens(
    amountOutMin: uint256,
    path: DynArray[address, _MAX_PATH],
    to: address,
    deadline: uint256,
):
    """
    @notice Like `swapExactETHForTokens`, for tokens that may arrive short: the minimum is of
            what reaches `to`.
    @param amountOutMin The least of the last token that has to reach `to`, in its smallest
           unit.
    @param path 2 to 8 tokens, from the wrapped coin to the one to get, a pool between each and
           the next.
    @param to Who gets the last token.
    @param deadline The last second in which this may happen.
    """
    routes._in_time(deadline)
    pools: DynArray[address, _MAX_HOPS] = self._pools_from_coins(path)
    router_coins._pay_wrapped(pools[0], msg.value)
    self._swap_what_arrives(amountOutMin, path, pools, to)


@external
def swapExactTokensForETHSupportingFeeOnTransferTokens(
    amountIn: uint256,
    amountOutMin: uint256,
    path: DynArray[address, _MAX_PATH],
    to: address,
    deadline: uint256,
):
    """
    @notice Like `swapExactTokensForETH`, for tokens that may arrive short: all the wrapped coins
            that the router then holds are paid out, and the minimum is of those.
    @param amountIn What to sell, in the smallest unit, approved to the router before.
    @param amountOutMin The least of the coins to get, in wei.
    @param path 2 to 8 tokens, from the one to sell to the wrapped coin, a pool between each
           and the next.
    @param to Who gets the coins.
    @param deadline The last second in which this may happen.
    """
    routes._in_time(deadline)
    pools: DynArray[address, _MAX_HOPS] = self._pools_to_coins(path)
    router_coins._pull(path[0], msg.sender, pools[0], amountIn)
    routes._swap_what_arrived(path, pools, self)
    out: uint256 = staticcall IERC20(routes.WETH).balanceOf(self)
    assert out >= amountOutMin, "router: insufficient output"
    router_coins._pay_out(to, out)


@internal
@view
def _pools_from_coins(path: DynArray[address, _MAX_PATH]) -> DynArray[address, _MAX_HOPS]:
    assert len(path) >= 2 and path[0] == routes.WETH, "router: invalid path"
    return routes._pools_along(path)


@internal
@view
def _pools_to_coins(path: DynArray[address, _MAX_PATH]) -> DynArray[address, _MAX_HOPS]:
    assert len(path) >= 2 and path[len(path) - 1] == routes.WETH, "router: invalid path"
    return routes._pools_along(path)


@internal
def _swap_what_arrives(
    amount_out_min: uint256,
    path: DynArray[address, _MAX_PATH],
    pools: DynArray[address, _MAX_HOPS],
    to: address,
):
    token_out: IERC20 = IERC20(path[len(pools)])
    before: uint256 = staticcall token_out.balanceOf(to)
    routes._swap_what_arrived(path, pools, to)
    received: uint256 = staticcall token_out.balanceOf(to) - before
    assert received >= amount_out_min, "router: insufficient output"
