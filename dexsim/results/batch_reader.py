"""Reads what batch auctions executed, and whose orders they were, out of their events."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from dexsim.blockspace.builder import Inclusion
from dexsim.chain.types import Address, Receipt
from dexsim.market.deployment import Deployment
from dexsim.market.erc20 import Erc20


@dataclass(frozen=True, slots=True)
class Placed:
    """An order that was handed in: its transaction, and where that stands."""

    included: Inclusion
    block: int
    position: int


@dataclass(frozen=True, slots=True)
class Fill:
    """An order that was executed in a batch. Amounts in wei."""

    market: str
    placed: Placed
    token_in: Erc20
    token_out: Erc20
    amount_in: int
    amount_out: int


class BatchReader:
    """Follows every auction's orders by their numbers."""

    def __init__(self, deployment: Deployment) -> None:
        self._auctions = {
            auction.address: (market, auction) for market, auction in deployment.auctions.items()
        }
        self._placed: dict[tuple[Address, int], Placed] = {}

    def note(self, included: Inclusion, block: int, position: int) -> None:
        """Take note of the orders that a transaction hands in."""
        for address, name, fields in self._events(included.receipt):
            if name == "Placed":
                self._placed[address, fields["id"]] = Placed(included, block, position)

    def fills(self, receipt: Receipt) -> Iterator[Fill]:
        """The orders that a transaction executes."""
        for address, name, fields in self._events(receipt):
            if name in {"Executed", "Refunded", "Cancelled"}:
                placed = self._placed.pop((address, fields["id"]), None)
                if name == "Executed" and placed is not None:
                    yield self._fill(address, placed, fields)

    def _events(self, receipt: Receipt) -> Iterator[tuple[Address, str, dict[str, Any]]]:
        for log in receipt.logs:
            if log.address in self._auctions:
                event = self._auctions[log.address][1].contract.decode_log(log)
                if event is not None:
                    yield log.address, event.name, dict(event.fields)

    def _fill(self, address: Address, placed: Placed, fields: dict[str, Any]) -> Fill:
        market, auction = self._auctions[address]
        pool = auction.pool
        sold = pool.base if fields["token_in"] == pool.base.address else pool.quote
        return Fill(
            market=market,
            placed=placed,
            token_in=sold,
            token_out=pool.other(sold),
            amount_in=fields["amount_in"],
            amount_out=fields["amount_out"],
        )
