"""A described plan as steps: what is created in which order, and what is sent in between."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from dexsim.artifacts.artifact import Artifact
from dexsim.artifacts.library import load, shipped
from dexsim.chain.types import Address
from dexsim.errors import ArtifactError, ScenarioError
from dexsim.market.contract import DEPLOY_GAS_LIMIT, Contract
from dexsim.market.deploying.arguments import Names
from dexsim.market.deploying.described import DEPLOYER, Call, Described, Own, StockToken
from dexsim.market.deploying.plan import (
    Draft,
    GaugeFacts,
    Ground,
    Plan,
    Planned,
    PoolFacts,
    TokenFacts,
)
from dexsim.market.erc20 import Erc20
from dexsim.market.factory import Factory
from dexsim.market.incentive import Incentive
from dexsim.market.minter import Minter
from dexsim.market.own_pools import pair_of
from dexsim.market.pool import Pool
from dexsim.market.router import Router
from dexsim.market.world import Market, Weth
from dexsim.units import to_wei

_WRAPPED_NAME = "Wrapped Ether"
_NOBODY = "0x" + "00" * 20


def draft(name: str, described: Described, ground: Ground) -> Plan:
    """The plan of a description, for one deployer on one chain."""
    return _Drafting(name, described, ground).plan()


@dataclass(frozen=True)
class _VenueDrafted:
    factory: Factory
    router: Router
    router_name: str


@dataclass
class _Stage:
    """What was drafted so far, by the description's names."""

    tokens: dict[str, Erc20] = field(default_factory=dict)
    venues: dict[str, _VenueDrafted] = field(default_factory=dict)
    pools: dict[str, Pool] = field(default_factory=dict)
    minters: dict[str, Minter] = field(default_factory=dict)
    blueprints: dict[bytes, Address] = field(default_factory=dict)
    artifacts: dict[str, Artifact] = field(default_factory=dict)


class _Drafting:
    def __init__(self, name: str, described: Described, ground: Ground) -> None:
        self.described = described
        self.draft = Draft(name, ground)
        self.stage = _Stage()

    def plan(self) -> Plan:
        parts: dict[str, Callable[[str], None]] = {
            "tokens": self._token,
            "venues": self._venue,
            "markets": self._market,
            "gauges": self._gauge,
            "contracts": self._contract,
            "calls": self._call,
        }
        for section, make in parts.items():
            for name in getattr(self.described, section):
                with _blamed(f"{section}.{name}"):
                    make(name)
        return self.draft.finish()

    # --- tokens -----------------------------------------------------------------

    def _token(self, symbol: str) -> None:
        kind = self.described.tokens[symbol]
        makers: dict[type, Callable[[str, Any], Address]] = {
            Weth: self._weth,
            Incentive: self._incentive,
            StockToken: self._stock,
        }
        address = makers[type(kind)](symbol, kind)
        self.stage.tokens[symbol] = Erc20(address, symbol=symbol, decimals=kind.decimals)

    def _weth(self, symbol: str, kind: Weth) -> Address:
        facts = TokenFacts(name=_WRAPPED_NAME, symbol=symbol, decimals=kind.decimals)
        return self.draft.create(symbol, shipped("weth"), token=facts)

    def _stock(self, symbol: str, kind: StockToken) -> Address:
        name = kind.name or f"{symbol} token"
        facts = TokenFacts(name=name, symbol=symbol, decimals=kind.decimals)
        supply = to_wei(kind.supply, kind.decimals)
        return self.draft.create(
            symbol, shipped("token"), name, symbol, kind.decimals, supply, token=facts
        )

    def _incentive(self, symbol: str, kind: Incentive) -> Address:
        emission = kind.emission(self.draft.ground.time)
        facts = TokenFacts(name=f"{symbol} token", symbol=symbol, decimals=kind.decimals)
        return self.draft.create(
            symbol,
            shipped("incentive_token"),
            facts.name,
            symbol,
            *emission.arguments,
            token=facts,
        )

    # --- venues and their pools -------------------------------------------------

    def _venue(self, name: str) -> None:
        fee_bps = self.described.venues[name].fee_bps
        pool = self._pool_of(name)
        blueprint = self._blueprint(name, pool)
        factory = self.draft.create(
            self._of_first(name, "factory"),
            shipped("factory"),
            *(self.draft.deployer, fee_bps, blueprint, pool.init_code_hash),
        )
        router_name = self._of_first(name, "router")
        router = self.draft.create(router_name, shipped("router"), factory, self._wrapped())
        self.stage.venues[name] = _VenueDrafted(
            Factory(factory, fee_bps=fee_bps, pool=pool), Router(router), router_name
        )

    def _of_first(self, venue: str, what: str) -> str:
        """The first venue's contracts are called plainly, so that a plan can grow more venues."""
        return what if not self.stage.venues else f"{venue}.{what}"

    def _pool_of(self, venue: str) -> Artifact:
        for name, market in self.described.markets.items():
            if market.venue == venue and market.contract is not None:
                return pair_of(market.contract, key=f"markets.{name}.contract")
        return shipped("pool")

    def _blueprint(self, venue: str, pool: Artifact) -> Address:
        known = self.stage.blueprints
        if pool.init_code_hash not in known:
            plain = f"{pool.name} blueprint"
            taken = any(step.name == plain for step in self.draft.steps)
            name = f"{venue}.{plain}" if taken else plain
            known[pool.init_code_hash] = self.draft.blueprint(name, pool)
        return known[pool.init_code_hash]

    def _wrapped(self) -> Address:
        """The token that the routers take native money as; the zero address without one."""
        kinds = self.described.tokens.items()
        wrapped = next((symbol for symbol, kind in kinds if isinstance(kind, Weth)), None)
        return self.stage.tokens[wrapped].address if wrapped else _NOBODY

    def _market(self, name: str) -> None:
        market = self.described.markets[name]
        venue = self.stage.venues[market.venue]
        base, quote = self.stage.tokens[market.base], self.stage.tokens[market.quote]
        address = venue.factory.pool_address(base.address, quote.address)
        fee_bps = venue.factory.fee_bps
        facts = PoolFacts(
            pair=market.pair, fee_bps=fee_bps, venue=market.venue, router=venue.router_name
        )
        planned = Planned(name=name, artifact=venue.factory.pool, address=address, pool=facts)
        tx = venue.factory.create_pool(self.draft.deployer, token_a=base, token_b=quote)
        self.draft.send(name, tx, creates=planned)
        self.stage.pools[name] = pool = Pool(address, base=base, quote=quote, fee_bps=fee_bps)
        self._fund(name, market, pool, venue.router)

    def _fund(self, name: str, market: Market, pool: Pool, router: Router) -> None:
        amounts = []
        for token, whole in ((pool.base, market.base_reserve), (pool.quote, market.quote_reserve)):
            amount = to_wei(whole or "0", token.decimals)
            amounts.append(amount)
            if isinstance(self.described.tokens[token.symbol], Weth):
                wrap = Contract(shipped("weth").interface, token.address, name=token.symbol)
                tx = wrap.write.deposit(self.draft.deployer, value=amount)
                self.draft.send(f"wrap {token} for {name}", tx)
            approval = token.approve(self.draft.deployer, spender=router, amount=amount)
            self.draft.send(f"approve {token} for {name}", approval)
        tx = router.add_liquidity(
            self.draft.deployer, pool=pool, base_amount=amounts[0], quote_amount=amounts[1]
        )
        self.draft.send(f"fund {name}", tx)

    # --- incentives -------------------------------------------------------------

    def _gauge(self, name: str) -> None:
        gauge = self.described.gauges[name]
        pool, reward = self.stage.pools[gauge.market], self.stage.tokens[gauge.reward]
        minter = self.stage.minters.get(reward.symbol) or self._minter(reward)
        deployer = self.draft.deployer
        facts = GaugeFacts(pool=gauge.market, reward=reward.symbol)
        address = self.draft.create(
            name, shipped("gauge"), pool.address, minter.address, deployer, gauge=facts
        )
        tx = minter.add_gauge(deployer, gauge=address, weight=gauge.weight)
        self.draft.send(f"add {name} to the minter of {reward}", tx)

    def _minter(self, reward: Erc20) -> Minter:
        name = "minter" if not self.stage.minters else f"{reward}.minter"
        deployer = self.draft.deployer
        address = self.draft.create(name, shipped("minter"), reward.address, deployer)
        token = Contract(shipped("incentive_token").interface, reward.address, name=reward.symbol)
        self.draft.send(f"set the minter of {reward}", token.write.set_minter(deployer, address))
        self.stage.minters[reward.symbol] = minter = Minter(address, reward=reward)
        return minter

    # --- one's own --------------------------------------------------------------

    def _names(self) -> Names:
        names = Names()
        names.addresses = {DEPLOYER: self.draft.deployer} | {
            step.creates.name: step.creates.address for step in self.draft.steps if step.creates
        }
        names.decimals |= {symbol: token.decimals for symbol, token in self.stage.tokens.items()}
        return names

    def _contract(self, name: str) -> None:
        own: Own = self.described.contracts[name]
        artifact = self.stage.artifacts[name] = _artifact(own.contract)
        arguments = self._names().arguments(artifact.interface.constructor, own.arguments)
        with _fitting():
            self.draft.create(name, artifact, *arguments)
        value = to_wei(own.value)
        if value:
            self._pay(value)

    def _pay(self, value: int) -> None:
        last = self.draft.steps[-1]
        self.draft.steps[-1] = replace(last, transaction=replace(last.transaction, value=value))

    def _call(self, name: str) -> None:
        call: Call = self.described.calls[name]
        target = next(
            (s.creates for s in self.draft.steps if s.creates and s.creates.name == call.to), None
        )
        if target is None:
            known = [name for name in self._names().addresses if name != DEPLOYER]
            raise ScenarioError(f"{call.to!r} is none of: {', '.join(known)}", key="to")
        contract = Contract(target.artifact.interface, target.address, name=target.name)
        with _fitting("function"):
            function = contract.interface.function(call.function, len(call.arguments))
        arguments = self._names().arguments(function, call.arguments)
        with _fitting():
            tx = getattr(contract.write, call.function)(
                self.draft.deployer,
                *arguments,
                value=to_wei(call.value),
                gas_limit=DEPLOY_GAS_LIMIT,
            )
        self.draft.send(name, tx)


def _artifact(named: str) -> Artifact:
    """A shipped contract by its name, or one from a file. Raises ScenarioError."""
    try:
        return load(named) if Path(named).suffix or "/" in named else shipped(named)
    except ArtifactError as error:
        raise ScenarioError(str(error), key="contract") from None


@contextmanager
def _blamed(key: str) -> Iterator[None]:
    """What of the description is to blame, told with its key."""
    try:
        yield
    except ScenarioError as error:
        raise error if error.key.startswith(key) else error.within(key) from None


@contextmanager
def _fitting(key: str = "arguments") -> Iterator[None]:
    """What the ABI refuses, as a fault of the file."""
    try:
        yield
    except (TypeError, AttributeError, ArtifactError) as error:
        raise ScenarioError(str(error), key=key) from None
