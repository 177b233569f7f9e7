"""Whose contracts the machines drive: a pool, and the exchange that it is put into."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from dexsim.artifacts.artifact import Artifact
from dexsim.artifacts.library import load, shipped, sources_folder
from dexsim.chain.accounts import Account
from dexsim.chain.chain import Chain
from dexsim.market.contract import Contract, deploy
from dexsim.market.pair_adapter import brings_its_own_pair, make_factory


@dataclass(frozen=True, eq=False)
class Subject:
    """A pool contract under Uniswap v2's interface, with a factory, a router, tokens: dexsim's own
    unless others are given.

    fee_bps: what the pool keeps of an input.
    """

    pool: Artifact
    factory: Artifact = field(default_factory=lambda: shipped("factory"))
    router: Artifact = field(default_factory=lambda: shipped("router"))
    token: Artifact = field(default_factory=lambda: shipped("token"))
    weth: Artifact = field(default_factory=lambda: shipped("weth"))
    fee_bps: int = 30

    @property
    def name(self) -> str:
        """The pool's name."""
        return self.pool.name

    @cached_property
    def own_factory_makes_it(self) -> bool:
        """Whether the factory carries the pool in its own code, as Uniswap's does."""
        return brings_its_own_pair(self.factory)

    def make(self, chain: Chain, owner: Account) -> tuple[Contract, Contract]:
        """Factory and router on a chain. Raises ArtifactError for a factory made in another way."""
        factory = self.factory_of(chain, owner, self.fee_bps)
        weth = deploy(chain, self.weth, owner)
        return factory, deploy(chain, self.router, owner, factory, weth)

    def factory_of(
        self, chain: Chain, owner: Account, fee_bps: int, init_code_hash: bytes | None = None
    ) -> Contract:
        """A factory of this pool with some fee, where it can be chosen. Raises as `make` does."""
        return make_factory(
            chain, self.factory, self.pool, owner, fee_bps=fee_bps, init_code_hash=init_code_hash
        )


def mock(name: str) -> Artifact:
    """One of dexsim's contracts that misbehave on purpose, for example "fee_on_transfer"."""
    return load(sources_folder() / "mocks" / f"{name}.vy")
