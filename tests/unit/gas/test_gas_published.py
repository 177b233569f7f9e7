"""The same flows on the published Uniswap v2, where its npm packages are installed."""

from __future__ import annotations

import pytest

from dexsim.gas.flows.catalogue import FLOWS
from dexsim.gas.kits import shipped_kit, uniswap_kit
from dexsim.gas.measure import measure
from dexsim.gas.snapshot import read
from dexsim.gas.stage import Stage
from tests.published import NODE_MODULES, needs_published, published

pytestmark = needs_published

# Recorded elsewhere from the published bytecode, with the published test token, and what differs
# here: 12 gas for each zero byte of an address in calldata (there, callers and tokens had some),
# and what the reason says.
RECORDED = {
    "pool.mint (first)": (153_405, 1, 0, ""),
    "pool.mint": (80_649, 1, 10, "both tokens in proportion"),
    "pool.mint (protocol fee switched on)": (100_927, 1, 10, "both tokens in proportion"),
    "pool.swap": (73_150, 1, 0, ""),
    "pool.swap (same timestamp)": (62_734, 1, 0, ""),
    "pool.burn": (101_310, 1, 0, ""),
    "pool.sync": (55_912, 0, 0, ""),
    "pool.skim": (59_139, 1, 0, ""),
    "router.swapExactTokensForTokens": (98_074, 3, 0, ""),
    "router.swapExactTokensForTokens (2 hops)": (152_985, 3, 0, ""),
    "router.swapExactTokensForTokens (3 hops)": (207_901, 3, 0, ""),
    "router.swapExactTokensForTokens (fee token)": (98_838, 3, 0, ""),
    "router.addLiquidity": (120_044, 2, 0, ""),
    "router.removeLiquidity": (120_029, 2, 0, ""),
    "router.swapExactETHForTokens": (101_158, 2, 0, ""),
    "router.swapExactTokensForETH": (
        114_637,
        2,
        -2_500,
        "the coins go to who sent the transaction",
    ),
    "factory.createPair (the first)": (2_524_102, 1, -10, "the lower token is named first"),
    "factory.createPair": (2_507_004, 0, 0, ""),
    "factory.setFeeTo": (45_960, 0, 0, ""),
    "deploy factory": (3_051_499, 1, 0, ""),
    "deploy router": (4_757_729, 0, 0, ""),
    "deploy weth": (604_440, 0, 0, ""),
}


@pytest.fixture(scope="module")
def original():
    return uniswap_kit(NODE_MODULES)


def test_uniswaps_column_of_the_snapshot_is_what_its_bytecode_uses(original):
    snapshot = read()
    recorded = {name: one.uniswap for name, one in snapshot.flows.items()}
    assert measure(original, FLOWS) == recorded, "run scripts/gas with DEXSIM_NPM"
    assert snapshot.uniswap_contracts == original.hashes()


def test_with_the_published_token_it_uses_what_was_recorded_elsewhere(original):
    flows = [flow for flow in FLOWS if flow.name in RECORDED]
    used = measure(original, flows, token=published("ERC20"))
    assert used == {
        name: recorded + 12 * zero_bytes + other
        for name, (recorded, zero_bytes, other, _) in RECORDED.items()
    }


def test_both_exchanges_stand_at_the_same_addresses_with_the_same_reserves(original):
    def seen(kit):
        stage = Stage(kit)
        contracts = (*stage.tokens, stage.weth, stage.factory, stage.router)
        pools = (stage.pool, stage.empty, stage.native_pool, stage.pool_of(*stage.tokens[1:3]))
        reserves = [pool.read.getReserves() for pool in pools]
        return [contract.address for contract in contracts], reserves, stage.chain.time_ms

    assert seen(original) == seen(shipped_kit())
