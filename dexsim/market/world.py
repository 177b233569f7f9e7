"""What a world consists of: tokens, venues, markets, gauges, outside prices. Values only.

`dexsim.market.deployment` puts a world on a chain.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Annotated, Any, ClassVar

from pydantic import Field, Strict, WithJsonSchema

from dexsim.description import FeeBps, Text, Tokens, check_name, description, unknown
from dexsim.errors import ArtifactError, ScenarioError
from dexsim.market.adapter import check_adapter
from dexsim.market.fragments import fragmented
from dexsim.market.incentive import Incentive
from dexsim.market.issued import Issued, TenderOffer
from dexsim.plugins.classes import is_plugin, plugin_class

_Decimals = Annotated[int, Strict(), Field(ge=0, le=36)]
_Fragments = Annotated[int, Strict(), Field(ge=1, le=1_000)]
_Weight = Annotated[int, Strict(), Field(ge=0, le=10**6)]
NATIVE = "ETH"
"""The chain's own money in tables and reports."""


@description
class Token:
    """A plain ERC-20; its creator can mint it."""

    kind: ClassVar[str] = "erc20"
    decimals: _Decimals = 18


@description
class Weth:
    """Wrapped native money, one for one."""

    kind: ClassVar[str] = "weth"
    decimals: ClassVar[int] = 18


TOKEN_KINDS: Mapping[str, type[Any]] = {
    kind.kind: kind for kind in (Token, Weth, Incentive, Issued)
}


@description
class Venue:
    """An exchange: a factory and a router of its own.

    fee_bps: what its pools charge. fragments: more than one: so many exchanges
    alike, NAME-1, NAME-2, ..., which share the reserves of each of its markets
    equally; the markets are called so too.
    """

    fee_bps: FeeBps = 30
    fragments: _Fragments = 1


@description
class Market:
    """A pool of a venue with its first liquidity.

    pair: "BASE/QUOTE". base_reserve, quote_reserve: whole tokens; without
    quote_reserve the pool opens at the outside price. contract: a pool of
    one's own, Vyper source (.vy) or compiled JSON; without an adapter it has
    the functions of a Uniswap v2 pair and keeps x * y = k with the venue's
    fee. adapter: the class that speaks for a contract of any shape,
    "./file.py:Class" or "module:Class"; see `PoolAdapter`.
    """

    venue: Text
    pair: Text
    base_reserve: Tokens
    quote_reserve: Tokens | None = None
    contract: Text | None = None
    adapter: Annotated[Any, WithJsonSchema({"type": "string"})] = None

    def __post_init__(self) -> None:
        self._check_pair()
        if self.adapter is None:
            return
        if self.contract is None:
            raise ScenarioError(
                'speaks for a contract, and there is none: add contract = "mypool.vy"',
                key="adapter",
            )
        object.__setattr__(self, "adapter", _adapter_class(self.adapter))

    def _check_pair(self) -> None:
        parts = self.pair.split("/")
        if len(parts) != 2 or not all(parts) or parts[0] == parts[1]:
            raise ScenarioError(
                f'expected "BASE/QUOTE", two different tokens, not {self.pair!r}', key="pair"
            )
        for key in ("base_reserve", "quote_reserve"):
            if getattr(self, key) == 0:
                raise ScenarioError("a pool cannot open with a reserve of zero", key=key)

    @property
    def base(self) -> str:
        """Symbol of the base token."""
        return self.pair.split("/")[0]

    @property
    def quote(self) -> str:
        """Symbol of the quote token."""
        return self.pair.split("/")[1]


def _adapter_class(named: object) -> type[Any]:
    """The class itself, or the one that a text names. Raises ScenarioError with the key."""
    try:
        if isinstance(named, str) and is_plugin(named):
            named = plugin_class(named)
        if not isinstance(named, type):
            raise ScenarioError(f'expected a class, "./file.py:Class", not {named!r}')
        check_adapter(named)
    except ScenarioError as error:
        raise error.within("adapter") from error.__cause__
    except ArtifactError as error:
        raise ScenarioError(str(error), key="adapter") from None
    return named


@description
class Gauge:
    """Pays an incentive token to who stakes a market's LP tokens.

    weight: its part of the token's emission, by the weights of all gauges that
    pay it.
    """

    market: Text
    reward: Text
    weight: _Weight = 1


@description
class World:
    """Everything that is on the chain before the first block.

    tokens, venues, markets, gauges, tenders: by name; prices: outside price of
    a token in the numeraire, by the token's symbol.
    """

    tokens: dict[str, Any]
    venues: dict[str, Venue]
    markets: dict[str, Market]
    gauges: dict[str, Gauge] = field(default_factory=dict)
    tenders: dict[str, TenderOffer] = field(default_factory=dict)
    prices: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for kind in ("tokens", "venues", "markets", "gauges", "tenders"):
            for name in getattr(self, kind):
                check_name(name, kind)
        venues, markets = fragmented(self.venues, self.markets)
        object.__setattr__(self, "venues", venues)
        object.__setattr__(self, "markets", markets)
        self._check_tokens()
        self._check_markets()
        self._check_gauges()
        self._check_tenders()
        for symbol, process in self.prices.items():
            self._known(symbol, self.tokens, "token", f"prices.{symbol}")
            if not callable(getattr(process, "begin", None)):
                raise ScenarioError(
                    f"{process!r} is no price process: it has no begin()", key=f"prices.{symbol}"
                )

    def _check_tokens(self) -> None:
        for symbol, token in self.tokens.items():
            if symbol == NATIVE:
                raise ScenarioError(f"{NATIVE} is the chain's own money, no token", key="tokens")
            if not isinstance(token, tuple(TOKEN_KINDS.values())):
                kinds = ", ".join(kind.__name__ for kind in TOKEN_KINDS.values())
                raise ScenarioError(
                    f"expected one of {kinds}, not {token!r}", key=f"tokens.{symbol}"
                )

            if isinstance(token, Issued):
                self._check_backing(symbol, token.backing)

    def _check_backing(self, symbol: str, backing: str) -> None:
        """What a token is issued against is there before it."""
        key = f"tokens.{symbol}.backing"
        self._known(backing, self.tokens, "token", key)
        order = list(self.tokens)
        if order.index(backing) >= order.index(symbol):
            raise ScenarioError(f"{backing} has to stand above {symbol}", key=key)

    def _check_markets(self) -> None:
        seen: dict[tuple[str, frozenset[str]], str] = {}
        for name, market in self.markets.items():
            self._known(market.venue, self.venues, "venue", f"markets.{name}.venue")
            for symbol in (market.base, market.quote):
                self._known(symbol, self.tokens, "token", f"markets.{name}.pair")
            place = (market.venue, frozenset((market.base, market.quote)))
            if place in seen:
                raise ScenarioError(
                    f"{market.pair} stands in venue {market.venue!r} already, as {seen[place]!r}; "
                    "a venue has one pool a pair",
                    key=f"markets.{name}",
                )
            seen[place] = name
        self._check_contracts()

    def _check_contracts(self) -> None:
        """A venue's factory makes one kind of pool; an adapter's pool is made without it."""
        made: dict[str, tuple[str, str | None]] = {}
        for name, market in self.markets.items():
            if market.adapter is not None:
                continue
            first, contract = made.setdefault(market.venue, (name, market.contract))
            if market.contract != contract:
                kind = "dexsim's own" if contract is None else contract
                raise ScenarioError(
                    f"the factory of venue {market.venue!r} makes one kind of pool, that of market "
                    f"{first!r}: {kind}; give this market a venue of its own",
                    key=f"markets.{name}.contract",
                )

    def _check_gauges(self) -> None:
        for name, gauge in self.gauges.items():
            self._known(gauge.market, self.markets, "market", f"gauges.{name}.market")
            self._known(gauge.reward, self.tokens, "token", f"gauges.{name}.reward")
            if not isinstance(self.tokens[gauge.reward], Incentive):
                raise ScenarioError(
                    f'{gauge.reward} is no token of kind = "incentive"', key=f"gauges.{name}.reward"
                )

    def _check_tenders(self) -> None:
        wanted: dict[str, str] = {}
        for name, tender in self.tenders.items():
            for key in ("token", "cash"):
                self._known(getattr(tender, key), self.tokens, "token", f"tenders.{name}.{key}")
            key = f"tenders.{name}.token"
            if not isinstance(self.tokens[tender.token], Issued):
                raise ScenarioError(f'{tender.token} is no token of kind = "issued"', key=key)
            if tender.token in wanted:
                raise ScenarioError(
                    f"{tender.token} is wanted by tender {wanted[tender.token]!r} already", key=key
                )
            wanted[tender.token] = name

    @staticmethod
    def _known(name: str, among: Mapping[str, Any], what: str, key: str) -> None:
        if name not in among:
            raise ScenarioError(unknown(name, list(among), what), key=key)
