"""Keeps a pool at the outside price, for profit."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import ClassVar

from dexsim import cpmm
from dexsim.agents.gas_estimate import GasEstimate
from dexsim.agents.protocol import Setup, View
from dexsim.blockspace.orders import Order
from dexsim.chain.accounts import Account
from dexsim.description import Rate, Text, Tokens, description
from dexsim.market.erc20 import Erc20
from dexsim.market.pool import Pool
from dexsim.units import gwei


@description
class Arbitrageur:
    """Trades against the outside price whenever that pays after gas.

    The optimal size closes the gap up to the fee (`cpmm.arbitrage`). The swap
    reverts if it would leave less than the gas at outside prices.
    capital: whole tokens by symbol.
    """

    kind: ClassVar[str] = "arbitrageur"
    role: ClassVar[str] = "arbitrageur"
    searches: ClassVar[bool] = True
    market: Text | None = None
    capital: dict[str, Tokens]
    tip_gwei: Rate = Decimal(2)

    def start(self, setup: Setup) -> ArbitrageurActor:
        """Open and fund the account."""
        pool = setup.pool(setup.market_or_first(self.market))
        return ArbitrageurActor(self, pool, setup.account(funds=self.capital))


class ArbitrageurActor:
    """An `Arbitrageur` while it lives."""

    def __init__(self, described: Arbitrageur, pool: Pool, account: Account) -> None:
        self._pool = pool
        self._account = account
        self._tip = gwei(Decimal(described.tip_gwei))
        self._gas = GasEstimate()

    def act(self, view: View) -> Iterator[Order]:
        """One swap towards the outside price, or nothing."""
        self._gas.learn(view.receipts)
        price = self._outside(view)
        reserves = view.reserves(self._pool.market)
        sells_base, amount_in = cpmm.arbitrage(
            reserves.base, reserves.quote, price.numerator, price.denominator, self._pool.fee_bps
        )
        token = self._pool.base if sells_base else self._pool.quote
        if amount_in:
            amount_in = min(amount_in, view.balance(self._account, token.symbol))
        if not amount_in:
            return
        worth = amount_in * price if sells_base else amount_in / price
        least = self._break_even(view, worth, self._pool.other(token))
        order = Order(
            self._account,
            market=self._pool.market,
            token_in=token.symbol,
            amount_in=amount_in,
            min_amount_out=least,
            tip=self._tip,
        )
        if view.quote(order) > least:
            yield order

    def _outside(self, view: View) -> Fraction:
        """Quote wei per base wei, outside."""
        base, quote = self._pool.base, self._pool.quote
        whole = Fraction(view.price(base.symbol)) / Fraction(view.price(quote.symbol))
        return whole * Fraction(10) ** (quote.decimals - base.decimals)

    def _break_even(self, view: View, worth: Fraction, token_out: Erc20) -> int:
        """The output that just pays for the input's worth and the gas, at outside prices."""
        cost = self._gas.of(1) * (view.base_fee + self._tip)
        return int(worth) + 1 + view.native_cost(cost, token_out)
