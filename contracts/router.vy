# pragma version ~=0.4.3
# SPDX-License-Identifier: MIT
"""
@title The router of a venue
@license MIT
@notice Liquidity and swaps with limits and deadlines, over the pools of one factory.
        The selectors and the answers are those of Uniswap v2's Router02.
@dev The router holds nothing between transactions: every hop pays the next pool. What is
     sent to it by mistake is anybody's.
"""
import router_coins
import router_liquidity
import router_swaps
import routes

initializes: routes
initializes: router_coins[routes := routes]
initializes: router_liquidity[router_coins := router_coins, routes := routes]
initializes: router_swaps[router_coins := router_coins, routes := routes]

exports: routes.__interface__
exports: router_liquidity.__interface__
exports: router_swaps.__interface__


@deploy
def __init__(venue_factory: address, weth: address):
    """
    @param venue_factory Whose pools this router works; its fee is the fee of the quotes.
    @param weth The token that wraps the chain's own coin.
    """
    routes.__init__(venue_factory, weth)


@external
@payable
def __default__():
    """
    @notice Takes coins from the token that wraps them, when it unwraps; from nobody else.
    """
    assert msg.sender == routes.WETH and len(msg.data) == 0, "router: not for coins"
