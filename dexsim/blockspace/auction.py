"""Bundles in competition: what each is worth to the builder, who lands, and what it pays.

Each bundle is simulated once alone at the top of the block, for its worth, and
once more in its place: twice for each builder.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from dexsim.blockspace.builder import Site
from dexsim.blockspace.bundles import PendingBundle
from dexsim.chain.open_block import Attempt

Rank: TypeAlias = Literal["profit", "gas-price"]
"""By what the builder gets in all, or for each unit of gas."""

_WORTH: Mapping[str, Callable[[Attempt], int]] = {
    "profit": lambda attempt: attempt.coinbase_diff,
    "gas-price": lambda attempt: attempt.effective_gas_price,
}


@dataclass(frozen=True, slots=True)
class Bid:
    """A bundle, and what it did alone at the top of the block."""

    entry: PendingBundle
    alone: Attempt


def bids(site: Site, rank: Rank) -> list[Bid]:
    """Every bundle that lands at this place of the block, the best first; the others are refused.

    Ties by arrival, then by submission.
    """
    found = []
    for entry in site.bundles:
        alone = site.simulate(entry)
        if alone.landed:
            found.append(Bid(entry, alone))
        else:
            site.refuse(entry, alone.failure)
    worth = _WORTH[rank]
    return sorted(found, key=lambda bid: (-worth(bid.alone), bid.entry.arrival_ms, bid.entry.id))


def hold(site: Site, ranked: Sequence[Bid]) -> list[tuple[Bid, int]]:
    """Let bundles land from the best on; each that did, with the best bid that lost to it, in wei.

    A bundle has lost to the first one that took a transaction from it.
    """
    won: list[tuple[Bid, int]] = []
    taken: dict[int, int] = {}  # number of a taken transaction -> place in `won`
    for bid in ranked:
        if site.include(bid.entry):
            for each in bid.entry.bundle.taken:
                taken[each.id] = len(won)
            won.append((bid, 0))
            continue
        rivals = [taken[each.id] for each in bid.entry.bundle.taken if each.id in taken]
        for place in rivals[:1]:
            winner, second = won[place]
            won[place] = (winner, max(second, bid.alone.coinbase_diff))
    return won
