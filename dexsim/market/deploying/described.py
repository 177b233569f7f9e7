"""What a plan's file says: tokens, venues, markets, gauges, contracts of one's own, calls. Values only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Annotated, Any

from pydantic import Strict

from dexsim.description import Text, Tokens, check_name, description, unknown
from dexsim.errors import ScenarioError
from dexsim.market.incentive import Incentive
from dexsim.market.world import Gauge, Market, Token, Venue, Weth, World

DEPLOYER = "deployer"
"""What arguments call whoever sends the plan."""


@description
class StockToken(Token):
    """A plain ERC-20 whose whole supply the deployer gets, who can mint more.

    name: as wallets show it; left out, "<symbol> token". supply: whole tokens.
    """

    name: Text | None = None
    supply: Tokens = "100000000"


TOKEN_KINDS: Mapping[str, type[Any]] = {kind.kind: kind for kind in (StockToken, Weth, Incentive)}

Arguments = Annotated[list[Any], Strict()]


@description
class Own:
    """A contract of one's own, or one that ships with dexsim.

    contract: a shipped contract's name, Vyper source (.vy), or compiled JSON. arguments: of its
    constructor; see `Arguments` in the documentation. value: native money for a payable one.
    """

    contract: Text
    arguments: Arguments = field(default_factory=list)
    value: Tokens = "0"


@description
class Call:
    """A transaction that follows. to: the name of a contract of the plan."""

    to: Text
    function: Text
    arguments: Arguments = field(default_factory=list)
    value: Tokens = "0"


@description
class Described:
    """A plan before it is known who deploys it, in the order in which it is carried out.

    about: one line for people. tokens, by symbol; venues, markets and gauges, by name, as in a
    scenario's world; contracts and calls, by name.
    """

    about: Text = ""
    tokens: dict[str, Any] = field(default_factory=dict)
    venues: dict[str, Venue] = field(default_factory=dict)
    markets: dict[str, Market] = field(default_factory=dict)
    gauges: dict[str, Gauge] = field(default_factory=dict)
    contracts: dict[str, Own] = field(default_factory=dict)
    calls: dict[str, Call] = field(default_factory=dict)

    def __post_init__(self) -> None:
        world = World(
            tokens=self.tokens, venues=self.venues, markets=self.markets, gauges=self.gauges
        )
        # Fragments of a venue are venues of their own.
        object.__setattr__(self, "venues", world.venues)
        object.__setattr__(self, "markets", world.markets)
        self._check_markets()
        for kind in ("contracts", "calls"):
            for name in getattr(self, kind):
                check_name(name, kind)
        if not any((self.tokens, self.venues, self.contracts)):
            raise ScenarioError("there is nothing to deploy: no tokens, venues or contracts")

    def _check_markets(self) -> None:
        for name, market in self.markets.items():
            if market.adapter is not None:
                raise ScenarioError(
                    "an adapter speaks for a pool in process; put the pool itself under contracts",
                    key=f"markets.{name}.adapter",
                )
            if market.quote_reserve is None:
                raise ScenarioError("is missing", key=f"markets.{name}.quote_reserve")
            self._check_stock(name, market)

    def _check_stock(self, name: str, market: Market) -> None:
        """That the deployer has what the pools open with."""
        for symbol in (market.base, market.quote):
            token = self.tokens[symbol]
            if isinstance(token, Weth):
                continue
            stock = token.supply if isinstance(token, StockToken) else token.initial_supply
            needed = sum(_side(each, symbol) for each in self.markets.values())
            if needed > stock:
                raise ScenarioError(
                    f"the pools open with {needed} {symbol}, and there are {stock}",
                    key=f"markets.{name}",
                )

    def kind_of(self, symbol: str) -> Any:
        """A token's description. Raises ScenarioError for an unknown one."""
        if symbol not in self.tokens:
            raise ScenarioError(unknown(symbol, list(self.tokens), "token"))
        return self.tokens[symbol]


def _side(market: Market, symbol: str) -> Any:
    sides = {market.base: market.base_reserve, market.quote: market.quote_reserve}
    return sides.get(symbol, 0)
