"""Bundles that pay, builders that compete, refunds: to the wei."""

from __future__ import annotations

import pytest

from dexsim.blockspace import structure
from dexsim.blockspace.builder import PAYMENT_GAS, Site
from dexsim.blockspace.contest import account_of, contend
from dexsim.blockspace.mechanisms import BundleAuction, MevShare, Private
from dexsim.chain.chain import BUILDER, Chain
from dexsim.streams import Streams
from tests.unit.blockspace.waiting import (
    ALICE,
    BOB,
    CAROL,
    DAVE,
    ETHER,
    bundle,
    ids,
    pays,
    pending,
    transfer,
)

FEE = 7
RNG = Streams(1).generator("test")


@pytest.fixture
def chain():
    fresh = Chain(base_fee=FEE)
    for account in (ALICE, BOB, CAROL, DAVE):
        fresh.set_balance(account, 10 * ETHER)
    return fresh


def built(chain, mechanism, entries):
    """The filling of a block by a mechanism."""
    with chain.block() as block:
        site = Site(block, entries)
        return structure.fill(mechanism, site, RNG)


def test_the_bundle_that_pays_most_lands_and_the_other_costs_nothing(chain):
    victim = pending(1, transfer(ALICE))
    low = bundle(2, pays(CAROL, 1_000_000), victim, agent="low")
    high = bundle(3, victim, pays(DAVE, 1_000_001), agent="high")
    filling = built(chain, BundleAuction(), [victim, low, high])
    assert [each.agent for each in filling.included] == ["somebody", "high"]
    assert filling.failed == [(low, "a transaction of it is not waiting any more")]
    assert chain.balance(BUILDER) == 1_000_001
    assert chain.balance(CAROL) == 10 * ETHER


@pytest.mark.parametrize(("rank", "winner"), [("profit", 2), ("gas-price", 3)])
def test_bundles_are_ranked_by_profit_or_for_each_unit_of_gas(chain, rank, winner):
    victim = pending(1, transfer(ALICE))
    long = bundle(2, victim, pays(CAROL, 1_200_000), transfer(CAROL))
    short = bundle(3, victim, pays(DAVE, 1_000_000))
    filling = built(chain, BundleAuction(rank=rank), [victim, long, short])
    assert list(filling.landed) == [winner]


def test_tips_for_gas_count_like_transfers(chain):
    victim = pending(1, transfer(ALICE))
    tips = bundle(2, victim, transfer(CAROL, tip=50))
    pay = bundle(3, victim, pays(DAVE, 50 * 21_000 - 1))
    assert list(built(chain, BundleAuction(), [victim, tips, pay]).landed) == [2]
    landed = bundle(4, transfer(CAROL, tip=3), pays(DAVE, 11))
    attempt = built(chain, BundleAuction(), [landed]).landed[4].attempt
    assert (attempt.gas_fees, attempt.eth_sent_to_coinbase) == (3 * 21_000, 11)
    assert attempt.coinbase_diff == 3 * 21_000 + 11
    assert attempt.effective_gas_price == (3 * 21_000 + 11) // 42_000


def test_the_winner_of_a_second_price_auction_pays_what_the_best_loser_bid(chain):
    victim = pending(1, transfer(ALICE))
    bids = [
        bundle(n, victim, pays(who, wei), agent=who.name)
        for n, who, wei in ((2, CAROL, 5 * 10**6), (3, DAVE, 9 * 10**6), (4, BOB, 2 * 10**6))
    ]
    filling = built(chain, BundleAuction(payment="second-price"), [victim, *bids])
    gas = PAYMENT_GAS * FEE
    assert list(filling.landed) == [3]
    assert filling.landed[3].refund == 4 * 10**6 - gas
    assert filling.landed[3].refunded == "dave"
    assert chain.balance(BUILDER) == 5 * 10**6
    assert chain.balance(DAVE) == 10 * ETHER - 21_000 * FEE - 9 * 10**6 + (4 * 10**6 - gas)
    assert [each.role for each in filling.included] == ["trader", "searcher", "builder"]


def test_a_refund_that_is_not_worth_its_gas_is_not_made(chain):
    victim = pending(1, transfer(ALICE))
    gas = PAYMENT_GAS * FEE
    for more, refund in ((gas, 0), (gas + 1, 1)):
        bids = [bundle(2, victim, pays(CAROL, 10**6)), bundle(3, victim, pays(DAVE, 10**6 + more))]
        with chain.anchor():
            filling = built(chain, BundleAuction(payment="second-price"), [victim, *bids])
            assert filling.landed[3].refund == refund


def test_a_bundle_outside_its_time_is_not_tried(chain):
    now = chain.time_ms // 1000 + 12
    early = bundle(1, pays(CAROL, 5), min_timestamp=now + 1)
    late = bundle(2, pays(CAROL, 5), max_timestamp=now - 1)
    right = bundle(3, pays(CAROL, 5), min_timestamp=now, max_timestamp=now)
    filling = built(chain, BundleAuction(), [early, late, right])
    assert list(filling.landed) == [3]
    assert {reason for _, reason in filling.failed} == {
        "the block's time is outside its timestamps"
    }


def test_users_get_their_part_of_what_a_back_run_pays(chain):
    victim = pending(1, transfer(ALICE, tip=2), visibility="hint", agent="retail")
    back = bundle(2, victim, pays(CAROL, 10**7))
    filling = built(chain, MevShare(), [victim, back])
    gas = PAYMENT_GAS * FEE
    assert filling.landed[2].refund == 9 * 10**6 - gas
    assert filling.landed[2].refunded == "retail"
    assert chain.balance(BUILDER) == 10**6 + 2 * 21_000
    assert chain.balance(ALICE) == 10 * ETHER - 1 - 21_000 * (FEE + 2) + 9 * 10**6 - gas


def test_nothing_of_a_searchers_own_stands_before_an_order_that_was_hinted_at():
    victim = pending(1, transfer(ALICE))
    refuses = MevShare().refuses
    assert refuses(bundle(2, victim, pays(CAROL, 1)).bundle) == ""
    assert refuses(bundle(3, transfer(CAROL), victim).bundle)
    assert refuses(bundle(4, transfer(CAROL), victim, transfer(CAROL)).bundle)


def test_what_would_fail_waits_in_private_and_costs_nothing(chain, deployment):
    fails = deployment.tokens["USDC"].transfer(CAROL, to=BOB, amount=1)
    entries = [pending(1, fails), pending(2, transfer(ALICE))]
    filling = built(chain, Private(), entries)
    assert ids(each.source for each in filling.included) == [2]
    assert filling.gone == {2}
    assert chain.balance(CAROL) == 10 * ETHER


def test_of_two_builders_the_one_with_more_builds_and_pays_what_the_other_could(chain):
    public = pending(1, transfer(ALICE, tip=3))
    private = pending(2, transfer(CAROL, tip=5), visibility="private", builders=("beta",))

    def fill(block, builder):
        return structure.fill(BundleAuction(), Site(block, [public, private], builder=builder), RNG)

    env = {"time_ms": chain.time_ms + 12_000, "base_fee": FEE}
    root = chain.state_root()
    won = contend(chain, ("alpha", "beta"), fill=fill, **env)
    assert (won.builder, won.price) == ("beta", 3 * 21_000)
    assert chain.state_root() == root
    assert chain.balance(account_of("alpha")) == chain.balance(account_of("beta")) == 0
    tie = contend(chain, ("one", "two"), fill=fill, **env)
    assert (tie.builder, tie.price) == ("one", 3 * 21_000)


def test_each_bundle_is_simulated_twice_and_no_oftener(chain, monkeypatch):
    victim = pending(1, transfer(ALICE))
    rivals = [bundle(n, victim, pays(CAROL, n * 10**6)) for n in range(2, 12)]
    tried = []
    attempt = Site._attempt

    def counted(site, entry, *, keep):
        tried.append(entry.id)
        return attempt(site, entry, keep=keep)

    monkeypatch.setattr(Site, "_attempt", counted)
    built(chain, BundleAuction(), [victim, *rivals])
    assert {number: tried.count(number) for number in tried} == dict.fromkeys(range(2, 12), 2)
