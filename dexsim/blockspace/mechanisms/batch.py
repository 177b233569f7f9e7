"""All orders of a block at one price."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from dexsim.blockspace.builder import Site
from dexsim.blockspace.bundles import Entry
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
    """Orders are handed in to an auction contract at the block's top, and settled at one price.

    They are netted against each other, and what is left over goes through the pool. The places of
    orders within the batch change nothing. Who asks for more than that price is refunded in the same
    settlement, and pays for the gas of having asked. Transactions that are no orders, and orders in
    pools of another kind, stand behind the settlement, by tip: nobody trades with the pool before it.
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
        """Orders, by tip, while there is gas to settle them; the settlements; the rest."""
        base_fee = site.block.env.base_fee
        kept = sum(_gas(len(auction.orders())) for auction in site.auctions.values())
        rest: list[Entry] = []
        for entry in by_tip(site.entries, base_fee):
            if not (isinstance(entry, Pending) and _is_placed(entry, site)):
                rest.append(entry)
            elif entry.tx.gas_limit + kept + _ORDER_GAS <= site.block.gas_left:
                kept += _ORDER_GAS
                site.include(entry)
        for auction in site.auctions.values():
            _settle(site, auction)
        for entry in rest:
            site.include(entry)


def _is_placed(entry: Pending, site: Site) -> bool:
    """Whether it hands an order in."""
    return entry.tx.to is not None and any(
        auction.address == entry.tx.to for auction in site.auctions.values()
    )


def _settle(site: Site, auction: BatchAuction) -> None:
    waiting = len(auction.orders())
    if waiting:
        gas = min(_gas(waiting), site.block.gas_left)
        site.execute(auction.settle(KEEPER, gas_limit=gas), agent=KEEPER.name, role="keeper")


def _gas(orders: int) -> int:
    return _BASE_GAS + _ORDER_GAS * orders
