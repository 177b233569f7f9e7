"""Contracts that another compiler made: the published Uniswap v2, told by its ABIs."""

from __future__ import annotations

import pytest

import dexsim as dx
from dexsim.artifacts.library import shipped
from dexsim.chain.chain import Chain
from dexsim.errors import Reverted
from tests.published import needs_published, published

pytestmark = needs_published

ETHER = 10**18
FOREVER = 2**256 - 1


@pytest.fixture
def chain() -> Chain:
    return Chain("pyevm")


def test_the_published_router_and_its_unknown_pair_are_told(chain: Chain) -> None:
    alice = dx.Account.named("alice")
    chain.set_balance(alice, 1_000 * ETHER)
    factory = dx.deploy(chain, published("UniswapV2Factory"), alice, alice)
    weth = dx.deploy(chain, published("WETH9"), alice)
    router = dx.deploy(chain, published("UniswapV2Router02"), alice, factory, weth)
    token = dx.deploy(chain, shipped("token"), alice, "Coin", "COIN", 6, 10**12)
    chain.send(token.write.approve(alice, router, FOREVER))
    amounts = 2_000 * 10**6, 1, 1
    chain.send(
        router.write.addLiquidityETH(
            alice, token, *amounts, alice, FOREVER, value=ETHER, gas_limit=6_000_000
        )
    )

    def swap(least: int) -> dx.Transaction:
        path = [weth.address, token.address]
        return router.write.swapExactETHForTokens(alice, least, path, alice, FOREVER, value=ETHER)

    with pytest.raises(Reverted) as caught:
        chain.send(swap(2_000 * 10**6))
    refused = dx.explain(caught.value, width=200)
    assert refused.startswith(
        "alice → ✗ UniswapV2Router02.swapExactETHForTokens(amountOutMin=2,000 COIN, "
        "path=[WETH, COIN], to=alice, deadline=max) with 1 ETH  ["
    )
    assert refused.endswith(
        "UniswapV2Router02.swapExactETHForTokens was refused: "
        "UniswapV2Router: INSUFFICIENT_OUTPUT_AMOUNT"
    )
    done = dx.explain(chain.trace(swap(1), steps=True), chain, width=200)
    assert "WETH.deposit() with 1 ETH" in done
    assert "• Deposit(dst=UniswapV2Router02, wad=1 WETH)" in done
    # Nobody has made a handle of the pair, and the compiler of its code is another one.
    assert "/COIN.swap(" in done or "COIN/WETH.swap(" in done
    assert "• Sync(reserve0=" in done
    assert "◦ slot 0x" in done
