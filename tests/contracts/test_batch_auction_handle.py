"""The handle of a batch auction: it says what waits, what would come of it, and settles that."""

from __future__ import annotations

import pytest

from dexsim.artifacts.library import shipped
from dexsim.cpmm.batch import BatchOrder
from dexsim.market.batch_auction import BatchAuction
from dexsim.market.contract import deploy
from dexsim.market.erc20 import Erc20
from dexsim.market.pool import Pool
from tests.contracts.conftest import ALICE, BOB, FOREVER

E18 = 10**18


@pytest.fixture(params=["base is token0", "base is token1"])
def auction(dex, request):
    dex.add(1000 * E18, 2000 * E18)
    tokens = [
        Erc20(token.address, dex.chain, symbol=name, decimals=18)
        for token, name in ((dex.token0, "T0"), (dex.token1, "T1"))
    ]
    base, quote = tokens if request.param == "base is token0" else tokens[::-1]
    pool = Pool(dex.pool.address, dex.chain, base=base, quote=quote, fee_bps=30)
    with dex.chain.block(time_ms=dex.chain.time_ms):
        contract = deploy(dex.chain, shipped("batch_auction"), ALICE, dex.pool)
    for token in (dex.token0, dex.token1):
        dex.send(token.write.transfer(ALICE, BOB, 100 * E18))
        for who in (ALICE, BOB):
            dex.send(token.write.approve(who, contract, FOREVER))
    return BatchAuction(contract.address, dex.chain, pool=pool)


def test_it_settles_what_it_says(dex, auction):
    first, second = sorted(
        (auction.pool.base, auction.pool.quote), key=lambda token: int(token.address, 16)
    )
    dex.send(auction.place(BOB, token_in=first, amount_in=9))
    dex.send(auction.place(ALICE, token_in=first, amount_in=3 * E18, min_amount_out=5 * E18))
    dex.send(auction.place(BOB, token_in=second, amount_in=E18))
    dex.send(auction.place(BOB, token_in=first, amount_in=E18, min_amount_out=2 * E18))
    dex.send(auction.cancel(BOB, order_id=0))
    waiting = auction.orders()
    assert [(each.id, each.owner) for each in waiting] == [
        (1, ALICE.address),
        (2, BOB.address),
        (3, BOB.address),
    ]
    assert [each.order for each in waiting] == [
        BatchOrder(True, 3 * E18, 5 * E18),
        BatchOrder(False, E18, 1),
        BatchOrder(True, E18, 2 * E18),
    ]
    found = auction.clearing()
    assert found.left_out == (2,)
    had = second.balance(ALICE), first.balance(BOB)
    dex.send(auction.settle(BOB))
    assert second.balance(ALICE) - had[0] == found.amounts_out[0]
    assert first.balance(BOB) - had[1] == found.amounts_out[1] + E18
    assert dex.reserves() == (found.reserve0, found.reserve1)
    assert auction.orders() == []
    assert auction.owed(BOB, token=first) == 0
    assert auction.withdraw(BOB, token=first, to=ALICE).to == auction.address
    assert auction.settle(BOB, left_out=[7]).data != auction.settle(BOB).data
