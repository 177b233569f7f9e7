"""People who provide liquidity for the reward."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import ClassVar

from dexsim.agents.position import RETRY_BLOCKS, Life, Position, both_sides
from dexsim.agents.protocol import Setup, View
from dexsim.blockspace.orders import Order, Wish
from dexsim.description import AtLeastOne, ShareBps, Text, Tokens, description
from dexsim.market.gauge import Gauge


@description
class Farmer:
    """Provides liquidity, stakes it in a gauge, claims the reward and sells it.

    gauge: its name. base_amount: whole base tokens of the gauge's market.
    claims_every: blocks between claims. sells_in: the market where claimed
    rewards are sold; without it they are kept.
    """

    kind: ClassVar[str] = "farmer"
    role: ClassVar[str] = "farmer"
    gauge: Text
    base_amount: Tokens
    joins_block: AtLeastOne = 1
    claims_every: AtLeastOne = 50
    sells_in: Text | None = None
    slippage_bps: ShareBps = 100

    def start(self, setup: Setup) -> FarmerActor:
        """Open and fund the account."""
        gauge = setup.gauge(self.gauge)
        funds = both_sides(gauge.pool, Decimal(self.base_amount))
        account = setup.account(funds=funds)
        if self.sells_in is not None:
            setup.pool(self.sells_in).other(gauge.reward)
        router = setup.router(gauge.pool.market)
        return FarmerActor(self, gauge, Position(gauge.pool, router, account))


class FarmerActor:
    """A `Farmer` while it lives."""

    def __init__(self, described: Farmer, gauge: Gauge, position: Position) -> None:
        self._described = described
        self._gauge = gauge
        self._position = position
        self._life = self._live()
        next(self._life)

    def act(self, view: View) -> Sequence[Wish]:
        """The next step of its life."""
        return self._life.send(view)

    def _live(self) -> Life:
        me = self._position.account
        view = yield []
        joining = self._described.joins_block
        while not (liquidity := self._position.held()):
            if view.block < joining:
                view = yield []
                continue
            joining = view.block + RETRY_BLOCKS
            amount = Decimal(self._described.base_amount)
            view = yield self._position.join(view, amount, self._described.slippage_bps)
        approve = self._gauge.pool.approve_lp(me, spender=self._gauge, amount=liquidity)
        view = yield [approve, self._gauge.deposit(me, lp_amount=liquidity)]
        staked_at = view.block
        while True:
            due = (view.block - staked_at) % self._described.claims_every == 0
            view = yield [*self._sell(view), *([self._gauge.claim(me)] if due else [])]

    def _sell(self, view: View) -> list[Order]:
        """Sell the rewards that an earlier claim brought."""
        if self._described.sells_in is None:
            return []
        me, symbol = self._position.account, self._gauge.reward.symbol
        amount = view.balance(me, symbol)
        if not amount:
            return []
        market, slippage = self._described.sells_in, self._described.slippage_bps
        return [Order(me, market=market, token_in=symbol, amount_in=amount, slippage_bps=slippage)]
