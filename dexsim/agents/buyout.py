"""People around a buy-out: who wants the whole token, and who will not sell."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import ClassVar

from eth_hash.auto import keccak

from dexsim import cpmm
from dexsim.agents.protocol import Setup, View
from dexsim.blockspace.bundles import Wish
from dexsim.blockspace.orders import Order
from dexsim.chain.accounts import Account
from dexsim.chain.address import from_bytes
from dexsim.chain.chain import Chain
from dexsim.chain.types import Address
from dexsim.description import AtLeastOne, ShareBps, Text, Tokens, description
from dexsim.errors import ScenarioError
from dexsim.market.erc20 import Erc20
from dexsim.market.pool import Pool
from dexsim.market.tender import Tender
from dexsim.units import to_wei

_BPS = 10_000
_TRANSFER = bytes(keccak(b"Transfer(address,address,uint256)"))


@description
class Bidder:
    """Wants every token that there is.

    market: where it buys until it has buys_bps of the supply; the token is the
    market's base. tender: the offer that it opens in opens_block, and carries
    through; without one it only buys. capital: whole tokens of the market's
    quote token.
    """

    kind: ClassVar[str] = "bidder"
    role: ClassVar[str] = "bidder"
    market: Text
    capital: Tokens
    buys_bps: ShareBps = 0
    tender: Text | None = None
    opens_block: AtLeastOne = 1

    def start(self, setup: Setup) -> BidderActor:
        """Open and fund the account; it has the agent's name, as the tender's bidder has."""
        pool = setup.pool(self.market)
        if not isinstance(pool, Pool):
            raise ScenarioError(f"market {pool.market!r} is no pool of x * y = k", key="market")
        account = setup.account(funds={pool.quote.symbol: Decimal(self.capital)})
        tender = None if self.tender is None else setup.tender(self.tender)
        if tender is not None:
            if tender.bidder != account:
                problem = f"the bidder is {tender.bidder}, and not {account}"
                raise ScenarioError(problem, key=f"world.tenders.{self.tender}.bidder")
            setup.allow(account, tender.cash.symbol, tender)
            setup.allow(account, tender.token.symbol, tender)
        return BidderActor(self, pool, tender, account, setup.deployment.chain)


class BidderActor:
    """A `Bidder` while it lives."""

    def __init__(
        self, described: Bidder, pool: Pool, tender: Tender | None, account: Account, chain: Chain
    ) -> None:
        self._told = described
        self._pool = pool
        self._tender = tender
        self._account = account
        self._register = _Register(pool.base, chain)
        self._decided = False

    def act(self, view: View) -> Iterator[Wish]:
        """Buy, open, settle, and squeeze out who is left."""
        self._register.read()
        yield from self._buy(view)
        if self._tender is None:
            return
        if view.block == self._told.opens_block:
            yield self._tender.open()
        elif self._tender.is_open() and not self._is_late(view):
            # What is its own counts when it is handed in, like everybody's.
            mine = view.balance(self._account, self._tender.token.symbol)
            if mine:
                yield self._tender.accept(self._account, amount=mine)
        elif not self._decided and self._tender.is_open():
            self._decided = True
            yield self._tender.settle(self._account)
        elif self._decided and self._tender.is_settled():
            yield from self._carry_through(self._tender)

    def _buy(self, view: View) -> Iterator[Order]:
        """From the pool, in one order, what is missing of the share that it wants."""
        base, quote = self._pool.base, self._pool.quote
        wanted = base.total_supply() * self._told.buys_bps // _BPS
        handed_in = 0 if self._tender is None else self._tender.accepted(self._account)
        missing = wanted - view.balance(self._account, base.symbol) - handed_in
        reserves = view.reserves(self._pool.market)
        if missing <= 0:
            return
        money = view.balance(self._account, quote.symbol)
        if missing < reserves.base:
            price = cpmm.amount_in(missing, reserves.quote, reserves.base, self._pool.fee_bps)
            money = min(money, price)
        if money:
            yield Order(
                self._account,
                market=self._pool.market,
                token_in=quote.symbol,
                amount_in=money,
                slippage_bps=_BPS,
            )

    def _is_late(self, view: View) -> bool:
        assert self._tender is not None
        return view.time_ms // 1000 > self._tender.deadline

    def _carry_through(self, tender: Tender) -> Iterator[Wish]:
        me = self._account
        apart = {me.address, tender.address, tender.token.address}
        others = [who for who in self._register.holders if who not in apart]
        if tender.accepted(me):
            yield tender.collect(me, holder=me)
        for holder in others:
            if tender.accepted(holder):
                yield tender.collect(me, holder=holder)
            elif tender.drags_along() and tender.token.squeezable(holder):
                yield tender.squeeze(me, holder=holder)
        if tender.cash_held() and not any(tender.accepted(holder) for holder in others):
            yield tender.return_surplus(me)


class _Register:
    """Everybody who ever got a token, from its events: whoever reads the chain knows them."""

    def __init__(self, token: Erc20, chain: Chain) -> None:
        self._token = token
        self._chain = chain
        self.holders: dict[Address, None] = {}

    def read(self) -> None:
        """What happened in the block before."""
        block = self._chain.head
        for receipt in block.receipts if block is not None else ():
            for log in receipt.logs:
                if log.address == self._token.address and log.topics[0] == _TRANSFER:
                    self.holders[from_bytes(log.topics[2][12:])] = None


@description
class Holdout:
    """Holders with a price below which they will not sell: to the pool, or to a tender.

    market: of the token, which is its base. count: holders; amount: whole
    tokens of each. ask: whole quote tokens for a whole token, of the first
    holder; last_ask: of the last one, the others evenly between them. A
    holder accepts a tender that pays the ask, or else sells to the pool once its
    price is there.
    """

    kind: ClassVar[str] = "holdout"
    role: ClassVar[str] = "holdout"
    market: Text
    count: AtLeastOne = 1
    amount: Tokens
    ask: Tokens
    last_ask: Tokens | None = None
    tender: Text | None = None
    slippage_bps: ShareBps = 1_000

    def start(self, setup: Setup) -> HoldoutActor:
        """Open and fund the holders' accounts."""
        pool = setup.pool(self.market)
        if not isinstance(pool, Pool):
            raise ScenarioError(f"market {pool.market!r} is no pool of x * y = k", key="market")
        tender = None if self.tender is None else setup.tender(self.tender)
        holders = {}
        for number in range(1, self.count + 1):
            account = setup.account(str(number), {pool.base.symbol: Decimal(self.amount)})
            holders[account] = self._ask(number, pool)
            if tender is not None:
                setup.allow(account, pool.base.symbol, tender)
        return HoldoutActor(self, pool, tender, holders)

    def _ask(self, number: int, pool: Pool) -> int:
        """Quote wei for a whole token."""
        first = Decimal(self.ask)
        last = first if self.last_ask is None else Decimal(self.last_ask)
        step = (last - first) / max(self.count - 1, 1)
        places = Decimal(1).scaleb(-pool.quote.decimals)
        return to_wei((first + step * (number - 1)).quantize(places), pool.quote.decimals)


class HoldoutActor:
    """The holders of one `Holdout` while they live."""

    def __init__(
        self, described: Holdout, pool: Pool, tender: Tender | None, holders: dict[Account, int]
    ) -> None:
        self._told = described
        self._pool = pool
        self._tender = tender
        self._holders = holders

    def act(self, view: View) -> Iterator[Wish]:
        """Who is offered enough sells."""
        base = self._pool.base
        reserves = view.reserves(self._pool.market)
        unit = 10**base.decimals
        for holder, ask in self._holders.items():
            amount = view.balance(holder, base.symbol)
            if not amount:
                continue
            if self._offered(view) * unit >= ask * 10**18:
                assert self._tender is not None
                yield self._tender.accept(holder, amount=amount)
            elif reserves.quote * unit >= ask * reserves.base:
                yield Order(
                    holder,
                    market=self._pool.market,
                    token_in=base.symbol,
                    amount_in=amount,
                    slippage_bps=self._told.slippage_bps,
                )

    def _offered(self, view: View) -> int:
        """What the tender pays, while it can be accepted: wei for 10**18 wei."""
        tender = self._tender
        if tender is None or view.time_ms // 1000 > tender.deadline or not tender.is_open():
            return 0
        return tender.price
