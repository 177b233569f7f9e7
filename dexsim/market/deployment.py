"""A world on a chain: contracts created, pools funded, handles by name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from dexsim.artifacts.artifact import Artifact
from dexsim.artifacts.library import shipped
from dexsim.chain.accounts import Account
from dexsim.chain.chain import Chain
from dexsim.chain.types import Address, Transaction
from dexsim.description import unknown
from dexsim.errors import Reverted, ScenarioError, TransactionRejected
from dexsim.market.adapted import AdaptedPool, AnyPool, Door
from dexsim.market.contract import Contract, deploy
from dexsim.market.erc20 import UNLIMITED, Erc20
from dexsim.market.factory import Factory, deploy_factory
from dexsim.market.gauge import Gauge
from dexsim.market.incentive import Incentive
from dexsim.market.own_pools import open_adapted, pair_of
from dexsim.market.pool import Pool
from dexsim.market.router import Router
from dexsim.market.world import Market, Weth, World
from dexsim.units import format_wei, to_wei

DEPLOYER = Account.named("deployer")


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
    liquidity: dict[str, Account] = field(default_factory=dict)
    """Who put in each market's first liquidity."""

    @property
    def wrapped(self) -> str | None:
        """Symbol of the token that wraps native money."""
        kinds = self.world.tokens.items()
        return next((symbol for symbol, kind in kinds if isinstance(kind, Weth)), None)

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
        return named

    def fund(self, account: Account, amounts: Mapping[str, int]) -> None:
        """Give an account tokens (wei by symbol): minted, wrapped from endowed native money, or, of
        an incentive token, from its initial supply.

        Raises ScenarioError for more of such a token than is left.
        """
        with self.chain.setup_block():
            for symbol, amount in amounts.items():
                if amount:
                    self._give(account, symbol, amount)

    def _give(self, account: Account, symbol: str, amount: int) -> None:
        kind = self.world.tokens[symbol]
        if isinstance(kind, Incentive):
            self._share_out(account, symbol, amount)
        elif isinstance(kind, Weth):
            self.chain.endow(account, amount)
            wrap = Contract(shipped("weth").abi, self.tokens[symbol].address, name=symbol)
            self.chain.send(wrap.write.deposit(account, value=amount))
        else:
            self.chain.send(self.tokens[symbol].mint(DEPLOYER, to=account, amount=amount))

    def _share_out(self, account: Account, symbol: str, amount: int) -> None:
        """Give of an incentive token's initial supply, which is all that need not be earned."""
        token = self.tokens[symbol]
        left = token.balance(DEPLOYER)
        if amount > left:
            some = f"{format_wei(left, token.decimals)} of its initial supply are left"
            raise ScenarioError(
                f"{symbol} can only be earned, not given to {account}: "
                f"{format_wei(amount, token.decimals)} are wanted, and "
                f"{some if left else 'nothing is left'}"
            )
        self.chain.send(token.transfer(DEPLOYER, to=account, amount=amount))

    def approve(self, account: Account, market: str) -> None:
        """Let a market's router, or an adapted pool, take both of its tokens from an account."""
        pool, router = self.pools[market], self.router(market)
        with self.chain.setup_block():
            if isinstance(pool, AdaptedPool):
                for tx in pool.approvals(account):
                    self.send_for(pool, "approvals", tx)
                return
            for token in (pool.base, pool.quote):
                if token.allowance(account, router) < UNLIMITED // 2:
                    self.chain.send(token.approve(account, spender=router))

    def send_for(self, pool: AdaptedPool, what: str, tx: Transaction) -> None:
        """Send what an adapter described; where it is refused, the adapter is told."""
        try:
            self.chain.send(tx)
        except (Reverted, TransactionRejected) as error:
            raise pool.fault(f"what {what}() describes fails: {error}") from error

    def account(
        self, name: str, funds: Mapping[str, str | Decimal] | None = None, *, native: str = "1000"
    ) -> Account:
        """The named account, ready to trade in every market.

        funds: whole tokens by symbol, on top of what it has. native: whole
        native tokens for gas, likewise. Raises ScenarioError for a token that
        is not there, or can only be earned, beyond its initial supply.
        """
        account = Account.named(name)
        amounts = {symbol: self._wei(symbol, whole) for symbol, whole in (funds or {}).items()}
        with self.chain.setup_block():
            self.chain.endow(account, to_wei(native))
            self.fund(account, amounts)
            for market in self.pools:
                self.approve(account, market)
        return account

    def _wei(self, symbol: str, whole: str | Decimal) -> int:
        if symbol not in self.tokens:
            raise ScenarioError(unknown(symbol, list(self.tokens), "token"))
        return to_wei(whole, self.tokens[symbol].decimals)


def deploy_world(
    world: World, chain: Chain, *, prices: Mapping[str, Decimal] | None = None
) -> Deployment:
    """Put a world on a chain, in one block that costs nothing.

    prices: outside prices by token, for markets that open at them.
    Raises ScenarioError when such a price is missing.
    """
    with chain.setup_block():
        return _deploy(Deployment(world=world, chain=chain), prices or {})


def _deploy(stage: Deployment, prices: Mapping[str, Decimal]) -> Deployment:
    chain, world = stage.chain, stage.world
    for symbol in world.tokens:
        with _blamed(f"world.tokens.{symbol}", "the token cannot be created"):
            stage.tokens[symbol] = _create_token(stage, symbol)
    for name, venue in world.venues.items():
        pool = _pool_of(world, name)
        with _blamed(f"world.venues.{name}", "the venue cannot be created"):
            stage.venues[name] = _create_venue(chain, stage, venue.fee_bps, pool)
    for name, market in world.markets.items():
        with _blamed(f"world.markets.{name}", "the pool cannot open with these reserves"):
            _open_market(stage, name, market, prices)
    for name in world.gauges:
        stage.gauges[name] = _create_gauge(stage, name)
    return stage


@contextmanager
def _blamed(key: str, problem: str) -> Iterator[None]:
    """What the description is to blame for, told with its key."""
    try:
        yield
    except ScenarioError as error:
        raise error if error.key.startswith(key) else error.within(key) from None
    except Reverted as error:
        raise ScenarioError(f"{problem}: {error.reason or 'refused'}", key=key) from None


def _create_token(stage: Deployment, symbol: str) -> Erc20:
    chain, kind = stage.chain, stage.world.tokens[symbol]
    if isinstance(kind, Weth):
        contract = deploy(chain, shipped("weth"), DEPLOYER)
    elif isinstance(kind, Incentive):
        emission = kind.emission(chain.env.timestamp)
        contract = deploy(
            chain, shipped("incentive_token"), DEPLOYER, symbol, symbol, *emission.arguments
        )
    else:
        contract = deploy(chain, shipped("token"), DEPLOYER, symbol, symbol, kind.decimals, 0)
    return Erc20(contract.address, chain, symbol=symbol, decimals=kind.decimals)


def _pool_of(world: World, venue: str) -> Artifact | None:
    """What the factory of a venue makes; None for dexsim's own pool."""
    for name, market in world.markets.items():
        if market.venue == venue and market.adapter is None and market.contract is not None:
            return pair_of(market.contract, key=f"world.markets.{name}.contract")
    return None


def _create_venue(
    chain: Chain, stage: Deployment, fee_bps: int, pool: Artifact | None
) -> VenueOnChain:
    factory = deploy_factory(chain, DEPLOYER, fee_bps=fee_bps, fee_to_setter=DEPLOYER, pool=pool)
    router = deploy(chain, shipped("router"), DEPLOYER, factory, _weth(stage))
    return VenueOnChain(factory=factory, router=Router(router.address, chain))


def _weth(stage: Deployment) -> Address:
    """The world's wrapped native token, which a router names; the zero address without one."""
    wrapped = stage.wrapped
    return stage.tokens[wrapped].address if wrapped else "0x" + "00" * 20


def _open_market(
    stage: Deployment, name: str, market: Market, prices: Mapping[str, Decimal]
) -> None:
    base, quote = stage.tokens[market.base], stage.tokens[market.quote]
    make = _create_pool if market.adapter is None else _create_adapted
    stage.pools[name] = pool = make(stage, name, market)
    stage.liquidity[name] = owner = Account.named(f"liquidity of {name}")
    base_amount = to_wei(market.base_reserve, base.decimals)
    quote_amount = _quote_reserve(name, market, quote.decimals, prices)
    stage.fund(owner, {base.symbol: base_amount, quote.symbol: quote_amount})
    stage.approve(owner, name)
    tx = stage.router(name).add_liquidity(
        owner, pool=pool, base_amount=base_amount, quote_amount=quote_amount
    )
    if isinstance(pool, AdaptedPool):
        stage.send_for(pool, "add", tx)
        pool.check_opened()
    else:
        stage.chain.send(tx)


def _create_pool(stage: Deployment, name: str, market: Market) -> Pool:
    """A pool of the venue's factory."""
    chain, factory = stage.chain, stage.venues[market.venue].factory
    base, quote = stage.tokens[market.base], stage.tokens[market.quote]
    chain.send(factory.create_pool(DEPLOYER, token_a=base, token_b=quote))
    address = factory.pool_address(base.address, quote.address)
    return Pool(address, chain, base=base, quote=quote, fee_bps=factory.fee_bps, market=name)


def _create_adapted(stage: Deployment, name: str, market: Market) -> AdaptedPool:
    """A pool of somebody's own, behind its adapter."""
    tokens = stage.tokens[market.base], stage.tokens[market.quote]
    return open_adapted(market, stage.chain, DEPLOYER, tokens, name=name)


def _quote_reserve(name: str, market: Market, decimals: int, prices: Mapping[str, Decimal]) -> int:
    if market.quote_reserve is not None:
        return to_wei(market.quote_reserve, decimals)
    missing = [symbol for symbol in (market.base, market.quote) if symbol not in prices]
    if missing:
        raise ScenarioError(
            f"without quote_reserve the pool opens at the outside price, and there is none of {missing[0]}",
            key=f"world.markets.{name}.quote_reserve",
        )
    worth = (
        Fraction(market.base_reserve)
        * Fraction(prices[market.base])
        / Fraction(prices[market.quote])
    )
    return int(worth * 10**decimals)


def _create_gauge(stage: Deployment, name: str) -> Gauge:
    described = stage.world.gauges[name]
    pool, reward = stage.pools[described.market], stage.tokens[described.reward]
    if not pool.shares_are_tokens:
        raise ScenarioError(
            f"shares of market {described.market!r} are no ERC-20 token at the pool's address, "
            "and nothing else can be staked",
            key=f"world.gauges.{name}.market",
        )
    chain = stage.chain
    minter = deploy(chain, shipped("minter"), DEPLOYER, reward, DEPLOYER)
    token = Contract(shipped("incentive_token").abi, reward.address, name=reward.symbol)
    chain.send(token.write.set_minter(DEPLOYER, minter))
    contract = deploy(chain, shipped("gauge"), DEPLOYER, pool, minter, DEPLOYER)
    chain.send(minter.write.add_gauge(DEPLOYER, contract, 1))
    return Gauge(contract.address, chain, pool=pool, reward=reward)
