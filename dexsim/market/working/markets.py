"""A pool at hand: of a deployment by name or pair, or any Uniswap-v2 pair by its address."""

from __future__ import annotations

from dataclasses import dataclass

from dexsim.chain.address import checksum
from dexsim.chain.types import Address
from dexsim.errors import ArtifactError, Reverted, ScenarioError
from dexsim.market.contract import Contract
from dexsim.market.deploying.book import Book, Entry
from dexsim.market.erc20 import Erc20
from dexsim.market.factory import factory_interface
from dexsim.market.pool import Pool, pool_interface
from dexsim.market.router import Router
from dexsim.market.working.amounts import Said, told
from dexsim.market.working.tokens import token_at, token_of

COINS = "ETH"
"""What the chain's own money is called here."""

_USUAL_FEE_BPS = 30


@dataclass(frozen=True)
class Side:
    """What is paid or got: a pool's token, or the chain's own coins where the token wraps them."""

    token: Erc20
    coins: bool = False

    @property
    def symbol(self) -> str:
        """As people call it."""
        return COINS if self.coins else self.token.symbol

    def tell(self, amount: int) -> str:
        """An amount of it, in words."""
        return f"{told(amount, self.token.decimals)} {self.symbol}"


@dataclass(frozen=True, kw_only=True)
class Market:
    """A pool with its door. router: None where none is known. wrapped: the token that wraps coins."""

    name: str
    pool: Pool
    router: Router | None = None
    wrapped: Address | None = None
    plan: str = ""

    @property
    def pair(self) -> str:
        """As people say it, base first."""
        return f"{self.pool.base}/{self.pool.quote}"

    @property
    def shares(self) -> Erc20:
        """Its LP token."""
        return Erc20(self.pool.address, self.pool.contract.chain, symbol="LP")

    @property
    def door(self) -> Router:
        """The router. Raises ScenarioError where none is known."""
        if self.router is None:
            raise ScenarioError(
                f"no router of the pool at {self.pool.address} is known here; name it: --router ADDR",
                key="--router",
            )
        return self.router

    def side(self, unit: str, *, key: str) -> Side:
        """What a word means at this pool. Raises ScenarioError naming what it trades."""
        for token in (self.pool.base, self.pool.quote):
            if unit == token.symbol or unit.lower() == token.address.lower():
                return Side(token)
        for token in (self.pool.base, self.pool.quote):
            if unit.upper() == COINS and token.address == self.wrapped:
                return Side(token, coins=True)
            if unit.casefold() == token.symbol.casefold():
                return Side(token)
        if unit.upper() == COINS and self.router is None:
            raise ScenarioError(
                f"{COINS} takes a router, and none is known: --router ADDR", key=key
            )
        raise ScenarioError(f"{self.name} trades {self._traded()}, not {unit!r}", key=key)

    def sides(self, said: Said, *, key: str, other: Side | None = None) -> Side:
        """What an amount is of; a bare number is of the one that `other` is not."""
        if said.unit:
            return self.side(said.unit, key=key)
        if other is not None:
            return self.opposite(other)
        base, quote = self.pool.base.symbol, self.pool.quote.symbol
        raise ScenarioError(
            f"{said.text!r} of which token? Say '{said.number} {base}' or '{said.number} {quote}'",
            key=key,
        )

    def opposite(self, side: Side) -> Side:
        """The pool's other token."""
        base, quote = self.pool.base, self.pool.quote
        return Side(quote if side.token is base else base)

    def _traded(self) -> str:
        base, quote = self.pool.base, self.pool.quote
        wraps = self.wrapped in (base.address, quote.address)
        return f"{base} and {quote}{f' (or {COINS})' if wraps else ''}"


def find_market(book: Book, said: str, router: str | None = None) -> Market:
    """A pool by name, pair ("USDC/WETH": base and quote as said) or address.

    router: the address of the door to take; by default that of the deployment. Raises
    ScenarioError for what is not there, DeploymentError where the chain was restarted.
    """
    try:
        known = not said.startswith("0x") or book.at(said) in book.pools
        if not known:
            return _foreign(book, checksum(said), router)
        entry = book.pool(said)
    except ScenarioError as error:
        raise error if error.key else error.within("POOL") from None
    return market_of(book, entry, said, router)


def market_of(book: Book, entry: Entry, said: str = "", router: str | None = None) -> Market:
    """A recorded pool. said: a pair in the order that is meant."""
    facts = entry.record.pool
    assert facts is not None
    symbols = facts.pair.split("/")
    tokens = {symbol: token_of(book.beside(entry, symbol), book.chain) for symbol in symbols}
    turned = said.casefold() == "/".join(reversed(symbols)).casefold()
    base, quote = reversed(symbols) if turned else symbols
    pool = Pool(
        entry.address,
        book.chain,
        base=tokens[base],
        quote=tokens[quote],
        fee_bps=facts.fee_bps,
        market=entry.name,
    )
    door = router or book.beside(entry, facts.router).address
    return _with_door(pool, entry.name, door, book, plan=entry.plan, check=router is not None)


def _foreign(book: Book, address: Address, router: str | None) -> Market:
    """A pair that no deployment here knows: the chain is asked."""
    pair = Contract(pool_interface(), address, book.chain, name="pair")
    try:
        first, second = pair.read.token0(), pair.read.token1()
        pair.read.getReserves()
    except (Reverted, ArtifactError):
        raise ScenarioError(
            f"there is no Uniswap-v2 pair at {address} on chain {book.chain_id}"
        ) from None
    base, quote = (token_at(token, book.chain) for token in (first, second))
    pool = Pool(address, book.chain, base=base, quote=quote, fee_bps=_fee_bps(pair))
    door = router or _router_of(pair, book)
    name = f"{base}/{quote}"
    if door is None:
        return Market(name=name, pool=pool)
    return _with_door(pool, name, door, book, check=True)


def _with_door(
    pool: Pool, name: str, door: str, book: Book, *, plan: str = "", check: bool = False
) -> Market:
    router = Router(checksum(door), book.chain)
    try:
        wrapped = router.contract.read.WETH()
        if check:
            _check_door(router, pool, book)
    except (Reverted, ArtifactError):
        raise ScenarioError(
            f"there is no Uniswap-v2 router at {router.address}", key="--router"
        ) from None
    return Market(name=name, pool=pool, router=router, wrapped=wrapped, plan=plan)


def _check_door(router: Router, pool: Pool, book: Book) -> None:
    """A router finds pools by their tokens: that of another factory would trade in another pool."""
    factory = Contract(
        factory_interface(), router.contract.read.factory(), book.chain, name="factory"
    )
    worked = factory.read.getPair(pool.base, pool.quote)
    if worked != pool.address:
        raise ScenarioError(
            f"the router at {router.address} does not work the pool at {pool.address}: its pool of "
            f"{pool.base} and {pool.quote} is {worked}",
            key="--router",
        )


def _router_of(pair: Contract, book: Book) -> Address | None:
    """A router of the deployments that works for the pair's factory."""
    try:
        factory = pair.read.factory()
    except (Reverted, ArtifactError):
        return None
    for entry in book.routers:
        if Router(book.standing(entry).address, book.chain).contract.read.factory() == factory:
            return entry.address
    return None


def _fee_bps(pair: Contract) -> int:
    """dexsim's pools tell their fee; the published pair takes 30 and does not say so."""
    try:
        return int(pair.read.fee_bps())
    except (Reverted, ArtifactError):
        return _USUAL_FEE_BPS
