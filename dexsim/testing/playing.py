"""Operations on the fixtures' pool: what a strategy has thought of, done."""

from __future__ import annotations

from collections.abc import Iterator

from dexsim.chain.types import Transaction
from dexsim.errors import Reverted
from dexsim.market.deployment import Deployment
from dexsim.testing.strategies import Add, Donate, Operation, Remove, Swap, Wait


def play(deployment: Deployment, operation: Operation, *, market: str | None = None) -> bool:
    """Do it on a market of a world (the first one); whether everything was accepted.

    What a contract refuses, too much money included, is undone whole and told by False.
    """
    chain = deployment.chain
    if isinstance(operation, Wait):
        chain.advance(seconds=operation.seconds)
        return True
    name = next(iter(deployment.pools)) if market is None else market
    mark = chain.snapshot()
    try:
        for tx in _transactions(deployment, name, operation):
            chain.send(tx)
    except Reverted:
        chain.restore(mark)
        return False
    finally:
        chain.engine.release(mark.engine_mark)
    return True


def _transactions(
    deployment: Deployment, market: str, operation: Operation
) -> Iterator[Transaction]:
    pool, router = deployment.pools[market], deployment.router(market)
    match operation:
        case Swap(who, sells_base, amount):
            token = pool.base if sells_base else pool.quote
            yield router.swap(who, pool=pool, token_in=token, amount_in=amount, min_amount_out=1)
        case Add(who, base, quote):
            yield router.add_liquidity(who, pool=pool, base_amount=base, quote_amount=quote)
        case Donate(who, gives_base, amount):
            token = pool.base if gives_base else pool.quote
            yield token.transfer(who, to=pool, amount=amount)
        case Remove(who, share_bps):
            lp_amount = pool.lp_balance(who) * share_bps // 10_000
            yield from router.approvals_to_leave(who, pool=pool, lp_amount=lp_amount)
            yield router.remove_liquidity(who, pool=pool, lp_amount=lp_amount)
