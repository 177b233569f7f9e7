"""Ordinary users: they trade when they like, not when the market likes."""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import ClassVar, Literal

from dexsim.agents.protocol import Setup, View
from dexsim.blockspace.orders import Order
from dexsim.chain.accounts import Account
from dexsim.description import AtLeastOne, Rate, ShareBps, Text, Tokens, description
from dexsim.market.adapted import AnyPool
from dexsim.market.pool import Reserves
from dexsim.streams import Generator
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
    visibility: Literal["public", "private"] = "public"
    funds: dict[str, Tokens] | None = None

    def start(self, setup: Setup) -> TraderActor:
        """Open and fund the users' accounts."""
        market = setup.market_or_first(self.market)
        pool = setup.pool(market)
        funds = self.funds if self.funds is not None else self._default_funds(setup, pool)
        users = [
            _User(
                account=setup.account(str(number), funds),
                trades=_draw(self, setup, number),
            )
            for number in range(1, self.count + 1)
        ]
        return TraderActor(self, pool, users, pool.reserves())

    def _default_funds(self, setup: Setup, pool: AnyPool) -> dict[str, Decimal]:
        reserves = pool.reserves()
        base = to_wei(self.median_size, pool.base.decimals) * _MEDIANS_OF_FUNDS
        quote = base * reserves.quote // reserves.base
        return {
            pool.base.symbol: from_wei(base, pool.base.decimals),
            pool.quote.symbol: from_wei(quote, pool.quote.decimals),
        }


@dataclass(frozen=True, order=True)
class _Trade:
    """A drawn trade: when, and how much of the base token (wei); buys or sells."""

    time_ms: int
    size: int
    buys: bool


@dataclass
class _User:
    account: Account
    trades: Iterator[_Trade]


def _draw(trader: Trader, setup: Setup, number: int) -> Iterator[_Trade]:
    """One user's trades in order of time, without end."""
    rate = float(trader.trades_per_block) / float(setup.block_seconds)
    if rate == 0:
        return
    decimals = setup.pool(setup.market_or_first(trader.market)).base.decimals
    arrivals: Generator = setup.stream("arrivals", number)
    sizes: Generator = setup.stream("sizes", number)
    sides: Generator = setup.stream("sides", number)
    median, sigma = float(trader.median_size), float(trader.size_sigma)
    elapsed = 0.0
    while True:
        elapsed += float(arrivals.exponential(1 / rate))
        drawn = Fraction(median * float(sizes.lognormal(0.0, sigma)))
        size = int(drawn * 10**decimals)
        buys = bool(sides.random() < float(trader.buy_share))
        yield _Trade(setup.start_ms + int(elapsed * 1000), max(size, 1), buys)


class TraderActor:
    """The users of one `Trader` while they live."""

    def __init__(
        self, trader: Trader, pool: AnyPool, users: list[_User], opening: Reserves
    ) -> None:
        self._trader = trader
        self._opening = opening
        self._pool = pool
        self._tip = gwei(Decimal(trader.tip_gwei))
        self._next: list[tuple[_Trade, int, _User]] = []
        for number, user in enumerate(users):
            self._push(number, user)

    def _push(self, number: int, user: _User) -> None:
        trade = next(user.trades, None)
        if trade is not None:
            heapq.heappush(self._next, (trade, number, user))

    def act(self, view: View) -> Iterator[Order]:
        """The trades that arrive before the block."""
        while self._next and self._next[0][0].time_ms <= view.time_ms:
            trade, number, user = heapq.heappop(self._next)
            self._push(number, user)
            order = self._order(view, trade, user.account)
            if order is not None:
                yield order

    def _order(self, view: View, trade: _Trade, account: Account) -> Order | None:
        token = self._pool.quote if trade.buys else self._pool.base
        wanted = self._worth(view, trade) if trade.buys else trade.size
        amount = min(wanted, view.balance(account, token.symbol))
        if amount == 0:
            return None
        return Order(
            account,
            market=self._pool.market,
            token_in=token.symbol,
            amount_in=amount,
            slippage_bps=self._trader.slippage_bps,
            convention=self._trader.slippage_convention,
            arrival_ms=trade.time_ms,
            tip=self._tip,
            visibility=self._trader.visibility,
        )

    def _worth(self, view: View, trade: _Trade) -> int:
        """Quote wei that so much of the base token costs, whatever happens in the pool."""
        base, quote = self._pool.base, self._pool.quote
        outside = view.prices.at(trade.time_ms)
        if base.symbol not in outside or quote.symbol not in outside:
            return trade.size * self._opening.quote // self._opening.base
        price = Fraction(outside[base.symbol]) / Fraction(outside[quote.symbol])
        return int(trade.size * price * Fraction(10) ** (quote.decimals - base.decimals))
