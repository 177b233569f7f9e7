"""Who runs an issuer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from dexsim.agents.protocol import Setup, View
from dexsim.blockspace.bundles import Wish
from dexsim.chain.accounts import Account
from dexsim.description import AtLeastOne, ShareBps, Text, description
from dexsim.market.issuer import Issuer

_BPS = 10_000


@description
class IssuerOwner:
    """Stops minting, takes a part of the reserve out, and puts it back, each in a block of its own.

    token: symbol. stops_minting: the block in which a wind-down begins.
    invests: the block in which invests_bps of the reserve are taken out;
    divests: in which they come back. Without a block nothing of the kind happens.
    """

    kind: ClassVar[str] = "issuer-owner"
    role: ClassVar[str] = "issuer-owner"
    token: Text
    stops_minting: AtLeastOne | None = None
    invests: AtLeastOne | None = None
    invests_bps: ShareBps = 0
    divests: AtLeastOne | None = None

    def start(self, setup: Setup) -> IssuerOwnerActor:
        """Open the account that the issuer is handed to."""
        issuer = setup.issuer(self.token)
        account = setup.account()
        setup.allow(account, issuer.cash.symbol, issuer)
        setup.deployment.heirs[self.token] = account
        return IssuerOwnerActor(self, issuer, account)


class IssuerOwnerActor:
    """An `IssuerOwner` while it lives."""

    def __init__(self, described: IssuerOwner, issuer: Issuer, account: Account) -> None:
        self._told = described
        self._issuer = issuer
        self._account = account
        self._invested = 0

    def act(self, view: View) -> Iterator[Wish]:
        """What is due in this block."""
        if view.block == self._told.stops_minting:
            yield self._issuer.set_minting(self._account, minting=False)
        if view.block == self._told.invests:
            self._invested = self._issuer.reserve() * self._told.invests_bps // _BPS
            yield self._issuer.invest(self._account, amount=self._invested, to=self._account)
        if view.block == self._told.divests and self._invested:
            yield self._issuer.divest(self._account, amount=self._invested)
