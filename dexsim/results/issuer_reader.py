"""Asks issuers what is outstanding and what is held for it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from dexsim.market.deployment import Deployment
from dexsim.market.issuer import Issuer
from dexsim.results.columns import WeiCell


class IssuerReader:
    """What issuers say at the end of a block, for the table `issuers`."""

    def __init__(self, deployment: Deployment) -> None:
        self._issuers = deployment.issuers

    def ask(self) -> Iterator[dict[str, Any]]:
        """A row an issuer."""
        for symbol, issuer in self._issuers.items():
            yield {"token": symbol, "backing": issuer.cash.symbol} | _row(issuer)

    def differences(self) -> list[str]:
        """Where an issuer's own books do not add up, in words; empty when nowhere."""
        return [trouble for each in self._issuers.values() for trouble in _troubles(each)]


_ASKED = ("minted", "redeemed", "outstanding", "reserve", "income", "waiting")


def _row(issuer: Issuer) -> dict[str, Any]:
    return {name: WeiCell(getattr(issuer, name)(), issuer.decimals) for name in _ASKED}


def _troubles(issuer: Issuer) -> Iterator[str]:
    outstanding = issuer.outstanding()
    if issuer.minted() - issuer.redeemed() != outstanding:
        yield (
            f"{issuer}: minted {issuer.minted()} less redeemed {issuer.redeemed()} "
            f"is not the {outstanding} outstanding"
        )
    if outstanding != issuer.total_supply():
        yield f"{issuer}: {outstanding} outstanding, and a supply of {issuer.total_supply()}"
    held, promised = issuer.cash.balance(issuer.address), issuer.reserve() + issuer.income()
    if held < promised:
        yield f"{issuer}: holds {held} {issuer.cash}, and promised {promised}"
