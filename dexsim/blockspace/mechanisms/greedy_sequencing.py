"""A rule of sequence that anybody can check: trades bring the price back wherever they can."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from fractions import Fraction
from typing import ClassVar

from dexsim.blockspace.builder import Site
from dexsim.blockspace.bundles import Bundle
from dexsim.blockspace.pending import Pending
from dexsim.description import description
from dexsim.streams import Generator


@description
class GreedySequencing:
    """In every pool a sale follows while the price is above the block's first, a purchase while below.

    Where there is none of that side left, or the price is where it began, the earliest arrival
    comes. So nobody trades at a worse price than alone at the block's start while somebody waits on the
    other side (Ferreira and Parkes, "Credible decentralized exchange design via verifiable sequencing
    rules", 2022). Transactions only: a bundle would be a sequence of its own.
    """

    kind: ClassVar[str] = "greedy-sequencing"

    def refuses(self, bundle: Bundle) -> str:
        """All bundles."""
        return "the sequencing rule takes single transactions"

    def fill(self, site: Site, rng: Generator) -> None:
        """Pool by pool, then whatever is no plain swap, by arrival."""
        waiting = sorted(site.singles, key=lambda each: (each.arrival_ms, each.id))
        markets: dict[str, list[Pending]] = {}
        for each in waiting:
            if each.market is not None and each.swap is not None:
                markets.setdefault(each.market, []).append(each)
        for market, trades in markets.items():
            self._sequence(site, market, trades)
        # What is no swap, and what had to wait for its sender's turn in another place.
        for each in waiting:
            site.include(each)

    def _sequence(self, site: Site, market: str, trades: Iterable[Pending]) -> None:
        """One pool's trades; the price is asked after each."""
        pool = site.pools[market]
        first = pool.mid()
        sales, purchases = deque[Pending](), deque[Pending]()
        for each in trades:
            assert each.swap is not None
            sells = each.swap.path[0] == pool.base.address
            (sales if sells else purchases).append(each)
        while sales or purchases:
            side = _next_side(sales, purchases, pool.mid(), first)
            site.include(side.popleft())


def _next_side(
    sales: deque[Pending],
    purchases: deque[Pending],
    now: Fraction | None,
    first: Fraction | None,
) -> deque[Pending]:
    """Which side is next: what brings the price back, else who came first."""
    if not sales or not purchases:
        return sales or purchases
    if now is not None and first is not None and now != first:
        return sales if now > first else purchases
    earlier = (sales[0].arrival_ms, sales[0].id) < (purchases[0].arrival_ms, purchases[0].id)
    return sales if earlier else purchases
