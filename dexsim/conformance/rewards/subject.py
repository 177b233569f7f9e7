"""What the machines of rewards put on a chain: the contracts that pay, and the token that is staked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from dexsim.artifacts.artifact import Artifact
from dexsim.artifacts.library import shipped
from dexsim.chain.accounts import Account
from dexsim.chain.chain import Chain
from dexsim.conformance.xyk.subject import Subject, mock
from dexsim.market.contract import Contract, deploy

Staked = Callable[[Chain, tuple[Account, ...], int], Contract]
"""Makes a token on a chain, and gives everybody so much of it."""
OPERATOR = Account.named("operator")
ANY_WORDS = "for any reason"
_MOST = 10**32
_BIRTH_MS = 1_600_000_000_000


@dataclass(frozen=True, eq=False)
class RewardSubject:
    """staked: what is staked. too_much: why it refuses to move more than there is. own: contracts
    by name, where they are not dexsim's.
    """

    staked: Staked
    too_much: str = "token: insufficient balance"
    own: Mapping[str, Artifact] = field(default_factory=dict)

    def artifact(self, name: str) -> Artifact:
        """A contract by name, for example "gauge"; "mocks/..." are those that misbehave."""
        if name in self.own:
            return self.own[name]
        return mock(name.removeprefix("mocks/")) if name.startswith("mocks/") else shipped(name)

    def stage(self, people: tuple[Account, ...], holding: int) -> tuple[Chain, Contract]:
        """A chain on which everybody has so much of the staked token, and that token."""
        chain, token, start = _stage(self, people, holding)
        chain.restore(start)
        return chain, token


@cache
def _stage(
    subject: RewardSubject, people: tuple[Account, ...], holding: int
) -> tuple[Chain, Contract, Any]:
    chain = Chain("pyevm", base_fee=0, time_ms=_BIRTH_MS, trace_reverts=False)
    token = subject.staked(chain, people, holding)
    return chain, token, chain.snapshot()


def plain_token(token: Artifact) -> Staked:
    """A token that does nothing but move."""

    def make(chain: Chain, people: tuple[Account, ...], holding: int) -> Contract:
        supply = 2 * len(people) * holding
        staked = deploy(chain, token, OPERATOR, "Staked", "STK", 18, supply)
        for account in people:
            chain.send(staked.write.transfer(OPERATOR, account, holding))
        return staked

    return make


def liquidity_of(subject: Subject) -> Staked:
    """A pool's own liquidity token; everybody has what the pool can take at most."""

    def make(chain: Chain, people: tuple[Account, ...], holding: int) -> Contract:
        holding = min(holding, _MOST)
        factory, _ = subject.make(chain, OPERATOR)
        tokens = [deploy(chain, subject.token, OPERATOR, n, n, 18, 2**120) for n in ("A", "B")]
        chain.send(factory.write.createPair(OPERATOR, *tokens, gas_limit=5_000_000))
        address = factory.read.getPair(*tokens)
        pool = Contract(subject.pool.interface, address, chain, name="liquidity token")
        for account in (OPERATOR, *people):
            for token in tokens:
                chain.send(token.write.transfer(OPERATOR, pool, holding))
            chain.send(pool.write.mint(OPERATOR, account))
        return pool

    return make
