"""The fixtures themselves."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any, TypeAlias

import pytest

from dexsim.artifacts.artifact import Artifact
from dexsim.artifacts.library import load
from dexsim.chain.accounts import Account
from dexsim.chain.chain import Chain
from dexsim.market.contract import Contract
from dexsim.market.contract import deploy as deploy_contract
from dexsim.market.deployment import DEPLOYER, Deployment, deploy_world
from dexsim.market.pool import Pool
from dexsim.market.router import Router
from dexsim.market.world import Market, Token, Venue, Weth, World

Deploy: TypeAlias = Callable[..., Contract]

_ENDOWMENT = 10_000 * 10**18
_TOKENS = 1_000_000


@pytest.fixture
def accounts() -> list[Account]:
    """Ten accounts; `alice` and `bob` are the first two."""
    names = ["alice", "bob", "carol", "dave", "erin", "frank", "grace", "heidi", "ivan", "judy"]
    return [Account.named(name) for name in names]


@pytest.fixture
def alice(accounts: list[Account]) -> Account:
    """The first account."""
    return accounts[0]


@pytest.fixture
def bob(accounts: list[Account]) -> Account:
    """The second account."""
    return accounts[1]


@pytest.fixture
def chain(accounts: list[Account]) -> Chain:
    """A chain of its own for every test; each account has 10 000 of native money."""
    fresh = Chain()
    for account in [DEPLOYER, *accounts]:
        fresh.set_balance(account, _ENDOWMENT)
    return fresh


@pytest.fixture
def deploy(chain: Chain, alice: Account) -> Deploy:
    """`deploy(path_or_artifact, *args, sender=alice)`: create a contract on `chain`."""

    def create(
        what: Artifact | str | os.PathLike[str], *args: Any, sender: Account = alice
    ) -> Contract:
        artifact = what if isinstance(what, Artifact) else load(what)
        return deploy_contract(chain, artifact, sender, *args)

    return create


@pytest.fixture
def world() -> World:
    """One venue at 30 bps with one pool: 1000 WETH against 2 000 000 USDC. Override it with your own."""
    return World(
        tokens={"WETH": Weth(), "USDC": Token(decimals=6)},
        venues={"exchange": Venue(fee_bps=30)},
        markets={
            "main": Market(
                venue="exchange", pair="WETH/USDC", base_reserve="1000", quote_reserve="2000000"
            )
        },
    )


@pytest.fixture
def deployment(world: World, chain: Chain, alice: Account, bob: Account) -> Deployment:
    """The world on the chain; alice and bob hold tokens and have approved the router."""
    with chain.setup_block():
        stage = deploy_world(world, chain)
        for account in (alice, bob):
            for name, pool in stage.pools.items():
                for token in (pool.base, pool.quote):
                    stage.fund(account, {token.symbol: _TOKENS * 10**token.decimals})
                stage.approve(account, name)
    return stage


@pytest.fixture
def pool(deployment: Deployment) -> Pool:
    """The world's first pool."""
    return next(iter(deployment.pools.values()))


@pytest.fixture
def router(deployment: Deployment) -> Router:
    """The router of the first pool's venue."""
    return deployment.router(next(iter(deployment.pools)))
