"""All mutants."""

from __future__ import annotations

from tests.mutants import (
    factory,
    pool_liquidity,
    pool_state,
    pool_swap,
    router,
    router_liquidity,
    tokens,
)

MUTANTS = [
    *pool_swap.PAYMENT,
    *pool_swap.OUTPUT,
    *pool_swap.CALLBACK,
    *pool_liquidity.MINT,
    *pool_liquidity.BURN,
    *pool_liquidity.PROTOCOL_FEE,
    *pool_state.LOCK,
    *pool_state.RESERVES,
    *pool_state.PRICES,
    *tokens.ALLOWANCE,
    *tokens.BALANCES,
    *tokens.PERMIT,
    *tokens.FOREIGN,
    *factory.FACTORY,
    *router.QUOTES,
    *router.LIMITS,
    *router_liquidity.LIQUIDITY,
    *router_liquidity.COINS,
]
