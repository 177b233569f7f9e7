"""What a settlement costs: the same for every order more, whether it is executed or left out."""

from __future__ import annotations

import pytest

from dexsim.chain.accounts import Account
from dexsim.cpmm.batch import BatchOrder
from tests.contracts.test_batch_auction import E18, PEOPLE, opened

NEVER_MET = 10**6  # for a unit: no price gives so much


def settled_gas(auction, count: int, greedy: bool) -> int:
    """Gas of a settlement of so many orders, of as many people, of either side in turns."""
    with auction.dex.chain.anchor():
        batch = []
        for i in range(count):
            who = Account.named(f"one of many {i}")
            auction.dex.chain.set_balance(who, E18)
            amount = 10**15 + i
            order = BatchOrder(i % 2 == 0, amount, amount * NEVER_MET if greedy else 0)
            token = auction.token(order.sells_token0)
            auction.dex.send(token.write.transfer(PEOPLE[0], who, amount))
            auction.dex.send(token.write.approve(who, auction.auction, amount))
            auction.place(who, order)
            batch.append(order)
        found = auction.clearing(batch)
        assert len(found.left_out) == (count if greedy else 0)
        receipt = auction.settle(list(range(count)), found)
        assert len(auction.events(receipt, "Refunded" if greedy else "Executed")) == count
        return receipt.gas_used


@pytest.mark.parametrize(("greedy", "most"), [(False, 36_000), (True, 36_000)])
def test_an_order_more_costs_the_same_in_any_batch(dex, alice, greedy, most):
    auction = opened(dex, alice)
    used = {count: settled_gas(auction, count, greedy) for count in (1, 10, 100, 200)}
    slopes = [(used[b] - used[a]) / (b - a) for a, b in ((10, 100), (100, 200))]
    assert max(slopes) <= most
    assert abs(slopes[1] - slopes[0]) < 0.03 * slopes[0]


def test_placing_and_cancelling_cost_little(dex, alice):
    auction = opened(dex, alice)
    auction.send("place", PEOPLE[0], dex.token0, E18, 1)
    again = auction.send("place", PEOPLE[0], dex.token0, E18, 1)
    cancelled = auction.send("cancel", PEOPLE[0], 0)
    assert again.gas_used < 130_000
    assert cancelled.gas_used < 60_000
