"""Steady demand: somebody buys, whatever the price."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import ClassVar

from dexsim.agents.protocol import Setup, View
from dexsim.blockspace.orders import Order
from dexsim.chain.accounts import Account
from dexsim.description import AtLeastOne, Rate, ShareBps, Text, Tokens, description
from dexsim.market.adapted import AnyPool
from dexsim.market.erc20 import Erc20
from dexsim.units import gwei, to_wei


@description
class Buyer:
    """Spends the same amount again and again, until its budget is gone.

    buys: symbol of what it wants; without it the market's base token. amount:
    whole tokens of the market's other token, spent every `every_blocks`.
    budget: of the same token, in all. starts_block, stops_block: of the run,
    from 1; the latter is the first block without a purchase.
    """

    kind: ClassVar[str] = "buyer"
    role: ClassVar[str] = "buyer"
    market: Text | None = None
    buys: Text | None = None
    amount: Tokens
    budget: Tokens
    every_blocks: AtLeastOne = 1
    starts_block: AtLeastOne = 1
    stops_block: AtLeastOne | None = None
    slippage_bps: ShareBps = 500
    tip_gwei: Rate = Decimal(1)

    def start(self, setup: Setup) -> BuyerActor:
        """Open and fund the account."""
        pool = setup.pool(setup.market_or_first(self.market))
        pays = pool.other(self.buys if self.buys is not None else pool.base)
        account = setup.account(funds={pays.symbol: Decimal(self.budget)})
        return BuyerActor(self, pool, pays, account)


class BuyerActor:
    """A `Buyer` while it lives."""

    def __init__(self, described: Buyer, pool: AnyPool, pays: Erc20, account: Account) -> None:
        self._described = described
        self._pool = pool
        self._pays = pays
        self._account = account
        self._amount = to_wei(described.amount, pays.decimals)

    def act(self, view: View) -> Iterator[Order]:
        """A purchase, when it is time for one."""
        if not self._is_time(view.block):
            return
        amount = min(self._amount, view.balance(self._account, self._pays.symbol))
        if amount:
            yield Order(
                self._account,
                market=self._pool.market,
                token_in=self._pays.symbol,
                amount_in=amount,
                slippage_bps=self._described.slippage_bps,
                tip=gwei(Decimal(self._described.tip_gwei)),
            )

    def _is_time(self, block: int) -> bool:
        told = self._described
        if block < told.starts_block or (told.stops_block or block + 1) <= block:
            return False
        return (block - told.starts_block) % told.every_blocks == 0
