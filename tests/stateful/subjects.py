"""Whose contracts the machines drive: how to make them, and how they word their refusals.

`OURS` and `PUBLISHED` are the two that there are. Another pool joins with one more value: a function
that puts factory and router on a chain, the pool's artifact, and what differs in the reasons.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from dexsim.artifacts.artifact import Artifact
from dexsim.chain.accounts import Account
from dexsim.chain.chain import Chain
from dexsim.market.contract import Contract, blueprint_creation, created, deploy
from tests.published import published
from tests.subject import artifact


@dataclass(frozen=True, eq=False)
class Subject:
    """An exchange that can be put on a chain.

    make: chain, owner -> factory and router. reasons: by the reasons of contracts/README.md,
    where this exchange words them otherwise, all that it may say.
    """

    name: str
    fee_bps: int
    make: Callable[[Chain, Account, int], tuple[Contract, Contract]]
    pool: Callable[[], Artifact]
    reasons: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def may_say(self, reason: str) -> frozenset[str]:
        """How this exchange words a refusal."""
        return self.reasons.get(reason, frozenset({reason}))


def _make_ours(chain: Chain, owner: Account, fee_bps: int) -> tuple[Contract, Contract]:
    pool = artifact("pool")
    blueprint = created(chain.send(blueprint_creation(pool, owner)))
    factory = deploy(
        chain, artifact("factory"), owner, owner, fee_bps, blueprint, pool.init_code_hash
    )
    weth = deploy(chain, artifact("weth"), owner)
    return factory, deploy(chain, artifact("router"), owner, factory, weth)


def _make_published(chain: Chain, owner: Account, _fee_bps: int) -> tuple[Contract, Contract]:
    factory = deploy(chain, published("UniswapV2Factory"), owner, owner)
    weth = deploy(chain, published("WETH9"), owner)
    return factory, deploy(chain, published("UniswapV2Router02"), owner, factory, weth)


def _published_reasons() -> dict[str, frozenset[str]]:
    pool = {
        "locked": "LOCKED",
        "insufficient output": "INSUFFICIENT_OUTPUT_AMOUNT",
        "insufficient input": "INSUFFICIENT_INPUT_AMOUNT",
        "insufficient liquidity": "INSUFFICIENT_LIQUIDITY",
        "invalid to": "INVALID_TO",
        "k": "K",
        "insufficient liquidity burned": "INSUFFICIENT_LIQUIDITY_BURNED",
        "overflow": "OVERFLOW",
    }
    router = {
        "expired": "EXPIRED",
        "insufficient output": "INSUFFICIENT_OUTPUT_AMOUNT",
        "excessive input": "EXCESSIVE_INPUT_AMOUNT",
        "insufficient a amount": "INSUFFICIENT_A_AMOUNT",
        "insufficient b amount": "INSUFFICIENT_B_AMOUNT",
    }
    reasons = {f"pool: {ours}": {f"UniswapV2: {theirs}"} for ours, theirs in pool.items()}
    reasons |= {
        f"router: {ours}": {f"UniswapV2Router: {theirs}"} for ours, theirs in router.items()
    }
    reasons["pool: insufficient liquidity minted"] = {
        "UniswapV2: INSUFFICIENT_LIQUIDITY_MINTED",
        "ds-math-sub-underflow",
    }
    reasons["pool: insufficient allowance"] = {"ds-math-sub-underflow"}
    reasons["pool: insufficient balance"] = {"ds-math-sub-underflow"}
    reasons["factory: forbidden"] = {"UniswapV2: FORBIDDEN"}
    reasons["factory: pool exists"] = {"UniswapV2: PAIR_EXISTS"}
    return {ours: frozenset(theirs) for ours, theirs in reasons.items()}


OURS = Subject("ours", 30, _make_ours, lambda: artifact("pool"))
PUBLISHED = Subject(
    "published",
    30,
    _make_published,
    lambda: published("UniswapV2Pair"),
    _published_reasons(),
)
