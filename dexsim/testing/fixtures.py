"""The fixtures themselves."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from dexsim.artifacts.artifact import Artifact
from dexsim.artifacts.library import is_source, load
from dexsim.chain.accounts import Account
from dexsim.chain.chain import Chain
from dexsim.chain.engines import engine_names
from dexsim.errors import ArtifactError
from dexsim.market.adapted import AnyPool, Door
from dexsim.market.contract import Contract
from dexsim.market.contract import deploy as deploy_contract
from dexsim.market.deployment import Deployment
from dexsim.market.world import Market, Token, Venue, Weth, World
from dexsim.testing.closures import FixtureGraph
from dexsim.testing.stages import Setting, Stage, deployed, shelf_of

Deploy: TypeAlias = Callable[..., Contract]

_STAGE = pytest.StashKey[Stage]()


def _engines(config: pytest.Config) -> list[str]:
    """The engines to test on: the chosen one, or all."""
    chosen = config.getoption("dexsim_engine", None)
    return [chosen] if chosen else engine_names()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test that uses `chain` runs once on every engine; with one engine its name stays plain."""
    engines = _engines(metafunc.config)
    if "dexsim_engine" in metafunc.fixturenames and len(engines) > 1:
        metafunc.parametrize("dexsim_engine", engines, indirect=True, scope="session")


@pytest.fixture(scope="session")
def dexsim_engine(request: pytest.FixtureRequest) -> str:
    """Name of the engine that `chain` runs on."""
    return str(getattr(request, "param", None) or _engines(request.config)[0])


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
def chain(
    request: pytest.FixtureRequest, dexsim_engine: str, accounts: list[Account]
) -> Iterator[Chain]:
    """A chain on which each account has 10 000 of native money.

    Every test, and every Hypothesis example, finds it as if it were new.
    """
    setting = Setting(engine=dexsim_engine, accounts=tuple(accounts))
    if FixtureGraph(request.node).can_come_before("deployment", "chain"):
        world, alice, bob = (request.getfixturevalue(name) for name in ("world", "alice", "bob"))
        setting = replace(setting, world=world, traders=(alice, bob))
    with shelf_of(request.config).lend(setting) as stage:
        request.node.stash[_STAGE] = stage
        yield stage.chain


@pytest.fixture
def deploy(request: pytest.FixtureRequest, chain: Chain, alice: Account) -> Deploy:
    """`deploy(what, *args, sender=alice, value=0)`: create a contract on `chain`.

    what: an artifact, Vyper source as text, or a file: .vy, or JSON with ABI and bytecode.
    A relative path is looked for from the test's folder upwards to pytest's root folder.
    """

    def create(
        what: Artifact | str | os.PathLike[str],
        *args: Any,
        sender: Account = alice,
        value: int = 0,
    ) -> Contract:
        if not isinstance(what, Artifact) and not is_source(what):
            what = load(_found(Path(what), request.path.parent, request.config.rootpath))
        return deploy_contract(chain, what, sender, *args, value=value)

    return create


def _found(file: Path, start: Path, top: Path) -> Path:
    """A file as seen from a folder, or from the nearest one above it up to `top`."""
    folders = [start, *(folder for folder in start.parents if folder.is_relative_to(top))]
    for folder in folders:
        if (folder / file).is_file():
            return folder / file
    looked = "" if file.is_absolute() else f" in {start}, nor above it up to {folders[-1]}"
    if not file.suffix or " " in file.suffix:
        looked += "; text is taken for source when it has a line break"
    raise ArtifactError(f"{file}: no such file{looked}")


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
def deployment(
    request: pytest.FixtureRequest, world: World, chain: Chain, alice: Account, bob: Account
) -> Deployment:
    """The world on the chain; alice and bob hold tokens and have approved the router."""
    stage = request.node.stash.get(_STAGE, None)
    if stage is None or stage.chain is not chain or stage.deployment is None:
        return deployed(world, chain, (alice, bob))
    made: Deployment = stage.deployment
    return replace(
        made,
        tokens=dict(made.tokens),
        venues=dict(made.venues),
        pools=dict(made.pools),
        gauges=dict(made.gauges),
        liquidity=dict(made.liquidity),
    )


@pytest.fixture
def pool(deployment: Deployment) -> AnyPool:
    """The world's first pool."""
    return next(iter(deployment.pools.values()))


@pytest.fixture
def router(deployment: Deployment) -> Door:
    """The router of the first pool's venue."""
    return deployment.router(next(iter(deployment.pools)))
