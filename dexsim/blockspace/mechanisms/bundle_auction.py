"""Bundles bid for the top of the block, and builders for the block."""

from __future__ import annotations

from typing import ClassVar, Literal

from dexsim.blockspace.auction import Rank, bids, hold
from dexsim.blockspace.builder import Site
from dexsim.blockspace.mechanisms.priority import by_tip
from dexsim.description import AtLeastOne, Text, description
from dexsim.streams import Generator


@description
class BundleAuction:
    """Bundles by what they pay the builder, best first; behind them the mempool, by tip.

    A bundle pays by tips and by transfers to `block.coinbase`. Of bundles that want
    the same transaction the best lands, the others cost nothing. rank: by the
    builder's whole profit, or for each unit of gas. payment: "first-price", what
    was bid; "second-price", what the best loser bid, the builder pays the rest
    back, less the gas of doing so. builders: who competes for the block; whose is
    worth most builds it, and pays the proposer what the second best is worth.
    """

    kind: ClassVar[str] = "bundle-auction"
    rank: Rank = "profit"
    payment: Literal["first-price", "second-price"] = "first-price"
    builders: tuple[Text, ...] = ()
    rounds: AtLeastOne = 1

    def fill(self, site: Site, rng: Generator) -> None:
        """Bundles, refunds, and the rest."""
        for bid, second in hold(site, bids(site, self.rank)):
            if self.payment == "second-price":
                back = bid.alone.coinbase_diff - second
                payer = bid.entry.bundle.own[-1].sender
                site.refund(bid.entry, payer, back, who=bid.entry.agent)
        base_fee = site.block.env.base_fee
        for entry in by_tip(site.singles, base_fee):
            site.include(entry)
