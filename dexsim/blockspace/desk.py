"""Where orders become transactions: quotes at the block's start, limits, the router's calldata."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import count

from dexsim import cpmm
from dexsim.blockspace.bundles import Bundle, PendingBundle, Unbundled
from dexsim.blockspace.labels import Attack
from dexsim.blockspace.orders import Order, Submission
from dexsim.blockspace.pending import Pending, make_pending
from dexsim.chain.address import checksum
from dexsim.chain.types import Address, Transaction
from dexsim.description import unknown
from dexsim.errors import Reverted, ScenarioError
from dexsim.market.adapted import AdaptedPool
from dexsim.market.deployment import Deployment
from dexsim.market.pool import Reserves
from dexsim.market.router import SwapCall, read_swap


class Desk:
    """Takes in what agents wish during one run.

    Every submission gets the next number: where nothing else decides, the
    lower number comes first. earliest_ms: no submission counts as having
    arrived before this.
    """

    def __init__(self, deployment: Deployment) -> None:
        self._deployment = deployment
        self._numbers = count(1)
        self._reserves: dict[str, Reserves] = {}
        self._mids: dict[str, Fraction | None] = {}
        self._balances: dict[tuple[str, Address], int] = {}
        self._routers = {venue.router.address for venue in deployment.venues.values()}
        pools = deployment.pools.items()
        self._adapted = {name: pool for name, pool in pools if isinstance(pool, AdaptedPool)}
        self._markets = {
            (deployment.router(name).address, _pair(pool.base.address, pool.quote.address)): name
            for name, pool in pools
        }
        self.block = 0
        self.time_ms = 0
        self.earliest_ms = 0

    def open(self, *, block: int, time_ms: int) -> None:
        """A new block begins: old quotes are worth nothing."""
        self.block, self.time_ms = block, time_ms
        self._reserves.clear()
        self._mids.clear()
        self._balances.clear()

    def check_side(self, market: str, token: str) -> None:
        """Raises ScenarioError for a market that is not there, or a token that is not in it."""
        pools = self._deployment.pools
        if market not in pools:
            raise ScenarioError(unknown(market, list(pools), "market"), key="market")
        both = [pools[market].base.symbol, pools[market].quote.symbol]
        if token not in both:
            raise ScenarioError(unknown(token, both, "token"), key="token_in")

    def reserves(self, market: str) -> Reserves:
        """A pool's reserves at the block's start; asked from the chain once a block."""
        if market not in self._reserves:
            self._reserves[market] = self._deployment.pools[market].reserves()
        return self._reserves[market]

    def balance(self, address: Address, symbol: str) -> int:
        """What an account holds of a token at the block's start, in wei; asked once a block."""
        key = symbol, address
        if key not in self._balances:
            self._balances[key] = self._deployment.tokens[symbol].balance(address)
        return self._balances[key]

    def mid(self, market: str) -> Fraction | None:
        """A pool's price at the block's start, quote wei per base wei; None for an empty pool."""
        if market not in self._mids:
            pool = self._deployment.pools[market]
            if pool.fee_bps is None:
                self._mids[market] = pool.mid()
            else:
                held = self.reserves(market)
                self._mids[market] = held.price if held.base else None
        return self._mids[market]

    def quote(self, order: Order) -> int:
        """What the order would give at the block's start, in wei; 0 when the pool would refuse."""
        pool = self._deployment.pools[order.market]
        if pool.fee_bps is None:
            return self._asked(pool, order)
        sides = pool.sides(order.token_in, self.reserves(order.market))
        try:
            return cpmm.amount_out(order.amount_in, *sides, pool.fee_bps)
        except Reverted:
            return 0

    def _asked(self, pool: AdaptedPool, order: Order) -> int:
        try:
            return pool.amount_out(token_in=order.token_in, amount_in=order.amount_in)
        except Reverted:
            return 0

    def limit(self, order: Order, quoted: int) -> int:
        """The least that the order accepts, in wei."""
        if order.min_amount_out is not None:
            return order.min_amount_out
        if order.convention == "v2-sdk":
            return cpmm.minimum_out_v2_sdk(quoted, order.slippage_bps)
        return cpmm.minimum_out(quoted, order.slippage_bps)

    def through_router(self, order: Order, *, agent: str, role: str) -> Pending:
        """The order as a router's swap."""
        pool = self._deployment.pools[order.market]
        quoted = self.quote(order)
        least = self.limit(order, quoted)
        tx = self._deployment.router(order.market).swap(
            order.account,
            pool=pool,
            token_in=order.token_in,
            amount_in=order.amount_in,
            min_amount_out=least,
            tip=order.tip,
            nonce=order.nonce,
        )
        swap = pool.call_of(tx.sender, order.token_in, order.amount_in, least)
        return self._ordered(order, tx, swap, agent=agent, role=role, quoted=quoted, limit=least)

    def through_auction(self, order: Order, *, agent: str, role: str) -> Pending:
        """The order as it is handed in to its market's auction; through the router where there is none."""
        auction = self._deployment.auctions.get(order.market)
        if auction is None:
            return self.through_router(order, agent=agent, role=role)
        quoted = self.quote(order)
        least = self.limit(order, quoted)
        tx = auction.place(
            order.account,
            token_in=auction.pool.other(auction.pool.other(order.token_in)),
            amount_in=order.amount_in,
            min_amount_out=least,
            tip=order.tip,
            nonce=order.nonce,
        )
        return self._ordered(order, tx, None, agent=agent, role=role, quoted=quoted, limit=least)

    def take(self, sent: Submission, *, agent: str, role: str) -> Pending:
        """A transaction that an agent wrote itself."""
        return self._written(sent, agent=agent, role=role)

    def take_bundle(self, bundle: Bundle, *, agent: str, role: str) -> PendingBundle:
        """A bundle for its block, or the one that is being built."""
        return PendingBundle(
            id=next(self._numbers),
            bundle=bundle,
            agent=agent,
            role=role,
            arrival_ms=self.time_ms,
            submitted_block=self.block,
            block=self.block if bundle.block is None else bundle.block,
        )

    def take_unbundled(self, wish: Unbundled, *, agent: str, role: str) -> list[Pending]:
        """The own legs of an attack, each by itself; they do not outlive the block that they are made for."""
        number = next(self._numbers)
        own = {
            index: self._written(Submission(transaction=leg), agent=agent, role=role)
            for index, leg in enumerate(wish.legs)
            if isinstance(leg, Transaction)
        }
        ids = [
            own[index].id if isinstance(leg, Transaction) else leg.id
            for index, leg in enumerate(wish.legs)
        ]
        attack = Attack(id=number, label=wish.label, legs=tuple(ids))
        return [replace(each, attack=attack, last_block=self.block) for each in own.values()]

    def _ordered(
        self,
        order: Order,
        tx: Transaction,
        swap: SwapCall | None,
        *,
        agent: str,
        role: str,
        quoted: int,
        limit: int,
    ) -> Pending:
        """What an order became; nobody has to decode it."""
        return make_pending(
            id=next(self._numbers),
            tx=tx,
            agent=agent,
            role=role,
            arrival_ms=self._arrival(order),
            submitted_block=self.block,
            visibility=order.visibility,
            builders=tuple(order.builders),
            expires_ms=order.expires_ms,
            order=order,
            swap=swap,
            quoted_out=quoted,
            limit=limit,
            market=order.market,
            mid_quoted=self.mid(order.market),
        )

    def _written(self, sent: Submission, *, agent: str, role: str) -> Pending:
        """A transaction that an agent wrote, as anybody can read it."""
        tx = sent.transaction
        market, swap = self._read(tx)
        return Pending(
            id=next(self._numbers),
            tx=tx,
            agent=agent,
            role=role,
            arrival_ms=self._arrival(None),
            submitted_block=self.block,
            visibility=sent.visibility,
            builders=tuple(sent.builders),
            expires_ms=sent.expires_ms,
            swap=swap,
            market=market,
            mid_quoted=self.mid(market) if market else None,
        )

    def _read(self, tx: Transaction) -> tuple[str | None, SwapCall | None]:
        """Where a transaction swaps, and how much, if that can be read."""
        if tx.to is not None and checksum(tx.to) in self._routers:
            swap = read_swap(tx)
            return self._market_of(tx, swap), swap
        for market, pool in self._adapted.items():
            if (found := pool.read_swap(tx)) is not None:
                return market, found
        return None, None

    def _arrival(self, order: Order | None) -> int:
        """When it came in, by the clock of who takes it in: nobody arrives before they could."""
        said = self.time_ms if order is None or order.arrival_ms is None else order.arrival_ms
        return min(max(said, self.earliest_ms), self.time_ms)

    def _market_of(self, tx: Transaction, swap: SwapCall | None) -> str | None:
        """The market of a swap through one pool, which somebody wrote as a transaction."""
        if swap is None or len(swap.path) != 2 or tx.to is None:
            return None
        return self._markets.get((tx.to, _pair(*swap.path)))


def _pair(first: Address, second: Address) -> frozenset[Address]:
    return frozenset((first, second))


def route_all(orders: Sequence[tuple[Order, str, str]], desk: Desk) -> list[Pending]:
    """Each order through its market's router: what every continuous mechanism does."""
    return [desk.through_router(order, agent=agent, role=role) for order, agent, role in orders]
