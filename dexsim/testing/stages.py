"""Chains that are made once in a session, lent to one test after another, and put back in between."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

import pytest

from dexsim.chain.accounts import Account
from dexsim.chain.chain import Chain
from dexsim.chain.types import Block, Receipt
from dexsim.market.deployment import DEPLOYER, Deployment
from dexsim.market.opening import deploy_world
from dexsim.market.world import World

_ENDOWMENT = 10_000 * 10**18
_TOKENS = 1_000_000
_MOST = 16
"""Stages that are kept; a suite that makes a world for every test would fill the memory."""

_SETTINGS = ("base_fee", "gas_limit", "coinbase", "trace_reverts")


@dataclass(frozen=True, kw_only=True)
class Setting:
    """What a stage begins with: who has native money; a world, and who holds its tokens."""

    engine: str
    accounts: tuple[Account, ...]
    world: World | None = None
    traders: tuple[Account, ...] = ()


@dataclass(frozen=True, kw_only=True, eq=False)
class Stage:
    """A chain as its setting says it."""

    setting: Setting
    chain: Chain
    deployment: Deployment | None


@dataclass
class Shelf:
    """The stages of a session. tape: what was sent since somebody began to listen."""

    stages: list[Stage] = field(default_factory=list)
    tape: list[Receipt] | None = None

    @contextmanager
    def lend(self, setting: Setting) -> Iterator[Stage]:
        """A stage of that setting; whatever happens to it inside the `with` is undone."""
        stage = self._find(setting) or self._made(setting)
        self.stages.remove(stage)  # a test that leaves it broken does not bring it back
        with untouched(stage.chain):
            yield stage
        self.stages = [*self.stages, stage][-_MOST:]

    def _find(self, setting: Setting) -> Stage | None:
        return next((stage for stage in self.stages if stage.setting == setting), None)

    def _made(self, setting: Setting) -> Stage:
        chain = Chain(setting.engine, on_block=self._listen)
        for account in (DEPLOYER, *setting.accounts):
            chain.set_balance(account, _ENDOWMENT)
        deployment = None
        if setting.world is not None:
            deployment = deployed(setting.world, chain, setting.traders)
        stage = Stage(setting=setting, chain=chain, deployment=deployment)
        self.stages.append(stage)
        return stage

    def _listen(self, block: Block) -> None:
        if self.tape is not None:
            self.tape.extend(block.receipts)


_SHELF = pytest.StashKey[Shelf]()


def shelf_of(config: pytest.Config) -> Shelf:
    """The shelf of a session."""
    return config.stash.setdefault(_SHELF, Shelf())


def deployed(world: World, chain: Chain, traders: Sequence[Account]) -> Deployment:
    """A world on a chain; the traders hold tokens and have approved the routers."""
    with chain.setup_block():
        stage = deploy_world(world, chain)
        for account in traders:
            for name, pool in stage.pools.items():
                for token in (pool.base, pool.quote):
                    stage.fund(account, {token.symbol: _TOKENS * 10**token.decimals})
                stage.approve(account, name)
    return stage


@contextmanager
def untouched(chain: Chain) -> Iterator[None]:
    """Whatever happens to a chain inside the `with` is undone: state, clock, settings, known names."""
    settings = {name: getattr(chain, name) for name in _SETTINGS}
    known = chain.directory
    chain.directory = replace(known, names=dict(known.names), interfaces=dict(known.interfaces))
    try:
        with chain.anchor():
            yield
    finally:
        chain.directory = known
        for name, value in settings.items():
            setattr(chain, name, value)
