"""All orders of a block at one price."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from dexsim.blockspace.builder import Site
from dexsim.blockspace.desk import Desk
from dexsim.blockspace.mechanisms.priority import by_tip
from dexsim.blockspace.orders import Order
from dexsim.blockspace.pending import Pending
from dexsim.description import description
from dexsim.market.auctions import KEEPER, install_auctions
from dexsim.market.batch_auction import BatchAuction
from dexsim.market.deployment import Deployment
from dexsim.streams import Generator

_BASE_GAS = 300_000
_ORDER_GAS = 80_000  # more than twice what an order costs to settle


@description
class Batch:
    """Orders are handed in to an auction contract, and settled at the block's end at one price.

    They are netted against each other, and what is left over goes through the pool. The places of
    orders within the batch change nothing. Who asks for more than that price is refunded in the same
    settlement, and pays for the gas of having asked. Transactions that are no orders, and orders in
    pools of another kind, stand before the settlement, by tip, as they would elsewhere.
    """

    kind: ClassVar[str] = "batch"

    def set_up(self, deployment: Deployment) -> None:
        """An auction for each pool, before the agents come."""
        install_auctions(deployment)

    def settle(self, orders: Sequence[tuple[Order, str, str]], desk: Desk) -> list[Pending]:
        """Each order as what hands it in."""
        return [
            desk.through_auction(order, agent=agent, role=role) for order, agent, role in orders
        ]

    def fill(self, site: Site, rng: Generator) -> None:
        """What waits, by tip, and then the settlements; their gas is kept free."""
        base_fee = site.block.env.base_fee
        waiting = {market: len(auction.orders()) for market, auction in site.auctions.items()}
        kept = sum(_gas(count) for count in waiting.values())
        for entry in by_tip(site.entries, base_fee):
            if isinstance(entry, Pending):
                kept_then = kept + _ORDER_GAS
                if entry.tx.gas_limit + kept_then > site.block.gas_left:
                    continue
                kept = kept_then
            site.include(entry)
        for auction in site.auctions.values():
            _settle(site, auction)


def _settle(site: Site, auction: BatchAuction) -> None:
    waiting = len(auction.orders())
    if waiting:
        gas = min(_gas(waiting), site.block.gas_left)
        site.execute(auction.settle(KEEPER, gas_limit=gas), agent=KEEPER.name, role="keeper")


def _gas(orders: int) -> int:
    return _BASE_GAS + _ORDER_GAS * orders
