"""All mutants, by what they are faults of."""

from __future__ import annotations

from tests.mutants import (
    batch,
    emission,
    factory,
    gauge,
    issuer,
    minter,
    pool_liquidity,
    pool_state,
    pool_swap,
    router,
    router_liquidity,
    searcher,
    tender,
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
"""Of the exchange: each breaks a property of pools."""

REWARDS = [
    *emission.SCHEDULE,
    *emission.TOKEN,
    *minter.SHARES,
    *minter.DRAWS,
    *minter.OWNER,
    *gauge.STAKES,
    *gauge.BOOKS,
    *gauge.STREAMS,
    *gauge.SHARES,
]
"""Of what emits rewards and shares them out."""

ISSUED = [
    *issuer.MONEY,
    *issuer.CASH,
    *issuer.RULES,
    *issuer.HOURS,
    *tender.THRESHOLDS,
    *tender.CASH,
]
"""Of what issues tokens against cash, and buys them back."""

SEARCHED = [
    *searcher.OWNER,
    *searcher.PROFIT,
    *searcher.TRADES,
    *searcher.MONEY,
]
"""Of what searchers trade with."""

BATCHES = [
    *batch.PRICE,
    *batch.SOLUTION,
    *batch.ESCROW,
]
"""Of what executes many orders at one price."""
