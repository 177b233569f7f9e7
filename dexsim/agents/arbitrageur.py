"""Keeps a pool at the outside price, for profit."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from fractions import Fraction
from typing import ClassVar

from dexsim import cpmm
from dexsim.agents.gas_estimate import GasEstimate
from dexsim.agents.protocol import Setup, View
from dexsim.agents.searching import peak
from dexsim.blockspace.orders import Order
from dexsim.chain.accounts import Account
from dexsim.description import Rate, Text, Tokens, description
from dexsim.errors import Reverted
from dexsim.market.adapted import AdaptedPool, AnyPool
from dexsim.market.erc20 import Erc20
from dexsim.units import gwei

_SMALL = 1_000_000  # whether a side pays at all is asked with such a part of the reserves
_LEAST = 10_000  # wei: below, rounding hides what a price is


@description
class Arbitrageur:
    """Trades against the outside price whenever that pays after gas.

    The optimal size closes the gap up to the fee (`cpmm.arbitrage`); in a pool
    of no known shape it is searched by its quotes (`searched_arbitrage`). The swap
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

    def __init__(self, described: Arbitrageur, pool: AnyPool, account: Account) -> None:
        self._pool = pool
        self._account = account
        self._tip = gwei(Decimal(described.tip_gwei))
        self._gas = GasEstimate()

    def act(self, view: View) -> Iterator[Order]:
        """One swap towards the outside price, or nothing."""
        self._gas.learn(view.receipts)
        price = self._outside(view)
        token, amount_in = self._best(view, price)
        if not amount_in:
            return
        worth = amount_in * price if token is self._pool.base else amount_in / price
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

    def _best(self, view: View, price: Fraction) -> tuple[Erc20, int]:
        """What to sell, and how much of it: as far as the capital goes, 0 for nothing."""
        pool = self._pool
        if pool.fee_bps is None:
            return searched_arbitrage(pool, price, lambda token: self._held(view, token))
        reserves = view.reserves(pool.market)
        sells_base, amount_in = cpmm.arbitrage(
            reserves.base, reserves.quote, price.numerator, price.denominator, pool.fee_bps
        )
        token = pool.base if sells_base else pool.quote
        return token, min(amount_in, self._held(view, token)) if amount_in else 0

    def _held(self, view: View, token: Erc20) -> int:
        return view.balance(self._account, token.symbol)

    def _outside(self, view: View) -> Fraction:
        """Quote wei per base wei, outside."""
        base, quote = self._pool.base, self._pool.quote
        whole = Fraction(view.price(base.symbol)) / Fraction(view.price(quote.symbol))
        return whole * Fraction(10) ** (quote.decimals - base.decimals)

    def _break_even(self, view: View, worth: Fraction, token_out: Erc20) -> int:
        """The output that just pays for the input's worth and the gas, at outside prices."""
        cost = self._gas.of(1) * (view.base_fee + self._tip)
        return int(worth) + 1 + view.native_cost(cost, token_out)


def searched_arbitrage(
    pool: AdaptedPool, price: Fraction, capital: Callable[[Erc20], int]
) -> tuple[Erc20, int]:
    """(token to sell, amount) of the greatest profit at an outside price, by quotes alone.

    price: quote wei per base wei outside. capital: the most that can be sold of
    a token, in wei. At most `PEAK_QUESTIONS` quotes a side, and one where a
    millionth of the reserves does not pay.
    """
    held = pool.reserves()
    found = []
    for token, reserve in ((pool.base, held.base), (pool.quote, held.quote)):
        gain = _gain(pool, token, price)
        most = capital(token)
        if most and gain(min(most, max(_LEAST, reserve // _SMALL))) > 0:
            amount, profit = peak(gain, most)
            found.append((profit, token, amount))
    best = max(found, key=lambda each: each[0], default=(0, pool.base, 0))
    return best[1], best[2]


def _gain(pool: AdaptedPool, token: Erc20, price: Fraction) -> Callable[[int], int]:
    """What selling so much of a token gains, in units that are the same for both sides."""
    over, under = price.numerator, price.denominator
    mine, others = (over, under) if token is pool.base else (under, over)

    def gain(amount: int) -> int:
        try:
            paid = pool.amount_out(token_in=token, amount_in=amount)
        except Reverted:
            return -amount * mine
        return paid * others - amount * mine

    return gain
