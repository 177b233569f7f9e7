"""A batch auction on the chain: who may do what, and that it clears as the arithmetic says, to the unit."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import permutations

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from dexsim import cpmm
from dexsim.chain.accounts import Account
from dexsim.cpmm.batch import BatchOrder, Clearing, clear
from dexsim.market.contract import Contract
from dexsim.testing import reverts

FOREVER = 2**256 - 1
E18 = 10**18
PEOPLE = [Account.named(f"trader {i}") for i in range(6)]
SETTLER = Account.named("settler")
GAS = 30_000_000


@dataclass(frozen=True)
class Auction:
    """An auction in front of the pool of `dex`; six traders have a thousand of either token."""

    dex: object
    auction: Contract

    def send(self, name, sender, *args):
        return self.dex.send(getattr(self.auction.write, name)(sender, *args, gas_limit=GAS))

    def token(self, sells_token0):
        return self.dex.token0 if sells_token0 else self.dex.token1

    def place(self, who, order):
        token = self.token(order.sells_token0)
        self.send("place", who, token, order.amount_in, order.min_amount_out)
        return self.auction.read.next_id() - 1

    def place_all(self, batch):
        return [self.place(PEOPLE[i % 6], order) for i, order in enumerate(batch)]

    def clearing(self, batch, fee_bps=30):
        return clear(batch, *self.dex.reserves(), fee_bps)

    def settle(self, ids, found: Clearing):
        return self.send("settle", SETTLER, [ids[i] for i in found.left_out])

    def held(self, *whose):
        return [
            tuple(t.read.balanceOf(w) for w in whose) for t in (self.dex.token0, self.dex.token1)
        ]

    def events(self, receipt, name):
        return [e.fields for e in self.auction.events(receipt) if e.name == name]


def opened(dex, alice, reserve0=1000 * E18, reserve1=2000 * E18):
    if reserve0:
        dex.add(reserve0, reserve1)
    auction = Auction(dex, dex.deploy("batch_auction", dex.pool))
    for who in PEOPLE:
        for token in (dex.token0, dex.token1):
            dex.send(token.write.transfer(alice, who, 1000 * E18))
            dex.send(token.write.approve(who, auction.auction, FOREVER))
    return auction


@pytest.fixture
def auction(dex, alice):
    return opened(dex, alice)


def sell(amount, least=0):
    return BatchOrder(True, amount, least)


def buy(amount, least=0):
    return BatchOrder(False, amount, least)


def settled_as_it_should(auction, batch, fee_bps=30):
    """Place, settle, and compare everybody's balances, the pool's and the contract's with the arithmetic."""
    places = [*PEOPLE, auction.auction, auction.dex.pool]
    before = auction.held(*places)
    found = auction.clearing(batch, fee_bps)
    ids = auction.place_all(batch)
    assert [tuple(o)[2:] for o in orders(auction)] == [
        (auction.token(o.sells_token0).address, o.amount_in, max(o.min_amount_out, 1))
        for o in batch
    ]
    receipt = auction.settle(ids, found)
    change = [[0] * len(places), [0] * len(places)]
    for i, (order, out) in enumerate(zip(batch, found.amounts_out, strict=True)):
        if out is not None:
            side = 0 if order.sells_token0 else 1
            change[side][i % 6] -= order.amount_in
            change[1 - side][i % 6] += out
    pool = auction.dex.reserves()
    assert pool == (found.reserve0, found.reserve1)
    for side, kept in enumerate((found.kept0, found.kept1)):
        change[side][6] = kept
        change[side][7] = -sum(change[side])
    after = auction.held(*places)
    for side in (0, 1):
        assert after[side][7] == pool[side]
        assert [a - b for a, b in zip(after[side], before[side], strict=True)] == change[side]
        assert sum(after[side]) == sum(before[side])
    assert orders(auction) == []
    return receipt, found


def orders(auction):
    return list(auction.auction.read.orders())


def test_two_sides_are_netted_and_the_rest_goes_through_the_pool(auction):
    batch = [sell(10 * E18, 19 * E18), sell(5 * E18), buy(6 * E18, 2 * E18), sell(E18, 2 * E18)]
    receipt, found = settled_as_it_should(auction, batch)
    assert found.left_out == (3,)
    told = [fields["amount_out"] for fields in auction.events(receipt, "Executed")]
    assert told == list(found.amounts_out[:3])
    assert [f["id"] for f in auction.events(receipt, "Refunded")] == [3]
    (settled,) = auction.events(receipt, "Settled")
    assert tuple(settled.values()) == (3, 1, *found.price)
    assert len(auction.dex.pool.events(receipt)) == 2  # one swap


@pytest.mark.parametrize("side", [True, False])
def test_one_side_is_one_swap_of_the_sum(auction, side):
    reserves = auction.dex.reserves()[:: 1 if side else -1]
    whole = cpmm.amount_out(7 * E18, *reserves)
    _, found = settled_as_it_should(auction, [BatchOrder(side, n * E18) for n in (1, 2, 4)])
    assert 0 <= whole - sum(found.amounts_out) < 3
    first, second, third = found.amounts_out
    assert abs(second - 2 * first) <= 1
    assert abs(third - 4 * first) <= 3


def test_what_rounding_leaves_of_a_netted_batch_is_the_pools(auction):
    x, y = auction.dex.reserves()
    receipt, found = settled_as_it_should(auction, [sell(10), sell(11), sell(9), buy(30), buy(30)])
    assert (found.reserve0 - x, found.reserve1 - y) == (0, 0)
    assert auction.dex.pool.events(receipt) == []
    _, found = settled_as_it_should(auction, [sell(1001), sell(1001), buy(2000), buy(2001)])
    assert (found.reserve0 - x, found.reserve1 - y) == (1, 1)


def test_without_liquidity_they_are_netted_and_rounding_stays(dex, alice):
    auction = opened(dex, alice, 0)
    receipt, found = settled_as_it_should(auction, [sell(10), sell(11), buy(7)])
    assert (found.kept0, found.kept1, found.amounts_out) == (0, 1, (3, 3, 21))
    assert [e.name for e in auction.auction.events(receipt)].count("Executed") == 3
    _, found = settled_as_it_should(auction, [sell(10)])
    assert found.amounts_out == (None,)
    dex.send(dex.token0.write.transfer(PEOPLE[0], dex.pool, 5))
    dex.send(dex.pool.write.sync(alice))  # one of the two alone is no liquidity
    settled_as_it_should(auction, [sell(10), buy(3), buy(4)])


@pytest.mark.parametrize("least", [0, 1])
def test_who_would_get_nothing_is_refunded(auction, least):
    _, found = settled_as_it_should(auction, [buy(1, least)])
    assert found.amounts_out == (None,)


def test_a_limit_is_met_exactly_or_not(auction):
    out = cpmm.amount_out(E18, *auction.dex.reserves())
    assert settled_as_it_should(auction, [sell(E18, out)])[1].amounts_out == (out,)
    out = cpmm.amount_out(E18, *auction.dex.reserves())
    (number,) = auction.place_all([sell(E18, out + 1)])
    with reverts("batch: not the solution"):
        auction.send("settle", SETTLER, [])
    auction.send("settle", SETTLER, [number])


def test_the_same_orders_have_the_same_outcome_in_every_order(auction):
    # Three stay, one of each side drops out; all 120 sequences of who comes when.
    batch = [
        sell(30 * E18, 59 * E18),
        sell(5 * E18),
        buy(9 * E18),
        buy(8 * E18, 4 * E18),
        sell(1, 2),
    ]
    expected = auction.clearing(batch)
    assert sorted(expected.left_out) == [0, 3, 4]
    start = auction.held(*PEOPLE[:5], auction.dex.pool)
    found = set()
    for sequence in permutations(range(5)):
        with auction.dex.chain.anchor():
            ids = {i: auction.place(PEOPLE[i], batch[i]) for i in sequence}
            there = auction.clearing([batch[i] for i in sequence])
            auction.settle([ids[i] for i in sequence], there)
            found.add(tuple(auction.held(*PEOPLE[:5], auction.dex.pool)))
    (after,) = found
    assert after != tuple(start)
    for side in (0, 1):
        assert after[side][5] == (expected.reserve0, expected.reserve1)[side]


def test_buying_and_selling_the_same_in_one_batch_nets_to_rounding(auction):
    others = [sell(20 * E18), buy(10 * E18), sell(3 * E18)]
    price0, price1 = auction.clearing(others).price
    value = 50 * E18 * price0 // price1
    with auction.dex.chain.anchor():
        _, alone = settled_as_it_should(auction, others)
    before = auction.held(PEOPLE[3])
    ids = auction.place_all(others) + [
        auction.place(PEOPLE[3], order) for order in (sell(50 * E18), buy(value))
    ]
    found = auction.clearing([*others, sell(50 * E18), buy(value)])
    auction.settle(ids, found)
    after = auction.held(PEOPLE[3])
    for side in (0, 1):
        assert -2 <= after[side][0] - before[side][0] <= 0
    for with_him, without in zip(found.amounts_out, alone.amounts_out, strict=False):
        assert abs(with_him - without) <= 1


def test_an_empty_batch_settles_to_nothing(auction):
    assert auction.send("settle", SETTLER, []).logs == ()
    number = auction.place(PEOPLE[0], sell(E18))
    auction.send("cancel", PEOPLE[0], number)
    assert auction.send("settle", SETTLER, []).logs == ()
    assert auction.auction.read.first_id() == auction.auction.read.next_id() == 1
    with reverts("batch: not the solution"):
        auction.send("settle", SETTLER, [1])


def test_who_cancels_has_what_he_had(auction):
    before = auction.held(*PEOPLE)
    ids = auction.place_all([sell(E18), buy(2 * E18), sell(3 * E18)])
    with reverts("batch: not the owner"):
        auction.send("cancel", PEOPLE[1], ids[0])
    for i in range(3):
        auction.send("cancel", PEOPLE[i], ids[i])
        with reverts("batch: no such order"):
            auction.send("cancel", PEOPLE[i], ids[i])
    assert auction.held(*PEOPLE) == before
    settled_as_it_should(auction, [buy(E18)])
    for number in (3, 4):  # settled, and never placed
        with reverts("batch: no such order"):
            auction.send("cancel", PEOPLE[0], number)


def test_an_id_that_comes_round_again_is_not_yet_placed(auction):
    # Its place still has an order of the same person's, settled 256 ids before.
    settled_as_it_should(auction, [sell(E18)])
    before = auction.held(auction.auction)
    with reverts("batch: no such order"):
        auction.send("cancel", PEOPLE[0], 256)
    assert auction.held(auction.auction) == before == [(0,), (0,)]


def test_a_cancelled_order_is_not_executed(auction):
    ids = auction.place_all([sell(E18), sell(2 * E18), buy(E18)])
    auction.send("cancel", PEOPLE[1], ids[1])
    with reverts("batch: not the solution"):
        auction.send("settle", SETTLER, [ids[1]])
    found = auction.clearing([sell(E18), buy(E18)])
    receipt = auction.settle([ids[0], ids[2]], found)
    told = [fields["amount_out"] for fields in auction.events(receipt, "Executed")]
    assert told == list(found.amounts_out)


@pytest.mark.parametrize(
    ("args", "why"),
    [
        (("weth", 1, 0), "batch: no such token"),
        (("token0", 0, 0), "batch: zero amount"),
        (("token0", 2**112, 0), "batch: amount too high"),
        (("token0", 2**112 - 1, 0), "batch: transfer failed"),
        (("token0", 1, 2**112), "batch: limit too high"),
        (("token1", 1000 * E18 + 1, 0), "batch: transfer failed"),
    ],
)
def test_what_cannot_be_an_order_is_refused(auction, args, why):
    token, *rest = args
    with reverts(why):
        auction.send("place", PEOPLE[0], getattr(auction.dex, token), *rest)
    auction.send("place", PEOPLE[0], auction.dex.token1, 1000 * E18, 2**112 - 1)


def test_an_auction_needs_a_pool(dex):
    with reverts("batch: no such pool"):
        dex.deploy("batch_auction", SETTLER.address)


# Of these six the rule leaves out 5, then 4 (equal to 3: together), then 1; see the test.
MIXED = [
    sell(10 * E18, 18 * E18),
    buy(20 * E18, 11 * E18),
    buy(30 * E18),
    sell(2 * E18, 5 * E18),
    sell(4 * E18, 10 * E18),
    sell(1 * E18, 3 * E18),
]


def test_only_the_solution_settles_whoever_brings_it(auction):
    ids = auction.place_all(MIXED)
    found = auction.clearing(MIXED)
    assert set(found.left_out) == {5, 3, 4, 1}
    wrong = [
        [],
        [5],  # others are not met either
        [3, 4, 1],  # who asks for more than they stays
        [5, 3, 1],  # an equal one stays
        [3, 4, 5, 1],  # who asks for less goes first
        [5, 3, 4, 1, 0],  # one that is met goes
        [5, 3, 4, 1, 2],
        [5, 3, 4, 1, 1],  # twice
        [5, 5, 3, 4, 1],
        [0, 5, 3, 4, 1],
        [5, 3, 4, 1, 6],  # not there
        [5, 3, 4, 1, 300],
    ]
    for positions in wrong:
        with reverts("batch: not the solution"):
            auction.send("settle", PEOPLE[0], positions)
    right = [[5, 3, 4, 1], [5, 4, 3, 1], [1, 5, 3, 4], [5, 1, 4, 3]]
    outcomes = set()
    for positions in right:
        with auction.dex.chain.anchor():
            auction.send("settle", PEOPLE[0], [ids[i] for i in positions])
            outcomes.add(tuple(auction.held(*PEOPLE, auction.dex.pool)))
    assert len(outcomes) == 1


# At 2 for 1, either of these alone gets 180 or more for 100; both together get 166 each.
CROWD = {
    "equals": [sell(100, 180), sell(100, 180)],
    "one humbler": [sell(100, 180), sell(100, 179)],
}


@pytest.mark.parametrize(
    ("crowd", "outcomes"),
    [("equals", {(0, 1), (1, 0)}), ("one humbler", {(0,)})],
)
def test_price_decides_who_stays_and_equals_go_together(dex, alice, crowd, outcomes):
    auction = opened(dex, alice, 1000, 2000)
    ids = auction.place_all(CROWD[crowd])
    for left_out in ((), (0,), (1,), (0, 1), (1, 0)):
        with dex.chain.anchor():
            if left_out in outcomes:
                auction.send("settle", SETTLER, [ids[i] for i in left_out])
            else:
                with reverts("batch: not the solution"):
                    auction.send("settle", SETTLER, [ids[i] for i in left_out])


@pytest.mark.parametrize("side", [True, False])
def test_a_cancelled_order_is_not_left_out(auction, side):
    greedy = BatchOrder(side, E18, 9 * E18)
    ids = auction.place_all([greedy, BatchOrder(side, E18), greedy, BatchOrder(not side, E18)])
    auction.send("cancel", PEOPLE[1], ids[1])
    for wrong in ([1], [0, 1], [0, 1, 2], [0, 2, 1], [1, 0, 2]):
        with reverts("batch: not the solution"):
            auction.send("settle", SETTLER, wrong)
    auction.send("settle", SETTLER, [0, 2])


@pytest.mark.parametrize("step", [-1, 0, 1])
@pytest.mark.parametrize("above", [False, True])
def test_the_pool_trades_from_the_fee_on(auction, above, step):
    # 0.997 * 2 and 2 / 0.997: at either price, and a unit beside it.
    sold0, sold1 = (997 * 10**9, 2000 * 10**9) if above else (1000 * 10**9, 1994 * 10**9)
    receipt, found = settled_as_it_should(auction, [sell(sold0), buy(sold1 + step)])
    beyond = step == (1 if above else -1)
    assert (found.price != (sold1 + step, sold0)) is beyond
    if not beyond:
        assert found.amounts_out == (sold1 + step, sold0)
        assert auction.dex.pool.events(receipt) == []


@pytest.mark.parametrize("sold1", [1995 * 10**9, 2 * 10**12, 2005 * 10**9])
def test_within_the_fee_the_two_sides_swap_what_they_have(auction, sold1):
    receipt, found = settled_as_it_should(auction, [sell(10**12), buy(sold1)])
    assert found.amounts_out == (sold1, 10**12)
    assert auction.dex.pool.events(receipt) == []


def test_ids_of_an_earlier_batch_are_not_of_this_one(auction):
    settled_as_it_should(auction, [sell(E18), sell(E18)])
    (number,) = auction.place_all([sell(E18, 3 * E18)])
    assert number == 2
    for wrong in ([0], [1], [3], [2 + 256]):
        with reverts("batch: not the solution"):
            auction.send("settle", SETTLER, wrong)
    auction.send("settle", SETTLER, [2])


amounts = st.integers(1, 50) | st.integers(1, 60 * E18)
prices = st.integers(0, 40) | st.integers(15, 25)


@st.composite
def drawn_orders(draw):
    amount, tenths, side = draw(amounts), draw(prices), draw(st.booleans())
    return BatchOrder(side, amount, amount * tenths // 10 if side else amount * 10 // (tenths + 1))


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(rounds=st.lists(st.lists(drawn_orders(), max_size=9), min_size=1, max_size=2))
def test_random_batches_clear_as_the_arithmetic_says(auction, rounds):
    with auction.dex.chain.anchor():
        for batch in rounds:
            _, found = settled_as_it_should(auction, batch)
            event(f"{len(found.left_out)} of {len(batch)} left out")


@pytest.mark.parametrize("fee_bps", [0, 1000])
def test_the_fee_is_the_pools(dex, alice, fee_bps):
    other = dex.on(dex.create_pool(dex.token0, dex.token1, dex.venue(fee_bps)))
    auction = opened(other, alice)
    batch = [sell(30 * E18), buy(5 * E18), sell(9 * E18, 18 * E18)]
    settled_as_it_should(auction, batch, fee_bps)
    settled_as_it_should(auction, [*batch, buy(500 * E18)], fee_bps)


def test_256_orders_fill_a_batch_and_the_next_begins(auction):
    for i in range(256):
        auction.send("place", PEOPLE[i % 6], auction.token(i % 2 == 0), 10**15 + i, 0)
    with reverts("batch: full"):
        auction.place(PEOPLE[0], sell(E18))
    assert len(orders(auction)) == 256
    batch = [BatchOrder(i % 2 == 0, 10**15 + i) for i in range(256)]
    found = auction.clearing(batch)
    receipt = auction.send("settle", SETTLER, [])
    assert receipt.gas_used < 15_000_000
    told = [fields["amount_out"] for fields in auction.events(receipt, "Executed")]
    assert told == list(found.amounts_out)
    assert auction.held(auction.auction) == [(0,), (0,)]
    settled_as_it_should(auction, MIXED)
