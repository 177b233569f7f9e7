"""What a treasury can do with what it holds: four models, each told as a life."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any, ClassVar, Literal

from dexsim.agents.position import RETRY_BLOCKS, Life, Position
from dexsim.agents.protocol import Setup, View
from dexsim.blockspace.orders import Order
from dexsim.chain.accounts import Account
from dexsim.description import AtLeastOne, Positive, ShareBps, Text, Tokens, description
from dexsim.errors import ScenarioError
from dexsim.market.adapted import AnyPool
from dexsim.market.erc20 import Erc20
from dexsim.streams import Generator

_BPS = 10_000


@dataclass(frozen=True, kw_only=True)
class House:
    """The treasury's account, its pool, and how it trades."""

    account: Account
    pool: AnyPool
    setup: Setup
    units: Decimal
    slippage_bps: int
    tip: int

    def order(self, token: Erc20, amount: int, market: str | None = None) -> list[Order]:
        """Sell so many wei of a token; nothing for zero."""
        if amount <= 0:
            return []
        where = self.pool.market if market is None else market
        sold = Order(
            self.account,
            market=where,
            token_in=token.symbol,
            amount_in=amount,
            slippage_bps=self.slippage_bps,
            tip=self.tip,
        )
        return [sold]

    def worth(self, view: View, token: Erc20) -> Fraction:
        """What it holds of a token, in wei of cash at outside prices."""
        held = view.balance(self.account, token.symbol)
        return held * price_in(view, token, self.pool.quote)


def price_in(view: View, token: Erc20, cash: Erc20) -> Fraction:
    """Wei of cash for a wei of a token, at outside prices."""
    whole = Fraction(view.price(token.symbol)) / Fraction(view.price(cash.symbol))
    return whole * Fraction(10) ** (cash.decimals - token.decimals)


@description
class Holder:
    """Holds, and may once issue shares of its own at a premium and buy units with the proceeds.

    shares: symbol of its share token; share_count: whole shares that there are
    before the issue. issue_bps: new shares per old one. premium: price of a new
    share over the value behind an old one.
    """

    kind: ClassVar[str] = "holder"
    shares: Text | None = None
    share_count: Tokens = Decimal(0)
    issue_bps: ShareBps = 0
    premium: Positive = Decimal(1)
    issues_block: AtLeastOne = 1

    def __post_init__(self) -> None:
        if (self.shares is None) != (not self.issue_bps):
            raise ScenarioError("shares and issue_bps go together", key="shares")
        if self.shares is not None and not self.share_count:
            raise ScenarioError("is missing: there are shares before an issue", key="share_count")

    def needs(self) -> Mapping[str, Decimal]:
        """The new shares."""
        if self.shares is None:
            return {}
        return {self.shares: Decimal(self.share_count) * self.issue_bps / _BPS}

    def begin(self, house: House) -> Life:
        """Nothing to do, or one issue."""
        return _issue(self, house, *_owners(self, house)) if self.shares else _hold()


def _hold() -> Life:
    while True:
        yield []


def _owners(model: Holder, house: House) -> tuple[Erc20, Account]:
    """The share token, and who buys the new shares; the old ones are somebody's too."""
    assert model.shares is not None
    house.setup.account("shareholders", {model.shares: Decimal(model.share_count)})
    plenty = 10 * house.units * Decimal(model.premium) * model.issue_bps / _BPS
    held = house.pool.reserves()
    rate = Fraction(held.quote, held.base) * Fraction(10) ** (
        house.pool.base.decimals - house.pool.quote.decimals
    )
    cash = Decimal(int(Fraction(plenty) * rate) + 1)
    return (
        house.setup.token(model.shares),
        house.setup.account("investors", {house.pool.quote.symbol: cash}),
    )


def _issue(model: Holder, house: House, shares: Erc20, investors: Account) -> Life:
    """Shares against cash in one block, units for the cash in the next."""
    view = yield []
    while view.block < model.issues_block:
        view = yield []
    base, quote = house.pool.base, house.pool.quote
    worth = house.worth(view, base) + house.worth(view, quote)
    part = Fraction(model.issue_bps, _BPS)
    paid = int(worth * part * Fraction(Decimal(model.premium)))
    before = view.balance(house.account, quote.symbol)
    new = view.balance(house.account, shares.symbol)
    view = yield [
        quote.transfer(investors, to=house.account, amount=paid),
        shares.transfer(house.account, to=investors, amount=new),
    ]
    yield list(house.order(quote, view.balance(house.account, quote.symbol) - before))
    yield from _hold()


@description
class Active:
    """Trades a part of what it holds again and again.

    rule: "random" tosses a coin (no skill at all); "momentum" buys when the
    outside price rose since its last trade, and sells when it fell. part_bps: of its units or of its
    cash, a trade.
    """

    kind: ClassVar[str] = "active"
    rule: Literal["random", "momentum"] = "random"
    part_bps: ShareBps = 1_000
    every_blocks: AtLeastOne = 10

    def needs(self) -> Mapping[str, Decimal]:
        """Nothing besides units and cash."""
        return {}

    def begin(self, house: House) -> Life:
        """A trade every so many blocks."""
        return _trade(self, house, house.setup.stream("side"))


def _trade(model: Active, house: House, coin: Generator) -> Life:
    view = yield []
    base, quote = house.pool.base, house.pool.quote
    last = view.price(base.symbol)
    while True:
        wishes: list[Order] = []
        if view.block % model.every_blocks == 0:
            price = view.price(base.symbol)
            tossed = bool(coin.random() < 0.5)
            buys = tossed if model.rule == "random" else price > last
            token = quote if buys else base
            last = price
            held = view.balance(house.account, token.symbol)
            wishes = house.order(token, held * model.part_bps // _BPS)
        view = yield list(wishes)


@description
class Rebalancer:
    """Keeps fixed shares of its value in several tokens, by trades against cash.

    weights: shares by symbol in basis points, 10 000 in all; without them half
    units, half cash. Every token but cash needs a market against cash.
    holdings: whole tokens besides units and cash. band_bps: how far a share may
    be off before it is set right.
    """

    kind: ClassVar[str] = "rebalancer"
    weights: Mapping[str, ShareBps] | None = None
    holdings: Mapping[str, Tokens] | None = None
    band_bps: ShareBps = 200

    def __post_init__(self) -> None:
        if self.weights is not None and sum(self.weights.values()) != _BPS:
            raise ScenarioError(
                f"add up to {sum(self.weights.values())} basis points, not {_BPS}", key="weights"
            )

    def needs(self) -> Mapping[str, Decimal]:
        """The further tokens."""
        return {symbol: Decimal(whole) for symbol, whole in (self.holdings or {}).items()}

    def begin(self, house: House) -> Life:
        """Looks at its shares every block."""
        pool = house.pool
        weights = self.weights or {pool.base.symbol: _BPS // 2, pool.quote.symbol: _BPS // 2}
        places = {s: _market(house, s) for s in weights if s != pool.quote.symbol}
        return _rebalance(self, house, weights, places)


def _market(house: House, symbol: str) -> str:
    """The market of a token against cash."""
    both = {symbol, house.pool.quote.symbol}
    for name, pool in house.setup.deployment.pools.items():
        if {pool.base.symbol, pool.quote.symbol} == both:
            return name
    raise ScenarioError(f"there is no market of {symbol} against cash", key="model.weights")


def _rebalance(
    model: Rebalancer, house: House, weights: Mapping[str, int], places: Mapping[str, str]
) -> Life:
    view = yield []
    while True:
        worth = {symbol: house.worth(view, house.setup.token(symbol)) for symbol in weights}
        total = sum(worth.values(), Fraction(0))
        wishes: list[Order] = []
        for symbol, market in places.items():
            off = worth[symbol] - total * Fraction(weights[symbol], _BPS)
            if abs(off) * _BPS > total * model.band_bps:
                wishes += _set_right(house, view, symbol, market, off)
        view = yield list(wishes)


def _set_right(house: House, view: View, symbol: str, market: str, off: Fraction) -> list[Order]:
    """Sell what is too much, buy what is too little; `off` in wei of cash."""
    cash, token = house.pool.quote, house.setup.token(symbol)
    if off > 0:
        return house.order(token, int(off / price_in(view, token, cash)), market)
    return house.order(cash, min(int(-off), view.balance(house.account, cash.symbol)), market)


@description
class Builder:
    """Puts a part of its units, and as much cash, into the pool for good: liquidity that it owns."""

    kind: ClassVar[str] = "builder"
    liquidity_bps: ShareBps = 2_000
    joins_block: AtLeastOne = 1

    def needs(self) -> Mapping[str, Decimal]:
        """Nothing besides units and cash."""
        return {}

    def begin(self, house: House) -> Life:
        """One addition of liquidity."""
        return _build(self, house)


def _build(model: Builder, house: House) -> Life:
    position = Position(house.pool, house.setup.router(house.pool.market), house.account)
    amount = house.units * model.liquidity_bps / _BPS
    view = yield []
    joining = model.joins_block
    while not position.held():
        if view.block < joining:
            view = yield []
            continue
        joining = view.block + RETRY_BLOCKS
        view = yield position.join(view, amount, house.slippage_bps)
    yield from _hold()


MODEL_KINDS: Mapping[str, type[Any]] = {
    kind.kind: kind for kind in (Holder, Active, Rebalancer, Builder)
}
