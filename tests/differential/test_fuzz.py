"""The published Uniswap v2 and dexsim's contracts, through the same stories: nothing may differ.

After every operation status, refusal, answer, events and state are compared (see `both`); what may
differ is named in contracts/README.md and stands in `reasons`. The plain set tells a few stories,
`--long` some two hundred. To go on with others:

    DEXSIM_FUZZ_SEED=17 DEXSIM_FUZZ_STORIES=50 python -m pytest tests/differential

tells 50 stories of the seed 17, instead of the fixed ones. A difference prints the shortest sequence
that was found to lead to it, and what both exchanges say to its last operation.
"""

from __future__ import annotations

import os
from collections import Counter

import pytest

from tests.differential.both import Both, Different, shorten
from tests.differential.exchange import interface
from tests.differential.story import tell
from tests.published import needs_published

pytestmark = needs_published

LENGTH = 150
SEED = os.environ.get("DEXSIM_FUZZ_SEED", "")
PLAIN_STORIES = int(os.environ.get("DEXSIM_FUZZ_STORIES", "8"))
LONG_STORIES = 140
ENOUGH = 5  # calls of a function, before a share of them says something


@pytest.fixture(scope="module")
def both() -> Both:
    """The two exchanges, for all stories."""
    return Both()


def tell_stories(both: Both, seed: str, count: int) -> None:
    """All of them; on a difference fail with the shortest sequence that shows it."""
    both.accepted, both.refused = Counter(), Counter()
    for number in range(count):
        try:
            tell(both, f"{seed}/{number}", LENGTH)
        except Different:
            ops, difference = shorten(both, both.history)
            sequence = "\n".join(f"  {op}" for op in ops)
            pytest.fail(
                f"story {number} of {seed!r}, in {len(ops)} operations:\n{sequence}\n{difference}"
            )


def unaccepted(both: Both) -> dict[str, tuple[int, int]]:
    """Functions of which fewer than 60 % of the calls that were written to succeed did."""
    calls = both.accepted + both.refused
    return {
        what: (both.accepted[what], calls[what])
        for what in calls
        if calls[what] >= ENOUGH and both.accepted[what] < 0.6 * calls[what]
    }


def test_nothing_differs_in_any_story(both):
    tell_stories(both, SEED or "plain", PLAIN_STORIES)
    assert unaccepted(both) == {}
    assert SEED or never_done(both) == set()


@pytest.mark.long
@pytest.mark.parametrize("part", range(4))
def test_nothing_differs_in_any_of_many_stories(both, part):
    tell_stories(both, f"long {SEED}{part}", LONG_STORIES // 4)
    assert unaccepted(both) == {}
    assert never_done(both) == set()


# What is not called in stories: it says the same at any time, or is called from inside.
STILL = {
    *{f"pool.{each}" for each in ("name", "symbol", "decimals", "factory", "token0", "token1")},
    *{f"pool.{each}" for each in ("MINIMUM_LIQUIDITY", "PERMIT_TYPEHASH", "DOMAIN_SEPARATOR")},
    "pool.initialize",  # always refused
}
READ = {
    *{f"pool.{each}" for each in ("getReserves", "price0CumulativeLast", "price1CumulativeLast")},
    *{f"pool.{each}" for each in ("kLast", "totalSupply", "balanceOf", "nonces", "allowance")},
    *{f"factory.{each}" for each in ("feeTo", "feeToSetter", "allPairsLength")},
}


def never_done(both: Both) -> set[str]:
    """Functions of pool, factory and router that no operation called with success."""
    every = {
        f"{kind}.{name}"
        for kind, example in (("pool", "red/weth"), ("factory", "factory"), ("router", "router"))
        for name in interface(example).functions
    }
    return every - STILL - READ - set(both.accepted)
