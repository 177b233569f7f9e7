"""Whose contracts the machines drive: a pool, and the exchange that it is put into."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from dexsim.artifacts.artifact import Artifact
from dexsim.artifacts.library import load, shipped, sources_folder
from dexsim.chain.accounts import Account
from dexsim.chain.chain import Chain
from dexsim.errors import ArtifactError
from dexsim.market.contract import Contract, blueprint_creation, created, deploy


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
        return len(_constructor(self.factory)) == 1

    def make(self, chain: Chain, owner: Account) -> tuple[Contract, Contract]:
        """Factory and router on a chain. Raises ArtifactError for a factory made in another way."""
        factory = self._factory(chain, owner)
        weth = deploy(chain, self.weth, owner)
        return factory, deploy(chain, self.router, owner, factory, weth)

    def _factory(self, chain: Chain, owner: Account) -> Contract:
        if self.own_factory_makes_it:
            return deploy(chain, self.factory, owner, owner)
        return self.factory_of(chain, owner, self.fee_bps)

    def factory_of(
        self, chain: Chain, owner: Account, fee_bps: int, init_code_hash: bytes | None = None
    ) -> Contract:
        """A factory like dexsim's, whose pools have some fee. Raises ArtifactError for any other."""
        taken = _constructor(self.factory)
        if taken == ["address", "uint256", "address", "bytes32"]:
            blueprint = created(chain.send(blueprint_creation(self.pool, owner)))
            code = init_code_hash or self.pool.init_code_hash
            return deploy(chain, self.factory, owner, owner, fee_bps, blueprint, code)
        raise ArtifactError(
            f"the constructor of {self.factory.name} takes ({', '.join(taken)}): expected (address), "
            "the setter of the fee's receiver, or what dexsim's factory takes: "
            "(address, uint256, address, bytes32)"
        )


def _constructor(artifact: Artifact) -> list[str]:
    """The types that a contract is made with."""
    return [
        each["type"]
        for entry in artifact.abi
        if entry["type"] == "constructor"
        for each in entry["inputs"]
    ]


def mock(name: str) -> Artifact:
    """One of dexsim's contracts that misbehave on purpose, for example "fee_on_transfer"."""
    return load(sources_folder() / "mocks" / f"{name}.vy")
