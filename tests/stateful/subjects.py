"""Whose contracts the machines drive here: those under test, and the published ones."""

from __future__ import annotations

from functools import cache

from dexsim.conformance.rewards.subject import RewardSubject, plain_token
from dexsim.conformance.xyk.subject import Subject
from tests.published import published
from tests.subject import artifact

_PAYING = ("incentive_token", "minter", "gauge", "staking_rewards")


@cache
def ours() -> Subject:
    """The contracts under test."""
    names = ("pool", "factory", "router", "token", "weth")
    return Subject(**{name: artifact(name) for name in names})


@cache
def theirs() -> Subject:
    """Uniswap v2 as it was published."""
    return Subject(
        pool=published("UniswapV2Pair"),
        factory=published("UniswapV2Factory"),
        router=published("UniswapV2Router02"),
        weth=published("WETH9"),
    )


@cache
def our_rewards() -> RewardSubject:
    """The contracts under test that pay rewards, on a plain token."""
    return RewardSubject(plain_token(artifact("token")), own={n: artifact(n) for n in _PAYING})
