"""Holders who sell when the price falls."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from dexsim.agents.protocol import Setup, View
from dexsim.blockspace.orders import Order
from dexsim.chain.accounts import Account
from dexsim.description import AtLeastOne, Rate, ShareBps, Text, Tokens, description
from dexsim.errors import ScenarioError
from dexsim.market.erc20 import Erc20
from dexsim.units import gwei

_BPS = 10_000


@description
class PanicSeller:
    """Holders who sell everything once the price is so far below the highest that they saw.

    The price is the outside one, and the pool's where there is none. sells:
    symbol; without it the market's base token. amount: whole tokens of each
    holder. drop_bps, last_drop_bps: each holder's patience lies between the
    two, drawn evenly; without the latter all have the same. What a
    transaction with its tolerance did not get, the holder tries again in the
    next block. flees_to: a market where it sells what it got for its other token.
    """

    kind: ClassVar[str] = "panic-seller"
    role: ClassVar[str] = "panic-seller"
    market: Text | None = None
    sells: Text | None = None
    count: AtLeastOne = 1
    amount: Tokens
    drop_bps: ShareBps = 1_000
    last_drop_bps: ShareBps | None = None
    flees_to: Text | None = None
    slippage_bps: ShareBps = 1_000
    tip_gwei: Rate = Decimal(1)

    def __post_init__(self) -> None:
        if self.last_drop_bps is not None and self.last_drop_bps < self.drop_bps:
            raise ScenarioError(f"{self.last_drop_bps} is below drop_bps", key="last_drop_bps")

    def start(self, setup: Setup) -> PanicSellerActor:
        """Open and fund the holders' accounts, and draw how much each can bear."""
        pool = setup.pool(setup.market_or_first(self.market))
        token = pool.other(pool.other(self.sells)) if self.sells is not None else pool.base
        patience = setup.stream("patience")
        last = self.drop_bps if self.last_drop_bps is None else self.last_drop_bps
        holders = [
            _Holder(
                setup.account(str(number), {token.symbol: Decimal(self.amount)}),
                self.drop_bps + int((last - self.drop_bps) * patience.random()),
            )
            for number in range(1, self.count + 1)
        ]
        sales = [(pool.market, token)]
        if self.flees_to is not None:
            refuge, got = setup.pool(self.flees_to), pool.other(token)
            refuge.other(got)
            sales.append((refuge.market, got))
        return PanicSellerActor(self, sales, holders)


@dataclass(frozen=True)
class _Holder:
    account: Account
    bears_bps: int


class PanicSellerActor:
    """The holders of one `PanicSeller` while they live."""

    def __init__(
        self, described: PanicSeller, sales: list[tuple[str, Erc20]], holders: list[_Holder]
    ) -> None:
        self._described = described
        self._sales = sales
        self._calm = holders
        self._afraid: list[_Holder] = []
        self._highest = Decimal(0)

    def act(self, view: View) -> Iterator[Order]:
        """Orders of all who cannot bear the price any more."""
        self._frighten(view.price(self._sales[0][1].symbol))
        for holder in self._afraid:
            for market, token in self._sales:
                amount = view.balance(holder.account, token.symbol)
                if amount:
                    yield Order(
                        holder.account,
                        market=market,
                        token_in=token.symbol,
                        amount_in=amount,
                        slippage_bps=self._described.slippage_bps,
                        tip=gwei(Decimal(self._described.tip_gwei)),
                    )

    def _frighten(self, price: Decimal) -> None:
        """Who has borne enough stays afraid, even if the price comes back."""
        self._highest = max(self._highest, price)
        left = price * _BPS / self._highest
        self._afraid += [h for h in self._calm if left <= _BPS - h.bears_bps]
        self._calm = [h for h in self._calm if left > _BPS - h.bears_bps]
