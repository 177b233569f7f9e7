"""People who provide liquidity for the reward."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import ClassVar, TypeAlias

from dexsim.agents.position import RETRY_BLOCKS, Life, Position, both_sides
from dexsim.agents.protocol import Setup, View
from dexsim.blockspace.bundles import Wish
from dexsim.blockspace.orders import Order
from dexsim.chain.accounts import Account
from dexsim.description import AtLeastOne, Rate, ShareBps, Text, Tokens, description
from dexsim.errors import ScenarioError
from dexsim.market.gauge import Gauge
from dexsim.market.minter import Minter

_BPS = 10_000
Stay: TypeAlias = Generator[Sequence[Wish], View, View]
"""A part of a life: it ends with the next block's view."""

_YEAR = 365 * 24 * 3600


@description
class Farmer:
    """Provides liquidity, stakes it in a gauge, claims the reward and sells it.

    gauge: its name; also: further gauges, of markets of the same two tokens,
    among which the farmer goes where the advertised reward is highest: the
    reward's rate at its pool's price, by the value staked with its own. It
    looks every looks_every blocks, and moves for more than hurdle times what it
    has (0.1: a tenth more), paying gas and what leaving and joining cost; below
    least_apr a year, as a share, it stays away or leaves. base_amount: whole
    base tokens. claims_every: blocks between claims. sells_in: the market where
    claimed rewards are sold, sell_bps of them; without it they are kept.
    """

    kind: ClassVar[str] = "farmer"
    role: ClassVar[str] = "farmer"
    gauge: Text
    also: list[Text] | None = None
    base_amount: Tokens
    joins_block: AtLeastOne = 1
    claims_every: AtLeastOne = 50
    looks_every: AtLeastOne = 50
    hurdle: Rate = Decimal("0.1")
    least_apr: Rate = Decimal(0)
    sells_in: Text | None = None
    sell_bps: ShareBps = 10_000
    slippage_bps: ShareBps = 100

    def start(self, setup: Setup) -> FarmerActor:
        """Open and fund the account."""
        gauges = [setup.gauge(name) for name in (self.gauge, *(self.also or ()))]
        funds = both_sides(gauges[0].pool, Decimal(self.base_amount))
        account = setup.account(funds=funds)
        if self.sells_in is not None:
            setup.pool(self.sells_in).other(gauges[0].reward)
        minters = setup.deployment.minters
        fields = [
            _Field(gauge, minters[gauge.reward.symbol], self._position(setup, gauge, account))
            for gauge in gauges
        ]
        return FarmerActor(self, fields, account)

    def _position(self, setup: Setup, gauge: Gauge, account: Account) -> Position:
        pool, first = gauge.pool, setup.gauge(self.gauge).pool
        if {pool.base, pool.quote} != {first.base, first.quote}:
            raise ScenarioError(
                f"market {pool.market!r} is of other tokens than {first.market!r}", key="also"
            )
        return Position(pool, setup.router(pool.market), account)


class _Field:
    """A gauge, and what one could have there."""

    def __init__(self, gauge: Gauge, minter: Minter, position: Position) -> None:
        self.gauge = gauge
        self.position = position
        self._minter = minter

    def advertised(self, view: View, more: Fraction) -> Fraction:
        """Reward a year by value staked, with `more` staked; both at pools' and outside prices.

        more: in wei of the quote token, as the stake's value is counted.
        """
        weights = self._minter.total_weight()
        if not weights:
            return Fraction(0)
        rate = Fraction(self._minter.rate() * self._minter.weight(self.gauge), weights)
        reward, quote = self.gauge.reward, self.gauge.pool.quote
        worth = Fraction(view.price(reward.symbol)) / Fraction(view.price(quote.symbol))
        paid = rate * _YEAR * worth * Fraction(10) ** (quote.decimals - reward.decimals)
        staked = self.staked_value(view, self.gauge.total_staked()) + more
        return paid / staked if staked else Fraction(0)

    def staked_value(self, view: View, lp_amount: int) -> Fraction:
        """What LP tokens are worth, in wei of the quote token at the pool's price."""
        reserves = view.reserves(self.gauge.pool.market)
        return Fraction(2 * reserves.quote * lp_amount, self.position.lp_supply())


class FarmerActor:
    """A `Farmer` while it lives."""

    def __init__(self, described: Farmer, fields: list[_Field], account: Account) -> None:
        self._told = described
        self._fields = fields
        self._me = account
        self._chooses = len(fields) > 1 or bool(described.least_apr)
        self._unsold = 0
        self._life = self._live()
        next(self._life)

    def act(self, view: View) -> Sequence[Wish]:
        """The next step of its life."""
        return self._life.send(view)

    def _live(self) -> Life:
        view = yield []
        while view.block < self._told.joins_block:
            view = yield []
        while True:
            field = self._best(view)
            if field is None:
                view = yield self._sell(view)
                continue
            view = yield from self._join(view, field)
            view = yield from self._stay(view, field)
            view = yield from self._leave(view, field)

    def _join(self, view: View, field: _Field) -> Stay:
        """Provide and stake; the next attempt comes a little later."""
        position, again = field.position, view.block
        while not (liquidity := position.held()):
            if view.block < again:
                view = yield []
                continue
            again = view.block + RETRY_BLOCKS
            view = yield self._provide(view, position)
        approve = field.gauge.pool.approve_lp(self._me, spender=field.gauge, amount=liquidity)
        return (yield [approve, field.gauge.deposit(self._me, lp_amount=liquidity)])

    def _provide(self, view: View, position: Position) -> Sequence[Wish]:
        amount = Decimal(self._told.base_amount)
        if not self._chooses:
            return position.join(view, amount, self._told.slippage_bps)
        base = min(position.pool.base.amount(str(amount)), position.affordable(view))
        return position.add(view, base, self._told.slippage_bps)

    def _stay(self, view: View, field: _Field) -> Stay:
        """Claim and sell until somewhere else is better."""
        staked_at = view.block
        while True:
            blocks = view.block - staked_at
            if blocks and blocks % self._told.looks_every == 0 and not self._content(view, field):
                return view
            due = blocks % self._told.claims_every == 0
            claim = [field.gauge.claim(self._me)] if due else []
            view = yield [*self._sell(view), *claim]

    def _leave(self, view: View, field: _Field) -> Stay:
        """Unstake with what was earned, then take the liquidity out."""
        view = yield [*self._sell(view), field.gauge.exit(self._me)]
        return (yield [*self._sell(view), *field.position.leave()])

    def _content(self, view: View, field: _Field) -> bool:
        if not self._chooses:
            return True
        now = field.advertised(view, Fraction(0))
        if now < Fraction(Decimal(self._told.least_apr)):
            return False
        mine = field.staked_value(view, field.gauge.staked(self._me))
        others = [each.advertised(view, mine) for each in self._fields if each is not field]
        return max(others, default=now) <= now * (1 + Fraction(Decimal(self._told.hurdle)))

    def _best(self, view: View) -> _Field | None:
        """Where the reward would be highest with its own stake; None where none is enough."""
        if not self._chooses:
            return self._fields[0]
        position = self._fields[0].position
        base = position.pool.base.amount(str(self._told.base_amount))
        reserves = view.reserves(position.pool.market)
        mine = Fraction(2 * base * reserves.quote, reserves.base)
        offers = [each.advertised(view, mine) for each in self._fields]
        best = max(offers)
        enough = best > 0 and best >= Fraction(Decimal(self._told.least_apr))
        return self._fields[offers.index(best)] if enough else None

    def _sell(self, view: View) -> list[Order]:
        """Sell its part of the rewards that earlier claims brought."""
        if self._told.sells_in is None:
            return []
        symbol = self._fields[0].gauge.reward.symbol
        held = view.balance(self._me, symbol)
        fresh = held - self._unsold
        amount = fresh * self._told.sell_bps // _BPS
        if amount <= 0:
            return []
        self._unsold = held - amount
        market, slippage = self._told.sells_in, self._told.slippage_bps
        sold = Order(
            self._me, market=market, token_in=symbol, amount_in=amount, slippage_bps=slippage
        )
        return [sold]
