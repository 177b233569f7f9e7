"""What an agent is: a description that starts an actor.

Nothing is inherited. A description is any frozen dataclass with `start`; what
`start` returns remembers what the agent remembers while the run lasts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Context, Decimal
from fractions import Fraction
from typing import Protocol, TypeVar

from dexsim.blockspace.bundles import Bundle, Wish
from dexsim.blockspace.desk import Desk
from dexsim.blockspace.orders import Order
from dexsim.blockspace.pending import Hint, Pending
from dexsim.blockspace.queues import first_free
from dexsim.chain.accounts import Account
from dexsim.chain.chain import Step
from dexsim.chain.open_block import Attempt
from dexsim.chain.types import Address, Receipt, Transaction
from dexsim.description import unknown
from dexsim.errors import ScenarioError
from dexsim.market.adapted import AnyPool, Door
from dexsim.market.deployment import Deployment
from dexsim.market.erc20 import Erc20
from dexsim.market.executors import install
from dexsim.market.funding import allow
from dexsim.market.gauge import Gauge
from dexsim.market.issuer import Issuer
from dexsim.market.pool import Reserves
from dexsim.market.searcher import Searcher
from dexsim.market.tender import Tender
from dexsim.market.world import NATIVE
from dexsim.streams import Generator, Streams

_T = TypeVar("_T")


class Actor(Protocol):
    """An agent that lives in a run."""

    def act(self, view: View) -> Iterable[Wish] | None:
        """What the agent wishes this block: orders, transactions, bundles; it cannot execute anything."""


class Agent(Protocol):
    """A description of an agent.

    Optional class attributes: `role` (how the tables call it; default the
    class's name in lower case), `searches` (True: it acts after the others,
    and sees what they have pending; default False) and `answers` (True: where the
    mechanism has several rounds a block, a searcher acts in each, and sees what rivals
    have pending; default False: in the first alone).
    """

    def start(self, setup: Setup) -> Actor:
        """Called once before the first block: open accounts, take handles, keep a random stream."""


def role_of(agent: object) -> str:
    """How the tables call an agent's part."""
    return str(getattr(agent, "role", type(agent).__name__.lower()))


def searches(agent: object) -> bool:
    """Whether the agent acts in the search phase."""
    return bool(getattr(agent, "searches", False))


def answers(agent: object) -> bool:
    """Whether a searcher acts in every round of a block."""
    return bool(getattr(agent, "answers", False))


@dataclass(kw_only=True)
class Setup:
    """What an agent gets before the first block.

    name: the agent's name in the scenario. start_ms: when the run begins.
    block_seconds: mean time between blocks. rng: a random stream of its own;
    `stream(...)` gives further ones.
    """

    name: str
    deployment: Deployment
    streams: Streams
    start_ms: int
    block_seconds: Decimal
    endowment: str
    accounts: list[Account] = field(default_factory=list)
    contracts: list[Address] = field(default_factory=list)
    rng: Generator = field(init=False)
    _known: dict[str, Account] = field(init=False, default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        self.rng = self.streams.generator("own")

    def stream(self, *purpose: object) -> Generator:
        """A random stream for a purpose, independent of every other."""
        return self.streams.generator(*purpose)

    def account(self, name: str = "", funds: Mapping[str, str | Decimal] | None = None) -> Account:
        """A funded account that may trade in every market.

        name: defaults to the agent's; the same name gives the same account.
        funds: whole tokens by symbol, besides the native money that every
        account gets; only when it is opened.
        """
        full = self.name if name in {"", self.name} else f"{self.name} {name}"
        known = self._known.get(full)
        if known is not None and not funds:
            return known
        if known is not None:
            raise ScenarioError(f"the account {full!r} is open, and was funded then")
        opened = self.deployment.account(full, funds, native=self.endowment, agent=self.name)
        self.accounts.append(opened)
        self._known[full] = opened
        return opened

    def executor(
        self, name: str = "", funds: Mapping[str, str | Decimal] | None = None
    ) -> tuple[Account, Searcher]:
        """An account as `account` opens it, and a contract of its own that it trades through.

        The contract holds the funds, and as much native money as the account, out of which it tips;
        in the tables both belong to the agent.
        """
        owner = self.account(name)
        searcher = install(
            self.deployment, owner, funds or {}, native=self.endowment, agent=self.name
        )
        self.contracts.append(searcher.address)
        return owner, searcher

    def pool(self, market: str) -> AnyPool:
        """A market's pool."""
        return _named(self.deployment.pools, market, "market")

    def router(self, market: str) -> Door:
        """The router of a market's venue; of a pool behind an adapter its own door."""
        self.pool(market)
        return self.deployment.router(market)

    def gauge(self, name: str) -> Gauge:
        """A gauge."""
        return _named(self.deployment.gauges, name, "gauge")

    def issuer(self, symbol: str) -> Issuer:
        """A token that is issued against cash."""
        return _named(self.deployment.issuers, symbol, "issued token")

    def tender(self, name: str) -> Tender:
        """An offer to buy a whole token back."""
        return _named(self.deployment.tenders, name, "tender")

    def allow(self, account: Account, symbol: str, spender: object) -> None:
        """Let a contract take a token from an account of the agent's, as routers may already."""
        allow(self.deployment, account, symbol, spender)

    def token(self, symbol: str) -> Erc20:
        """A token."""
        return _named(self.deployment.tokens, symbol, "token")

    def market_or_first(self, market: str | None) -> str:
        """The market named, or the world's first."""
        return next(iter(self.deployment.pools)) if market is None else self.pool(market).market


_DIGITS = Context(prec=28)
"""Of prices that a pool says; a context of our own, because anybody can change the global one."""


def _decimal(value: Fraction) -> Decimal:
    return _DIGITS.divide(Decimal(value.numerator), Decimal(value.denominator))


def _named(among: Mapping[str, _T], name: str, what: str) -> _T:
    if name not in among:
        raise ScenarioError(unknown(name, list(among), what))
    return among[name]


class Prices(Protocol):
    """Outside prices, as far as they can be known."""

    def at(self, time_ms: int) -> Mapping[str, Decimal]:
        """Of one whole token in the numeraire, by symbol, for every token that has one."""


@dataclass(frozen=True, kw_only=True)
class View:
    """What an agent can see when it acts.

    block: of the run, from 1. time_ms: of the block that is being built;
    since_ms: of the one before. receipts: its own, of the block before.
    pending: the waiting transactions that it may read (searchers: those of this
    block too); hints: what it is told of others that it may not.
    """

    block: int
    time_ms: int
    since_ms: int
    base_fee: int
    pending: tuple[Pending, ...]
    hints: tuple[Hint, ...]
    receipts: tuple[Receipt, ...]
    prices: Prices
    desk: Desk
    deployment: Deployment
    _rates: dict[str, tuple[int, int]] = field(default_factory=dict, repr=False, compare=False)

    def price(self, symbol: str, *, time_ms: int | None = None) -> Decimal:
        """Price of one whole token in the numeraire.

        The outside price, now or at an earlier time; for a token that has none,
        what a pool says at the block's start. Raises ScenarioError for a time
        to come, and for a token that nothing prices.
        """
        outside = self.prices.at(self.time_ms if time_ms is None else time_ms)
        if symbol in outside:
            return outside[symbol]
        return self._pool_price(symbol, outside)

    def _pool_price(self, symbol: str, outside: Mapping[str, Decimal]) -> Decimal:
        """A token's price in the first pool that holds it against a priced one."""
        asked = self._wrapped() if symbol == NATIVE else symbol
        if asked in outside:
            return outside[asked]
        for market, pool in self.deployment.pools.items():
            if asked not in {pool.base.symbol, pool.quote.symbol}:
                continue
            other = pool.other(asked)
            if other.symbol in outside:
                mid = self.desk.mid(market)
                if mid is None:
                    continue
                scale = Fraction(10) ** (pool.other(other).decimals - other.decimals)
                of_other = mid if other is pool.quote else 1 / mid
                return _decimal(Fraction(outside[other.symbol]) * of_other * scale)
        key = "gas.native_price" if symbol == NATIVE else f"world.prices.{symbol}"
        raise ScenarioError(f"nothing says what {symbol} costs", key=key)

    def _wrapped(self) -> str:
        """The token that wraps native money, "" without one."""
        return self.deployment.wrapped or ""

    def native_cost(self, wei: int, token: Erc20) -> int:
        """Native money as wei of a token at outside prices, rounded up."""
        worth, scale = self._native_in(token)
        return -(-wei * worth // scale)

    def native_worth(self, wei: int, token: Erc20) -> int:
        """Wei of a token as native money at outside prices, rounded down."""
        worth, scale = self._native_in(token)
        return int(Fraction(wei * scale, worth))

    def _native_in(self, token: Erc20) -> tuple[int, int]:
        """What a wei of native money is worth in wei of a token, as a fraction of two integers."""
        rate = self._rates.get(token.symbol)
        if rate is None:
            over, under = self.price(NATIVE).as_integer_ratio()
            token_over, token_under = self.price(token.symbol).as_integer_ratio()
            rate = over * token_under * 10**token.decimals, under * token_over * 10**18
            self._rates[token.symbol] = rate
        return rate

    def mid(self, market: str) -> Fraction | None:
        """A pool's price at the block's start, quote wei per base wei; None for an empty pool."""
        return self.desk.mid(market)

    def rehearse(self, steps: Iterable[Step]) -> list[Receipt]:
        """What transactions would do at the top of this block: their receipts; nothing stays.

        A step is a transaction, or a function of the receipts so far that gives
        one; what it reads is the state that the steps before it have left.
        Raises TransactionRejected for what the block could not hold.
        """
        chain = self.deployment.chain
        return chain.rehearse(steps, time_ms=self.time_ms, base_fee=self.base_fee)

    def call_bundle(self, bundle: Bundle) -> Attempt:
        """What a bundle would do at the top of this block, as `eth_callBundle` tells it; nothing stays.

        Raises ScenarioError for one that names what cannot be read.
        """
        txs = [leg.tx if isinstance(leg, Pending) else leg for leg in bundle.legs]
        if any(isinstance(tx, Hint) for tx in txs):
            raise ScenarioError("what is only hinted at cannot be executed")
        return self.deployment.chain.simulate(
            [tx for tx in txs if isinstance(tx, Transaction)],
            may_revert=bundle.may_revert,
            time_ms=self.time_ms,
            base_fee=self.base_fee,
        )

    def nonce(self, account: Account) -> int:
        """The first nonce of an account for which no transaction waits that this agent can read."""
        own = (each for each in self.pending if each.tx.sender == account.address)
        return first_free(own, self.deployment.chain.nonce(account))

    def reserves(self, market: str) -> Reserves:
        """A pool's reserves at the block's start."""
        return self.desk.reserves(market)

    def quote(self, order: Order) -> int:
        """What an order would give at the block's start, in wei."""
        return self.desk.quote(order)

    def balance(self, account: Account | Searcher, symbol: str) -> int:
        """What an account, or its contract, holds at the block's start, in wei; `ETH`: native money."""
        if symbol == NATIVE:
            return self.deployment.chain.balance(account.address)
        return self.desk.balance(account.address, symbol)
