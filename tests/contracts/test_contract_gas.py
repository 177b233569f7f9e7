"""Gas of whole transactions (Cancun), against a ceiling and beside the original's."""

from __future__ import annotations

import pytest

from dexsim.chain.accounts import Account

E18 = 10**18
FOREVER = 2**256 - 1

# Our ceiling, and what Uniswap v2's published bytecode uses for the same (None: not recorded).
CEILINGS = {
    "factory.createPair": (2_000_000, 2_507_004),
    "pool.mint (first)": (137_500, 153_405),
    "pool.mint": (71_000, 80_649),
    "pool.swap": (65_000, 73_150),
    "pool.swap (same timestamp)": (55_000, 62_734),
    "pool.burn": (90_000, 101_310),
    "router.addLiquidity": (109_000, 120_044),
    "router.removeLiquidity": (109_000, 120_029),
    "router.swapExactTokensForTokens": (88_000, 98_074),
    "router.swapTokensForExactTokens": (88_400, 98_466),
    "router.swapExactTokensForTokens (2 hops)": (137_000, 152_985),
}


@pytest.fixture(scope="module")
def used(stage):
    """Gas by operation, each measured in a block of its own, 12 seconds after the one before."""
    alice = Account.named("alice")
    with stage.chain.anchor():
        yield measure(stage, alice)


def measure(dex, alice):
    gas = {}

    def run(name, tx):
        gas[name] = dex.chain.send(tx).gas_used

    third = dex.deploy("token", "Token C", "C", 18, 10_000 * E18)
    run(
        "factory.createPair",
        dex.factory.write.createPair(alice, dex.token1, third, gas_limit=5_000_000),
    )
    second = dex.contract("pool", dex.factory.read.getPair(dex.token1, third))
    dex.pay(5 * E18, 10 * E18)
    run("pool.mint (first)", dex.pool.write.mint(alice, alice))
    dex.chain.send(dex.pool.write.sync(alice))
    dex.pay(0, E18)
    run("pool.swap", dex.pool.write.swap(alice, 453305446940074565, 0, alice, b""))
    dex.pay(0, E18)
    with dex.chain.block(time_ms=dex.chain.time_ms):
        run("pool.swap (same timestamp)", dex.pool.write.swap(alice, E18 // 10, 0, alice, b""))
    dex.pay(5 * E18, 30 * E18)
    run("pool.mint", dex.pool.write.mint(alice, alice))
    dex.send(dex.pool.write.transfer(alice, dex.pool, E18))
    run("pool.burn", dex.pool.write.burn(alice, alice))
    for token in (dex.token0, dex.token1, third, dex.pool):
        dex.send(token.write.approve(alice, dex.router, FOREVER))
    for token in (dex.token1, third):
        dex.send(token.write.transfer(alice, second, 10 * E18))
    dex.chain.send(second.write.mint(alice, alice))
    dex.chain.send(second.write.sync(alice))
    write = dex.router.write
    path = [dex.token0, dex.token1]
    run(
        "router.swapExactTokensForTokens",
        write.swapExactTokensForTokens(alice, E18, 1, path, alice, FOREVER),
    )
    run(
        "router.swapTokensForExactTokens",
        write.swapTokensForExactTokens(alice, E18, FOREVER, path, alice, FOREVER),
    )
    run(
        "router.swapExactTokensForTokens (2 hops)",
        write.swapExactTokensForTokens(alice, E18, 1, [*path, third], alice, FOREVER),
    )
    run("router.addLiquidity", write.addLiquidity(alice, *path, E18, 9 * E18, 0, 0, alice, FOREVER))
    run("router.removeLiquidity", write.removeLiquidity(alice, *path, E18, 0, 0, alice, FOREVER))
    return gas


@pytest.mark.parametrize("operation", CEILINGS)
def test_gas_stays_below_its_ceiling_and_below_the_original(operation, used):
    ceiling, original = CEILINGS[operation]
    assert used[operation] <= ceiling < original


def test_every_operation_that_is_measured_has_a_ceiling(used):
    assert set(used) == set(CEILINGS)
