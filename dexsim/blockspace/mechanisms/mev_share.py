"""Orders are hinted at, back-runs bid for them, and most of the bid goes back to the user."""

from __future__ import annotations

from typing import ClassVar

from dexsim.blockspace.auction import Bid, bids, hold
from dexsim.blockspace.builder import Site
from dexsim.blockspace.bundles import Bundle
from dexsim.blockspace.mechanisms.priority import by_tip
from dexsim.blockspace.orders import Visibility
from dexsim.blockspace.pending import Pending
from dexsim.chain.types import Transaction
from dexsim.description import AtLeastOne, ShareBps, Text, description
from dexsim.streams import Generator


@description
class MevShare:
    """Others learn of an order what `hints` tell; they can stand behind it, and never in front.

    The best bundle of each order lands; of what its own legs pay the builder the
    order's sender gets `refund_bps`, less the gas of the transfer (90 %:
    docs.flashbots.net, MEV-Share). What would revert is left out and costs nothing.
    """

    kind: ClassVar[str] = "mev-share"
    visibility: ClassVar[Visibility] = "hint"
    hints: tuple[Text, ...] = ("market",)
    refund_bps: ShareBps = 9_000
    lifetime_blocks: AtLeastOne = 25

    def refuses(self, bundle: Bundle) -> str:
        """Only back-runs: an own leg never stands before somebody else's."""
        is_own = [isinstance(leg, Transaction) for leg in bundle.legs]
        return "" if is_own == sorted(is_own) else "only what stands behind an order is taken"

    def fill(self, site: Site, rng: Generator) -> None:
        """Bundles with their refunds, and the rest."""
        for bid, _ in hold(site, bids(site, "profit")):
            self._share(site, bid)
        for entry in by_tip(site.singles, site.block.env.base_fee):
            site.include(entry, reverting=False)

    def _share(self, site: Site, bid: Bid) -> None:
        """What own legs paid, shared; of several orders each gets the same part."""
        landed = site.filling.landed[bid.entry.id]
        legs = [each for each in site.filling.included if each.bundle is bid.entry]
        fee = site.block.env.base_fee
        users = [each for each in legs if isinstance(each.source, Pending)]
        theirs = sum(each.receipt.fee - each.receipt.gas_used * fee for each in users)
        paid = landed.attempt.coinbase_diff - theirs
        for each in users:
            share = paid * self.refund_bps // 10_000 // len(users)
            site.refund(bid.entry, each.receipt.transaction.sender, share, who=each.agent)
