"""Which stories are told, on which forks, and what has to come up in them."""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import pytest

from dexsim.chain.engines import engine_names, open_engine
from parity.gate import Different
from parity.other_calls import CALLS
from parity.story import Story

SEED = os.environ.get("DEXSIM_PARITY_SEED", "plain")
FORKS = ("shanghai", "cancun", "prague")
LENGTH = 500
PLAIN = [("cancun", 0), ("cancun", 1), ("cancun", 17), ("prague", 0), ("shanghai", 0)]
"""Fork and number of every story of the ordinary run."""

LONG = [(FORKS[number % 3], number) for number in range(100, 200)]

needs_revm = pytest.mark.skipif(
    "revm" not in engine_names(), reason="there is one engine only: pip install ./engine"
)


@dataclass
class Mix:
    """What came up in some stories: how executions ended, and which functions succeeded."""

    seen: Counter[str] = field(default_factory=Counter)
    done: Counter[str] = field(default_factory=Counter)

    def of(self, story: Story) -> None:
        """Count a story that was told."""
        self.seen += story.seen
        self.done += story.done

    def missing(self) -> set[str]:
        """What never came up although it has to."""
        return {kind for kind in KINDS if not self.seen[kind]}

    def never_succeeded(self) -> set[str]:
        """Functions of shipped contracts that no transaction called with success."""
        return {name for name in CALLS if not self.done[name]}


def tell(
    names: tuple[str, ...], fork: str, number: int, *, length: int = LENGTH, **options: Any
) -> Story:
    """One story on these engines; a difference ends it and says how to have it again."""
    engines = [open_engine(name, fork=fork) for name in names]
    story = Story(engines, f"{SEED}/{number}", fork, **options)
    try:
        story.tell(int(os.environ.get("DEXSIM_PARITY_LENGTH", length)))
    except Different as difference:
        pytest.fail(f"DEXSIM_PARITY_SEED={SEED}: {difference}", pytrace=False)
    return story


HALTS = (
    *("out of gas", "stack underflow", "stack overflow", "invalid jump", "invalid opcode"),
    *("out of bounds read", "code size", "initcode size", "reserved code prefix"),
    *("address collision", "exceptional halt"),
)
REJECTIONS = (
    *("nonce too low", "nonce too high", "funds", "fee below base fee", "tip above fee"),
    *("gas limit above the block's", "gas limit below the intrinsic gas"),
    *("contract as sender", "initcode size"),
)
KINDS = (
    *(f"executed: {how}" for how in ("success", "revert", *HALTS)),
    *(f"rejected: {why}" for why in REJECTIONS),
    *(f"mark: {how}" for how in ("set", "restored", "released", "refused")),
    *("call: ", "call: out of gas", "call: insufficient funds"),
    *(f"kind: {kind}" for kind in ("transfer", "creation", "program", "precompile", "create")),
)
"""How transactions end, and what else happens: all of it in the ordinary run."""
