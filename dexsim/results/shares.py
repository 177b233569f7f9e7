"""Shares of pools that are no token: nobody logs them, so that their holders are asked."""

from __future__ import annotations

from collections.abc import Sequence

from dexsim.chain.types import Address, Block
from dexsim.market.adapted import AdaptedPool
from dexsim.market.deployment import Deployment
from dexsim.results.holders import Holder


class Shares:
    """What the known holders have of every pool behind an adapter.

    The reserves belong to them in proportion, whatever the contract says that
    there is in all: shares that it keeps for nobody are nobody's. Everybody is
    asked after a block in which something but swaps happened to the pool;
    after any other, those who have some.
    """

    def __init__(self, deployment: Deployment, holders: Sequence[Holder]) -> None:
        adapted = {n: p for n, p in deployment.pools.items() if isinstance(p, AdaptedPool)}
        self.places = [
            (f"pool {name}", token.symbol)
            for name, pool in adapted.items()
            for token in (pool.base, pool.quote)
        ]
        self._pools = {name: p for name, p in adapted.items() if not p.shares_are_tokens}
        self._addresses = [address for holder in holders for address in holder.addresses]
        self._known: dict[tuple[str, Address], int] = {}

    def ask(self, block: Block) -> dict[tuple[str, Address], int]:
        """Shares by market and address at the end of a block; zeros only where there were some."""
        for market, pool in self._pools.items():
            everybody = not block.env.number or _moved(pool, block)
            for address in self._addresses:
                if everybody or self._known.get((market, address)):
                    shares = pool.lp_balance(address)
                    if shares or (market, address) in self._known:
                        self._known[market, address] = shares
        return self._known


def _moved(pool: AdaptedPool, block: Block) -> bool:
    """Whether a transaction did something else to the pool than swap in it."""
    return any(
        receipt.status
        and (receipt.transaction.to == pool.address or pool.flow(receipt).touched)
        and pool.swap_in(receipt) is None
        for receipt in block.receipts
    )
