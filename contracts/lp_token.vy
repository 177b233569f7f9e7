# pragma version ~=0.4.3
# SPDX-License-Identifier: MIT
"""
@title The liquidity token of a pool
@license MIT
@notice A module: the pool is its own liquidity token. Its refusals say "pool: ".
"""
import erc20

initializes: erc20
exports: erc20.__interface__

name: public(constant(String[9])) = "dexsim LP"
symbol: public(constant(String[6])) = "DEX-LP"
decimals: public(constant(uint8)) = 18


@deploy
def __init__():
    """
    @notice Fixes the permit domain: this name, version "1", this chain, this pool.
    """
    erc20.__init__(name, "pool")
