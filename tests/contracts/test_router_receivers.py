"""Who the caller names gets what the router sends, and the caller keeps what is not needed.

In the router's other tests the caller is the receiver, so that a router which always paid its caller
went through all of them.
"""

from __future__ import annotations

import pytest

E18 = 10**18
FOREVER = 2**256 - 1


@pytest.fixture
def ready(dex, alice):
    """Reserves of 5 and 10, and a router that may take Alice's tokens."""
    for token in (dex.token0, dex.token1, dex.pool):
        dex.send(token.write.approve(alice, dex.router, FOREVER))
    dex.add(5 * E18, 10 * E18)
    return dex


@pytest.mark.parametrize("name", ["swapExactTokensForTokens", "swapTokensForExactTokens"])
def test_the_named_one_gets_the_output(name, ready, alice, bob):
    path = [ready.token0, ready.token1]
    most = 3 * E18
    quoted = (
        ready.router.read.getAmountsOut(E18, path)
        if name == "swapExactTokensForTokens"
        else ready.router.read.getAmountsIn(E18, path)
    )
    limit = 0 if name == "swapExactTokensForTokens" else most
    write = getattr(ready.router.write, name)
    receipt = ready.send(write(alice, E18, limit, path, bob, FOREVER))
    assert ready.told(receipt)[:2] == [
        ("token0.Transfer", "alice", "pool", quoted[0]),
        ("token1.Transfer", "pool", "bob", quoted[1]),
    ]


def test_the_named_one_gets_the_liquidity(ready, alice, bob):
    supply = ready.pool.read.totalSupply()
    write = ready.router.write.addLiquidity
    tokens = (ready.token0, ready.token1)
    receipt = ready.send(write(alice, *tokens, E18, 9 * E18, 0, 0, bob, FOREVER))
    assert ready.told(receipt)[:3] == [
        ("token0.Transfer", "alice", "pool", E18),
        ("token1.Transfer", "alice", "pool", 2 * E18),
        ("pool.Transfer", "zero", "bob", E18 * supply // (5 * E18)),
    ]


def test_the_named_one_gets_what_liquidity_was_worth(ready, alice, bob):
    supply = ready.pool.read.totalSupply()
    write = ready.router.write.removeLiquidity
    tokens = (ready.token0, ready.token1)
    receipt = ready.send(write(alice, *tokens, E18, 0, 0, bob, FOREVER))
    paid = [E18 * each * E18 // supply for each in (5, 10)]
    assert ready.told(receipt)[2:4] == [
        ("token0.Transfer", "pool", "bob", paid[0]),
        ("token1.Transfer", "pool", "bob", paid[1]),
    ]
    assert ready.told(receipt)[-1] == ("pool.Burn", "router", *paid, "bob")
