"""Customers of an issuer: those who hold its token's price, and those who want their cash back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import ClassVar

from dexsim import cpmm
from dexsim.agents.gas_estimate import GasEstimate
from dexsim.agents.protocol import Setup, View
from dexsim.blockspace.bundles import Bundle, Wish
from dexsim.blockspace.orders import Order
from dexsim.chain.accounts import Account
from dexsim.chain.types import Transaction
from dexsim.description import AtLeastOne, Flag, Rate, Text, Tokens, description
from dexsim.errors import ScenarioError
from dexsim.market.issuer import Issuer
from dexsim.market.pool import Pool
from dexsim.market.router import Router
from dexsim.units import gwei

_SCALE = 10**18


@description
class Redeemer:
    """Keeps a pool at what an issuer pays and takes, for profit.

    Where the pool's price of the token is above what minting costs, it mints and
    sells; where it is below what a redemption pays, it buys and redeems; both
    in a bundle, as far as fees of pool and issuer, gas, the block's caps, the
    reserve, hours and its capital go. market: of the token, which is its base,
    against anything that has an outside price or is the backing itself.
    capital: whole tokens by symbol. With a delay it redeems when its time has come.
    """

    kind: ClassVar[str] = "redeemer"
    role: ClassVar[str] = "redeemer"
    searches: ClassVar[bool] = True
    market: Text
    capital: dict[str, Tokens]
    mints: Flag = True
    redeems: Flag = True
    tip_gwei: Rate = Decimal(2)

    def start(self, setup: Setup) -> RedeemerActor:
        """Open and fund the account, and let the issuer take its backing."""
        pool = setup.pool(self.market)
        if not isinstance(pool, Pool) or not isinstance(pool.base, Issuer):
            raise ScenarioError(
                f"the base of market {pool.market!r} is no issued token in a pool of x * y = k",
                key="market",
            )
        account = setup.account(funds=self.capital)
        setup.allow(account, pool.base.cash.symbol, pool.base)
        router = setup.router(pool.market)
        assert isinstance(router, Router)
        return RedeemerActor(self, pool, pool.base, router, account)


class RedeemerActor:
    """A `Redeemer` while it lives."""

    def __init__(
        self, described: Redeemer, pool: Pool, issuer: Issuer, router: Router, account: Account
    ) -> None:
        self._told = described
        self._pool = pool
        self._issuer = issuer
        self._router = router
        self._account = account
        self._tip = gwei(Decimal(described.tip_gwei))
        self._gas = GasEstimate()

    def act(self, view: View) -> Iterator[Wish]:
        """One bundle, and what is due of earlier requests."""
        self._gas.learn(view.receipts)
        now = view.time_ms // 1000
        waiting = self._issuer.requested(self._account)
        if waiting and now >= self._issuer.payable_at(self._account):
            yield self._issuer.claim(
                self._account,
                amount=min(waiting, self._issuer.redeem_cap(), self._issuer.reserve()),
            )
        if not self._issuer.is_open(now):
            return
        par = self._par(view)
        legs = self._mint_and_sell(view, par) or self._buy_and_redeem(view, par)
        if legs:
            tipped = tuple(replace(leg, max_priority_fee_per_gas=self._tip) for leg in legs)
            yield Bundle(legs=tipped)

    def _par(self, view: View) -> Fraction:
        """What the backing costs outside: quote wei for a wei of it."""
        backing, quote = self._issuer.cash, self._pool.quote
        if backing is quote:
            return Fraction(1)
        whole = Fraction(view.price(backing.symbol)) / Fraction(view.price(quote.symbol))
        return whole * Fraction(10) ** (quote.decimals - backing.decimals)

    def _mint_and_sell(self, view: View, par: Fraction) -> list[Transaction]:
        if not self._told.mints or not self._issuer.minting():
            return []
        dear = par * Fraction(self._issuer.deposit_for(_SCALE), _SCALE)
        sells, amount = self._towards(view, dear)
        if not sells:
            return []
        capital = view.balance(self._account, self._issuer.cash.symbol)
        amount = min(amount, int(capital * par / dear), self._issuer.mint_cap())
        if amount <= 0:
            return []
        deposit = self._issuer.deposit_for(amount)
        out = self._out(view, amount, sells_base=True)
        if out <= deposit * par + self._cost(view, 2):
            return []
        sale = self._swap(token_in=self._pool.base.symbol, amount_in=amount, least=out)
        return [self._issuer.issue(self._account, deposit=deposit), sale]

    def _buy_and_redeem(self, view: View, par: Fraction) -> list[Transaction]:
        if not self._told.redeems:
            return []
        asked = min(self._issuer.reserve(), _SCALE)  # more than the reserve pays nothing
        paid = Fraction(self._issuer.payment_for(asked), asked) if asked else Fraction(0)
        if not paid:
            return []
        sells_base, amount = self._towards(view, par * paid)
        held = view.balance(self._account, self._pool.quote.symbol)
        amount = min(amount, held)
        if sells_base or amount <= 0:
            return []
        sides = self._pool.sides(self._pool.quote, view.reserves(self._pool.market))
        most = min(self._issuer.redeem_cap(), self._issuer.reserve(), sides[1] - 1)
        out = self._out(view, amount, sells_base=False)
        if out > most:
            amount, out = cpmm.amount_in(most, *sides, self._pool.fee_bps), most
        if not out or int(out * paid * par) <= amount + self._cost(view, 2):
            return []
        bought = self._swap(token_in=self._pool.quote.symbol, amount_in=amount, least=out)
        return [bought, self._hand_in(out)]

    def _hand_in(self, amount: int) -> Transaction:
        if self._issuer.delay():
            return self._issuer.request(self._account, amount=amount)
        return self._issuer.redeem(self._account, amount=amount)

    def _towards(self, view: View, price: Fraction) -> tuple[bool, int]:
        """The most profitable swap if the token is worth `price`, before gas."""
        held = view.reserves(self._pool.market)
        fee = self._pool.fee_bps
        return cpmm.arbitrage(held.base, held.quote, price.numerator, price.denominator, fee)

    def _out(self, view: View, amount: int, *, sells_base: bool) -> int:
        token = self._pool.base if sells_base else self._pool.quote
        sides = self._pool.sides(token, view.reserves(self._pool.market))
        return cpmm.amount_out(amount, *sides, self._pool.fee_bps)

    def _swap(self, *, token_in: str, amount_in: int, least: int) -> Transaction:
        return self._router.swap(
            self._account,
            pool=self._pool,
            token_in=token_in,
            amount_in=amount_in,
            min_amount_out=least,
        )

    def _cost(self, view: View, transactions: int) -> int:
        """Gas for so many transactions, in wei of the quote token."""
        wei = self._gas.of(transactions) * (view.base_fee + self._tip)
        return view.native_cost(wei, self._pool.quote) if wei else 0


@description
class Leaver:
    """Holders of an issued token who want their cash back, one after the other.

    token: symbol. count: holders; amount: whole tokens of each. starts_block:
    from then on each redeems all it can: as far as the block's cap and the
    reserve go, the first holder first. sells_in: the market where those sell who
    cannot be paid any more; without it they wait.
    """

    kind: ClassVar[str] = "leaver"
    role: ClassVar[str] = "leaver"
    token: Text
    count: AtLeastOne = 1
    amount: Tokens
    starts_block: AtLeastOne = 1
    sells_in: Text | None = None
    tip_gwei: Rate = Decimal(1)

    def start(self, setup: Setup) -> LeaverActor:
        """Open and fund the holders' accounts."""
        issuer = setup.issuer(self.token)
        if self.sells_in is not None:
            setup.pool(self.sells_in).other(self.token)
        amount = Decimal(self.amount)
        holders = [
            setup.account(str(number), {self.token: amount}) for number in range(1, self.count + 1)
        ]
        return LeaverActor(self, issuer, holders)


class LeaverActor:
    """The holders of one `Leaver` while they live."""

    def __init__(self, described: Leaver, issuer: Issuer, holders: list[Account]) -> None:
        self._told = described
        self._issuer = issuer
        self._holders = holders
        self._tip = gwei(Decimal(described.tip_gwei))

    def act(self, view: View) -> Iterator[Wish]:
        """Requests, claims and redemptions that the issuer can serve in this block."""
        if view.block < self._told.starts_block:
            return
        now = view.time_ms // 1000
        room, left = self._issuer.redeem_cap(), self._issuer.reserve()
        for holder in self._holders:
            for tx, amount in self._served(view, holder, min(room, left), now):
                room, left = room - amount, left - amount
                yield replace(tx, max_priority_fee_per_gas=self._tip)
            if not left and self._told.sells_in is not None:
                yield from self._sell(view, holder, self._told.sells_in)

    def _sell(self, view: View, holder: Account, market: str) -> Iterator[Order]:
        """In the pool, for whatever it gives: the issuer has nothing left."""
        held = view.balance(holder, self._issuer.symbol)
        if held and not self._issuer.reserve():
            yield Order(
                holder,
                market=market,
                token_in=self._issuer.symbol,
                amount_in=held,
                slippage_bps=10_000,
                tip=self._tip,
            )

    def _served(
        self, view: View, holder: Account, most: int, now: int
    ) -> Iterator[tuple[Transaction, int]]:
        """What a holder sends, and how much of the block's room that takes."""
        held = view.balance(holder, self._issuer.symbol)
        if not self._issuer.delay():
            amount = min(held, most)
            if amount and self._issuer.is_open(now):
                yield self._issuer.redeem(holder, amount=amount), amount
            return
        waiting = self._issuer.requested(holder)
        if held and self._issuer.is_open(now):
            yield self._issuer.request(holder, amount=held), 0
        elif waiting and now >= self._issuer.payable_at(holder) and min(waiting, most):
            yield self._issuer.claim(holder, amount=min(waiting, most)), min(waiting, most)
