"""A world on a chain: contracts created, pools funded, handles by name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from dexsim.chain.accounts import Account
from dexsim.chain.chain import Chain
from dexsim.chain.types import Address, Transaction
from dexsim.description import unknown
from dexsim.errors import Reverted, ScenarioError, TransactionRejected
from dexsim.market.adapted import AdaptedPool, AnyPool, Door
from dexsim.market.batch_auction import BatchAuction
from dexsim.market.erc20 import UNLIMITED, Erc20
from dexsim.market.factory import Factory
from dexsim.market.funding import DEPLOYER, admit, give
from dexsim.market.gauge import Gauge
from dexsim.market.issued import Issued
from dexsim.market.issuer import Issuer
from dexsim.market.minter import Minter
from dexsim.market.router import Router
from dexsim.market.tender import Tender
from dexsim.market.world import Weth, World
from dexsim.units import to_wei

__all__ = ["DEPLOYER", "Deployment", "VenueOnChain"]


@dataclass(frozen=True, kw_only=True)
class VenueOnChain:
    """A venue's two contracts."""

    factory: Factory
    router: Router


@dataclass(kw_only=True)
class Deployment:
    """The handles of a world on a chain, by the world's names."""

    world: World
    chain: Chain
    tokens: dict[str, Erc20] = field(default_factory=dict)
    venues: dict[str, VenueOnChain] = field(default_factory=dict)
    pools: dict[str, AnyPool] = field(default_factory=dict)
    gauges: dict[str, Gauge] = field(default_factory=dict)
    minters: dict[str, Minter] = field(default_factory=dict)
    """Who splits a token's emission over gauges, by the token's symbol."""
    tenders: dict[str, Tender] = field(default_factory=dict)
    liquidity: dict[str, Account] = field(default_factory=dict)
    """Who put in each market's first liquidity."""
    heirs: dict[str, Account] = field(default_factory=dict)
    """Whom issuers, by symbol, are handed to when everybody is set up."""
    auctions: dict[str, BatchAuction] = field(default_factory=dict)
    """Where orders of a market wait to be settled together; none under most mechanisms."""
    executors: dict[Address, str] = field(default_factory=dict)
    """Contracts that searchers trade through, and the names of their owners."""

    @property
    def wrapped(self) -> str | None:
        """Symbol of the token that wraps native money."""
        kinds = self.world.tokens.items()
        return next((symbol for symbol, kind in kinds if isinstance(kind, Weth)), None)

    @property
    def issuers(self) -> dict[str, Issuer]:
        """The tokens that somebody issues, by symbol."""
        return {name: token for name, token in self.tokens.items() if isinstance(token, Issuer)}

    def router(self, market: str) -> Door:
        """The router of a market's venue; of an adapted pool its own door."""
        pool = self.pools.get(market)
        if isinstance(pool, AdaptedPool):
            return pool.door
        return self.venues[self.world.markets[market].venue].router

    def names(self) -> dict[Address, str]:
        """What people call the contracts."""
        named = {token.address: symbol for symbol, token in self.tokens.items()}
        for name, venue in self.venues.items():
            named[venue.factory.address] = f"{name} factory"
            named[venue.router.address] = f"{name} router"
        named |= {pool.address: f"pool {name}" for name, pool in self.pools.items()}
        named |= {gauge.address: f"gauge {name}" for name, gauge in self.gauges.items()}
        named |= {minter.address: f"minter of {name}" for name, minter in self.minters.items()}
        named |= {tender.address: f"tender {name}" for name, tender in self.tenders.items()}
        named |= {auction.address: f"auction {name}" for name, auction in self.auctions.items()}
        named |= {address: f"executor of {owner}" for address, owner in self.executors.items()}
        return named

    def fund(self, account: Account, amounts: Mapping[str, int]) -> None:
        """Give an account tokens, wei by symbol; see `give`.

        Raises ScenarioError for more than can be given of a token that is earned.
        """
        with self.chain.setup_block():
            for symbol, amount in amounts.items():
                if amount:
                    give(self, account, symbol, amount)

    def hand_over(self) -> None:
        """Make the heirs owners of their issuers: from now on nobody is given issued tokens."""
        with self.chain.setup_block():
            for symbol, heir in self.heirs.items():
                self.chain.send(self.issuers[symbol].set_owner(DEPLOYER, owner=heir))

    def approve(self, account: Account, market: str) -> None:
        """Let a market's router and auction, or an adapted pool, take both of its tokens from an account."""
        pool, router = self.pools[market], self.router(market)
        with self.chain.setup_block():
            if isinstance(pool, AdaptedPool):
                for tx in pool.approvals(account):
                    self.send_for(pool, "approvals", tx)
                return
            auction = self.auctions.get(market)
            for spender in (router, auction) if auction else (router,):
                for token in (pool.base, pool.quote):
                    if token.allowance(account, spender) < UNLIMITED // 2:
                        self.chain.send(token.approve(account, spender=spender))

    def send_for(self, pool: AdaptedPool, what: str, tx: Transaction) -> None:
        """Send what an adapter described; where it is refused, the adapter is told."""
        try:
            self.chain.send(tx)
        except (Reverted, TransactionRejected) as error:
            raise pool.fault(f"what {what}() describes fails: {error}") from error

    def account(
        self,
        name: str,
        funds: Mapping[str, str | Decimal] | None = None,
        *,
        native: str = "1000",
        agent: str = "",
    ) -> Account:
        """The named account, ready to trade in every market.

        funds: whole tokens by symbol, on top of what it has. native: whole
        native tokens for gas, likewise. agent: whose it is: issuers that serve
        that agent put it on their lists. Raises ScenarioError for a token that
        is not there, or can only be earned, beyond its initial supply.
        """
        account = Account.named(name)
        amounts = {symbol: self._wei(symbol, whole) for symbol, whole in (funds or {}).items()}
        with self.chain.setup_block():
            self.chain.endow(account, to_wei(native))
            self._admit(account, agent or name)
            self.fund(account, amounts)
            for market in self.pools:
                self.approve(account, market)
        return account

    def _admit(self, account: Account, agent: str) -> None:
        for symbol, issuer in self.issuers.items():
            kind = self.world.tokens[symbol]
            assert isinstance(kind, Issued)
            if agent in (kind.customers or ()):
                admit(self, issuer, account)

    def _wei(self, symbol: str, whole: str | Decimal) -> int:
        if symbol not in self.tokens:
            raise ScenarioError(unknown(symbol, list(self.tokens), "token"))
        return to_wei(whole, self.tokens[symbol].decimals)
