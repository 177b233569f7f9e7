"""Gas of whole transactions (Cancun) on the contracts under test, against ceilings that were promised.

Uniswap v2's figure for the same, in the setting of its own tests, stands beside each.
"""

from __future__ import annotations

import pytest

from dexsim.gas.flows.catalogue import FLOWS
from dexsim.gas.kits import Kit
from dexsim.gas.measure import measure
from tests.published import needs_published, published
from tests.subject import artifact

CEILINGS = {
    "pool.swap": (65_000, 73_150),
    "pool.mint": (71_000, 80_649),
    "pool.burn": (90_000, 101_310),
    "router.swapExactTokensForTokens": (88_000, 98_074),
    "router.swapExactTokensForTokens (3 hops)": (188_000, 207_901),
    "factory.createPair (the first)": (2_000_000, 2_524_102),
}


FLOWS_WITH_CEILING = [flow for flow in FLOWS if flow.name in CEILINGS]


@pytest.fixture(scope="module")
def kit():
    """The contracts under test."""
    return Kit(**{name: artifact(name) for name in ("pool", "factory", "router", "weth")})


@pytest.fixture(scope="module")
def used(kit):
    """Gas of the flows that have a ceiling."""
    return measure(kit, FLOWS_WITH_CEILING)


@pytest.mark.parametrize("operation", CEILINGS)
def test_gas_stays_below_its_ceiling_and_below_the_original(operation, used):
    ceiling, original = CEILINGS[operation]
    assert used[operation] <= ceiling < original


@needs_published
def test_gas_stays_below_its_ceilings_with_the_originals_own_test_token_too(kit):
    used = measure(kit, FLOWS_WITH_CEILING, token=published("ERC20"))
    assert {name: gas for name, gas in used.items() if gas > CEILINGS[name][0]} == {}
