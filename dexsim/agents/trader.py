"""Ordinary users: they trade when they like, not when the market likes."""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar, Literal, NamedTuple

from dexsim.agents.protocol import Setup, View
from dexsim.agents.routing import Route, Routing, alike
from dexsim.agents.slippage import SlippageRule, break_even_bps, check_rule
from dexsim.agents.splitting import Parcels, Parts, Portion
from dexsim.blockspace.orders import Order, Visibility, check_audience, make_order
from dexsim.chain.accounts import Account
from dexsim.description import AtLeastOne, Count, Flag, Rate, ShareBps, Text, Tokens, description
from dexsim.errors import ScenarioError
from dexsim.market.adapted import AnyPool
from dexsim.market.erc20 import Erc20
from dexsim.market.pool import Reserves
from dexsim.streams import one_by_one
from dexsim.units import from_wei, gwei, to_wei

_MEDIANS_OF_FUNDS = 200


@description
class Trader:
    """Users who sell or buy a market's base token at random.

    Arrivals are a Poisson process in continuous time, sizes are log-normal;
    both are drawn beforehand from streams of each user's own, independent of
    blocks and of what happens in them. A buyer pays what the size costs
    outside when the order is made (without an outside price: what it cost when
    the pool opened), so that the orders are the same whatever others do.

    count: users. trades_per_block: of each user, for a block of mean length.
    median_size: whole base tokens. size_sigma: standard deviation of the log
    of the size. buy_share: probability that a trade buys the base token.
    funds: whole tokens by symbol for each user; without it, 200 median trades
    of both sides. A user who runs short trades what is left.
    spread: whether the users are at home by turns in all markets of the pair,
    and not all in `market`; route: "home", or "best" or "split" over all markets
    of the pair, by the reserves at the block's start.

    Against attacks: slippage: "fixed" at slippage_bps, or "break-even", the
    largest at which no sandwich pays for attack_gas at the base fee, but at
    most slippage_bps and at least least_slippage_bps. split_parts: into so many
    equal parts, or "auto": parts that no sandwich gains from whatever it costs;
    one a block, each quoted anew. visibility: "public", "private", "hint" or
    "encrypted"; builders: who gets what is not public, all without a name.
    """

    kind: ClassVar[str] = "trader"
    role: ClassVar[str] = "trader"
    market: Text | None = None
    count: AtLeastOne = 1
    trades_per_block: Rate = Decimal("0.05")
    median_size: Tokens = Decimal(1)
    size_sigma: Rate = Decimal(1)
    buy_share: Rate = Decimal("0.5")
    slippage_bps: ShareBps = 50
    slippage_convention: Literal["share", "v2-sdk"] = "share"
    tip_gwei: Rate = Decimal(1)
    funds: dict[str, Tokens] | None = None
    spread: Flag = False
    route: Route = "home"
    slippage: SlippageRule = "fixed"
    least_slippage_bps: ShareBps = 0
    attack_gas: Count = 100_000
    split_parts: Parts = 1
    visibility: Visibility = "public"
    builders: tuple[Text, ...] = ()

    def __post_init__(self) -> None:
        check_audience(self.visibility, self.builders)
        if self.route != "home" and self.split_parts != 1:
            raise ScenarioError("what is cut into parts goes home", key="split_parts")
        if self.least_slippage_bps > self.slippage_bps:
            raise ScenarioError(
                f"{self.least_slippage_bps} is more than slippage_bps, {self.slippage_bps}",
                key="least_slippage_bps",
            )

    def start(self, setup: Setup) -> TraderActor:
        """Open and fund the users' accounts."""
        pool = setup.pool(setup.market_or_first(self.market))
        funds = self.funds if self.funds is not None else self._default_funds(setup, pool)
        homes = alike(setup, pool) if self.spread else [pool]
        users = [
            self._user(setup, number, homes[(number - 1) % len(homes)], funds)
            for number in range(1, self.count + 1)
        ]
        return TraderActor(self, pool, users, pool.reserves())

    def _user(
        self, setup: Setup, number: int, home: AnyPool, funds: Mapping[str, str | Decimal]
    ) -> _User:
        account = setup.account(str(number), funds)
        check_rule(self.slippage, home)
        return _User(
            account=account,
            trades=_draw(self, setup, number),
            routing=Routing(setup, home, self.route),
            parcels=None if self.split_parts == 1 else Parcels(home, account, self.split_parts),
        )

    def _default_funds(self, setup: Setup, pool: AnyPool) -> dict[str, Decimal]:
        reserves = pool.reserves()
        base = to_wei(self.median_size, pool.base.decimals) * _MEDIANS_OF_FUNDS
        quote = base * reserves.quote // reserves.base
        return {
            pool.base.symbol: from_wei(base, pool.base.decimals),
            pool.quote.symbol: from_wei(quote, pool.quote.decimals),
        }


class _Trade(NamedTuple):
    """A drawn trade: when, and how much of the base token (wei); buys or sells."""

    time_ms: int
    size: int
    buys: bool


@dataclass
class _User:
    account: Account
    trades: Iterator[_Trade]
    routing: Routing
    parcels: Parcels | None


def _draw(trader: Trader, setup: Setup, number: int) -> Iterator[_Trade]:
    """One user's trades in order of time, without end."""
    rate = float(trader.trades_per_block) / float(setup.block_seconds)
    if rate == 0:
        return
    decimals = setup.pool(setup.market_or_first(trader.market)).base.decimals
    arrivals, sizes, sides = (
        setup.stream(purpose, number) for purpose in ("arrivals", "sizes", "sides")
    )
    median, sigma = float(trader.median_size), float(trader.size_sigma)
    one, buy_share = 10**decimals, float(trader.buy_share)
    elapsed = 0.0
    for gap, factor, side in zip(
        one_by_one(lambda count: arrivals.exponential(1 / rate, count)),
        one_by_one(lambda count: sizes.lognormal(0.0, sigma, count)),
        one_by_one(sides.random),
        strict=True,
    ):
        elapsed += gap
        above, below = (median * factor).as_integer_ratio()
        size = max(above * one // below, 1)
        yield _Trade(setup.start_ms + int(elapsed * 1000), size, side < buy_share)


class TraderActor:
    """The users of one `Trader` while they live."""

    def __init__(
        self, trader: Trader, pool: AnyPool, users: list[_User], opening: Reserves
    ) -> None:
        self._trader = trader
        self._opening = opening
        self._pool = pool
        self._tip = gwei(Decimal(trader.tip_gwei))
        self._users = users
        self._next: list[tuple[_Trade, int, _User]] = []
        for number, user in enumerate(users):
            self._push(number, user)

    def _push(self, number: int, user: _User) -> None:
        trade = next(user.trades, None)
        if trade is not None:
            heapq.heappush(self._next, (trade, number, user))

    def act(self, view: View) -> Iterator[Order]:
        """The trades that arrive before the block, and parts of earlier ones."""
        while self._next and self._next[0][0].time_ms <= view.time_ms:
            trade, number, user = heapq.heappop(self._next)
            self._push(number, user)
            token = self._pool.quote if trade.buys else self._pool.base
            amount = self._worth(view, trade) if trade.buys else trade.size
            if user.parcels is None:
                held = view.balance(user.account, token.symbol)
                portion = Portion(token, min(amount, held), trade.time_ms)
                yield from self._orders(view, user, portion)
            else:
                user.parcels.add(token, amount, trade.time_ms)
        for user in self._users:
            portion_now = user.parcels.next(view) if user.parcels else None
            if portion_now is not None:
                yield from self._orders(view, user, portion_now)

    def _orders(self, view: View, user: _User, portion: Portion) -> Iterator[Order]:
        """A portion's orders: one for each pool on its route."""
        if portion.amount == 0:
            return
        told = self._trader
        for pool, amount in user.routing.selling(view, portion.token, portion.amount):
            yield make_order(
                user.account,
                market=pool.market,
                token_in=portion.token.symbol,
                amount_in=amount,
                slippage_bps=self._slippage(view, pool, portion.token, amount),
                convention=told.slippage_convention,
                arrival_ms=portion.time_ms,
                tip=self._tip,
                visibility=told.visibility,
                builders=told.builders,
            )

    def _slippage(self, view: View, pool: AnyPool, token: Erc20, amount: int) -> int:
        told = self._trader
        if told.slippage == "fixed":
            return told.slippage_bps
        safe = break_even_bps(view, pool, token, amount, told.attack_gas)
        return max(told.least_slippage_bps, min(safe, told.slippage_bps))

    def _worth(self, view: View, trade: _Trade) -> int:
        """Quote wei that so much of the base token costs, whatever happens in the pool."""
        base, quote = self._pool.base, self._pool.quote
        outside = view.prices.at(trade.time_ms)
        if base.symbol not in outside or quote.symbol not in outside:
            return trade.size * self._opening.quote // self._opening.base
        above, below = outside[base.symbol].as_integer_ratio()
        other_above, other_below = outside[quote.symbol].as_integer_ratio()
        worth = trade.size * above * other_below * 10**quote.decimals
        return int(worth // (below * other_above * 10**base.decimals))
