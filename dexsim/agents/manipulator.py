"""Somebody who moves a pool's price on purpose: the spot price, or an average over blocks."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from math import isqrt
from typing import ClassVar, Literal

from dexsim import cpmm
from dexsim.agents.protocol import Setup, View
from dexsim.blockspace.orders import Order
from dexsim.chain.accounts import Account
from dexsim.description import AtLeastOne, Flag, Positive, Rate, Text, Tokens, description
from dexsim.errors import ScenarioError
from dexsim.market.adapted import AnyPool
from dexsim.market.erc20 import Erc20
from dexsim.units import gwei

_BPS = 10_000
_ROOM = 10  # basis points that the price may have moved for other reasons


@description
class Manipulator:
    """Makes a token dearer in a pool by a factor, for some blocks, and perhaps sells it again.

    pumps: symbol of the token; without it the market's base. factor: by which
    its price, as a mean over `window_blocks`, is to stand above that of the
    block before. method: "hold" pushes it there in every block of the window,
    and expects that arbitrage brought it back meanwhile (where nobody did, it
    is there already, and the push reverts); "once" pushes it in the first block
    alone, by 1 + window_blocks * (factor - 1). sells_back: in the block after
    the window. capital: whole tokens of the other side. Works on pools of
    x * y = k.
    """

    kind: ClassVar[str] = "manipulator"
    role: ClassVar[str] = "manipulator"
    market: Text | None = None
    pumps: Text | None = None
    factor: Positive
    capital: Tokens
    starts_block: AtLeastOne = 1
    window_blocks: AtLeastOne = 1
    method: Literal["hold", "once"] = "hold"
    sells_back: Flag = True
    tip_gwei: Rate = Decimal(0)

    def __post_init__(self) -> None:
        if Decimal(self.factor) <= 1:
            raise ScenarioError(f"{self.factor} does not make it dearer; above 1", key="factor")

    def start(self, setup: Setup) -> ManipulatorActor:
        """Open and fund the account."""
        pool = setup.pool(setup.market_or_first(self.market))
        if pool.fee_bps is None:
            raise ScenarioError(f"market {pool.market!r} is no pool of x * y = k", key="market")
        token = pool.other(pool.other(self.pumps)) if self.pumps is not None else pool.base
        pays = pool.other(token)
        account = setup.account(funds={pays.symbol: Decimal(self.capital)})
        return ManipulatorActor(self, pool, pays, account)


class ManipulatorActor:
    """A `Manipulator` while it lives."""

    def __init__(
        self, described: Manipulator, pool: AnyPool, pays: Erc20, account: Account
    ) -> None:
        self._told = described
        self._pool = pool
        self._pays = pays
        self._account = account
        self._fair = Fraction(0)  # of its own token, in wei that it pays, before the first push

    def act(self, view: View) -> Iterator[Order]:
        """The block's push, or the sale after the window."""
        place = view.block - self._told.starts_block
        if place == 0:
            pays, token = self._pool.sides(self._pays, view.reserves(self._pool.market))
            self._fair = Fraction(pays, token)
        if place == 0 or (0 < place < self._told.window_blocks and self._told.method == "hold"):
            yield from self._push(view)
        elif place == self._told.window_blocks and self._told.sells_back:
            yield from self._sell(view)

    def _push(self, view: View) -> Iterator[Order]:
        """From the fair price to the target; the limit is what it gets from there."""
        sides = self._at_the_fair_price(*self._pool.sides(self._pays, view.reserves(self._market)))
        factor, fee = self._factor(), self._fee
        amount = cpmm.move_price(*sides, factor.numerator, factor.denominator, fee)
        amount = min(amount, view.balance(self._account, self._pays.symbol))
        if amount:
            expected = cpmm.amount_out(amount, *sides, fee)
            # The fee keeps arbitrage a little above the fair price: a push gets a little less.
            yield self._order(self._pays, amount, expected * (_BPS - 2 * fee - _ROOM) // _BPS)

    def _at_the_fair_price(self, pays: int, token: int) -> tuple[int, int]:
        """Reserves after arbitrage without a fee; those that there are, where the price is fair still."""
        if Fraction(pays, token) <= self._fair:
            return pays, token
        return isqrt(int(pays * token * self._fair)), isqrt(int(pays * token / self._fair))

    def _sell(self, view: View) -> Iterator[Order]:
        token = self._pool.other(self._pays)
        amount = view.balance(self._account, token.symbol)
        if amount:
            yield self._order(token, amount, 0)

    def _order(self, token_in: Erc20, amount: int, least: int) -> Order:
        return Order(
            self._account,
            market=self._market,
            token_in=token_in.symbol,
            amount_in=amount,
            min_amount_out=least,
            tip=gwei(Decimal(self._told.tip_gwei)),
        )

    def _factor(self) -> Fraction:
        target = Fraction(Decimal(self._told.factor))
        if self._told.method == "hold":
            return target
        return 1 + self._told.window_blocks * (target - 1)

    @property
    def _market(self) -> str:
        return self._pool.market

    @property
    def _fee(self) -> int:
        assert self._pool.fee_bps is not None
        return self._pool.fee_bps
