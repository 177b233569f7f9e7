"""Puts a world on a chain: tokens, venues, pools with their first liquidity, gauges, tenders."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal
from fractions import Fraction

from dexsim.artifacts.artifact import Artifact
from dexsim.artifacts.library import shipped
from dexsim.chain.accounts import Account
from dexsim.chain.chain import Chain
from dexsim.chain.types import Address
from dexsim.errors import Reverted, ScenarioError
from dexsim.market.adapted import AdaptedPool
from dexsim.market.contract import Contract, deploy
from dexsim.market.deployment import Deployment, VenueOnChain
from dexsim.market.erc20 import Erc20
from dexsim.market.factory import deploy_factory
from dexsim.market.funding import DEPLOYER, admit
from dexsim.market.gauge import Gauge
from dexsim.market.incentive import Incentive
from dexsim.market.issued import Issued
from dexsim.market.issuer import Issuer
from dexsim.market.minter import Minter
from dexsim.market.own_pools import open_adapted, pair_of
from dexsim.market.pool import Pool
from dexsim.market.router import Router
from dexsim.market.tender import Tender
from dexsim.market.world import Market, Weth, World
from dexsim.units import to_wei


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
    for name in world.tenders:
        with _blamed(f"world.tenders.{name}", "the tender cannot be created"):
            stage.tenders[name] = _create_tender(stage, name)
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
    if isinstance(kind, Issued):
        return _create_issuer(stage, symbol, kind)
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


def _create_issuer(stage: Deployment, symbol: str, kind: Issued) -> Issuer:
    cash = stage.tokens[kind.backing]
    terms = kind.terms(cash.decimals)
    contract = deploy(
        stage.chain,
        shipped("issuer"),
        DEPLOYER,
        symbol,
        symbol,
        cash.decimals,
        cash,
        DEPLOYER,
        terms,
    )
    return Issuer(contract.address, stage.chain, symbol=symbol, cash=cash)


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
    for token in (base, quote):
        _admit_to(stage, token, pool, owner)
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
    minter = stage.minters.get(reward.symbol) or _create_minter(stage, reward)
    contract = deploy(stage.chain, shipped("gauge"), DEPLOYER, pool, minter, DEPLOYER)
    gauge = Gauge(contract.address, stage.chain, pool=pool, reward=reward)
    stage.chain.send(minter.add_gauge(DEPLOYER, gauge=gauge, weight=described.weight))
    return gauge


def _create_minter(stage: Deployment, reward: Erc20) -> Minter:
    """Who splits a token's emission over its gauges."""
    contract = deploy(stage.chain, shipped("minter"), DEPLOYER, reward, DEPLOYER)
    token = Contract(shipped("incentive_token").abi, reward.address, name=reward.symbol)
    stage.chain.send(token.write.set_minter(DEPLOYER, contract))
    minter = Minter(contract.address, stage.chain, reward=reward)
    stage.minters[reward.symbol] = minter
    return minter


def _create_tender(stage: Deployment, name: str) -> Tender:
    described = stage.world.tenders[name]
    token, cash = stage.issuers[described.token], stage.tokens[described.cash]
    bidder = Account.named(described.bidder)
    offer = described.offer(
        token_decimals=token.decimals,
        cash_decimals=cash.decimals,
        start=stage.chain.env.timestamp,
    )
    contract = deploy(stage.chain, shipped("tender"), DEPLOYER, token, cash, bidder, offer)
    stage.chain.send(token.set_tender(DEPLOYER, tender=contract))
    _admit_to(stage, token, contract, bidder)
    return Tender(
        contract.address,
        stage.chain,
        token=token,
        cash=cash,
        bidder=bidder,
        price=offer[0],
        deadline=offer[-1],
    )


def _admit_to(stage: Deployment, token: Erc20, *holders: object) -> None:
    """Where only the whitelisted hold a token, contracts that have to hold it are."""
    if isinstance(token, Issuer) and stage.world.tokens[token.symbol].restricted:
        for holder in holders:
            admit(stage, token, holder)
