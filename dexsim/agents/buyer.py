"""Steady demand: somebody buys, whatever the price."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import ClassVar

from dexsim.agents.protocol import Setup, View
from dexsim.agents.routing import Leg, Route, Routing
from dexsim.blockspace.orders import Order
from dexsim.chain.accounts import Account
from dexsim.description import AtLeastOne, Rate, ShareBps, Text, Tokens, description
from dexsim.errors import ScenarioError
from dexsim.market.adapted import AnyPool
from dexsim.market.erc20 import Erc20
from dexsim.units import gwei, to_wei


@description
class Buyer:
    """Spends the same amount again and again, or buys the same, until its budget is gone.

    buys: symbol of what it wants; without it the market's base token. amount:
    whole tokens of the market's other token, spent every `every_blocks`; or
    wants: whole tokens that it buys each time, for what they cost at the block's
    start. budget: of the other token, in all; the last purchase may be smaller.
    route: "home" in its market, or "best" or "split" over all markets of the pair.
    starts_block, stops_block: of the run,
    from 1; the latter is the first block without a purchase.
    """

    kind: ClassVar[str] = "buyer"
    role: ClassVar[str] = "buyer"
    market: Text | None = None
    buys: Text | None = None
    amount: Tokens | None = None
    wants: Tokens | None = None
    budget: Tokens
    every_blocks: AtLeastOne = 1
    starts_block: AtLeastOne = 1
    stops_block: AtLeastOne | None = None
    slippage_bps: ShareBps = 500
    tip_gwei: Rate = Decimal(1)
    route: Route = "home"

    def __post_init__(self) -> None:
        if (self.amount is None) == (self.wants is None):
            raise ScenarioError("one of amount and wants is needed, and not both", key="amount")

    def start(self, setup: Setup) -> BuyerActor:
        """Open and fund the account."""
        pool = setup.pool(setup.market_or_first(self.market))
        pays = pool.other(self.buys if self.buys is not None else pool.base)
        account = setup.account(funds={pays.symbol: Decimal(self.budget)})
        routing = Routing(setup, pool, self.route)
        if self.wants is not None and not routing.is_known:
            raise ScenarioError(
                f"what a purchase costs is known of x * y = k alone, unlike {pool.market}",
                key="wants",
            )
        return BuyerActor(self, pool, pays, account, routing)


class BuyerActor:
    """A `Buyer` while it lives."""

    def __init__(
        self, described: Buyer, pool: AnyPool, pays: Erc20, account: Account, routing: Routing
    ) -> None:
        self._described = described
        self._pays = pays
        self._account = account
        self._routing = routing
        self._amount = to_wei(described.amount or "0", pays.decimals)
        self._wants = to_wei(described.wants or "0", pool.other(pays).decimals)

    def act(self, view: View) -> Iterator[Order]:
        """A purchase, when it is time for one: one order for each pool on its route."""
        if not self._is_time(view.block):
            return
        for pool, amount in self._legs(view):
            yield Order(
                self._account,
                market=pool.market,
                token_in=self._pays.symbol,
                amount_in=amount,
                slippage_bps=self._described.slippage_bps,
                tip=gwei(Decimal(self._described.tip_gwei)),
            )

    def _legs(self, view: View) -> list[Leg]:
        """As much as it wants, as far as its money goes."""
        held = view.balance(self._account, self._pays.symbol)
        if self._described.wants is None:
            spent = min(self._amount, held)
        else:
            legs = self._routing.buying(view, self._pays, self._wants)
            if sum(amount for _, amount in legs) <= held:
                return legs
            spent = held
        return self._routing.selling(view, self._pays, spent) if spent else []

    def _is_time(self, block: int) -> bool:
        told = self._described
        if block < told.starts_block or (told.stops_block or block + 1) <= block:
            return False
        return (block - told.starts_block) % told.every_blocks == 0
