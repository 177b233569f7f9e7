"""What waits, in which order, for how long, and who may read it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dexsim.blockspace.desk import Desk
from dexsim.blockspace.mempool import Mempool
from dexsim.blockspace.orders import Order
from dexsim.blockspace.pending import HINTS, Hint, hint_of
from dexsim.blockspace.queues import first_free, in_turn, merge_heads
from tests.unit.blockspace.waiting import ALICE, BOB, bundle, ids, pending, transfer


def filled(*waiting):
    """A mempool with these."""
    pool = Mempool()
    for each in waiting:
        pool.add(each)
    return pool


# --- replacement ---------------------------------------------------------------


@pytest.mark.parametrize(("tip", "replaces"), [(109, False), (110, True)])
def test_a_replacement_bids_a_tenth_more(tip, replaces):
    old = pending(1, transfer(ALICE, tip=100, nonce=4))
    new = pending(2, transfer(ALICE, tip=tip, nonce=4))
    pool = filled(old)
    gone = pool.add(new)
    assert gone is not None
    assert gone.pending is (old if replaces else new)
    assert ids(pool.waiting()) == [2 if replaces else 1]
    assert gone.reason.startswith("replaced" if replaces else "replacement underpriced")


def test_a_replacement_bids_more_even_where_a_tenth_is_nothing():
    pool = filled(pending(1, transfer(ALICE, nonce=4)))
    pool.add(pending(2, transfer(ALICE, nonce=4)))
    assert ids(pool.waiting()) == [1]
    pool.add(pending(3, transfer(ALICE, nonce=4, tip=1)))
    assert ids(pool.waiting()) == [3]


@pytest.mark.parametrize(
    ("before", "after", "replaces"),
    [(200, 219, False), (200, 220, True), (200, None, True), (None, 900, False)],
)
def test_a_replacement_raises_its_cap_too(before, after, replaces):
    pool = filled(pending(1, transfer(ALICE, tip=10, nonce=4, cap=before)))
    pool.add(pending(2, transfer(ALICE, tip=20, nonce=4, cap=after)))
    assert ids(pool.waiting()) == [2 if replaces else 1]


def test_others_nonces_and_open_ones_replace_nothing():
    pool = filled(pending(1, transfer(ALICE, nonce=4)))
    for number, tx in enumerate(
        [transfer(BOB, nonce=4), transfer(ALICE, nonce=5), transfer(ALICE)]
    ):
        assert pool.add(pending(number + 2, tx)) is None
    assert ids(pool.waiting()) == [1, 2, 3, 4]


def test_a_nonce_is_free_again_when_its_transaction_is_gone():
    pool = filled(pending(1, transfer(ALICE, nonce=4)))
    pool.drop([1])
    assert pool.add(pending(2, transfer(ALICE, nonce=4))) is None
    assert ids(pool.waiting()) == [2]


# --- time ----------------------------------------------------------------------


def test_what_is_late_waits_no_more():
    timed = pending(1, transfer(ALICE), expires_ms=5_000)
    counted = pending(2, transfer(BOB), last_block=3)
    pool = filled(timed, counted)
    assert pool.expire(3, 5_000) == []
    assert ids(gone.pending for gone in pool.expire(3, 5_001)) == [1]
    assert [gone.reason for gone in pool.expire(4, 5_001)] == ["expired"]
    assert len(pool) == 0


def test_what_is_not_ready_waits():
    pool = filled(pending(1, transfer(ALICE), ready_block=2), pending(2, transfer(BOB)))
    assert ids(pool.ready(1, lambda _: 0)) == [2]
    assert ids(pool.ready(2, lambda _: 0)) == [1, 2]


def test_bundles_wait_for_their_block_and_no_longer():
    pool = Mempool()
    early, now, later = (bundle(n, transfer(ALICE)) for n in (1, 2, 3))
    for each, block in ((early, 1), (now, 2), (later, 3)):
        object.__setattr__(each, "block", block)
    pool.add_bundles([later, now, early])
    assert ids(pool.take_bundles(2)) == [2]
    assert ids(pool.take_bundles(3)) == [3]
    assert pool.take_bundles(1) == []


# --- nonces --------------------------------------------------------------------


def test_open_nonces_fill_the_gaps_between_named_ones_by_arrival():
    own = [
        pending(1, transfer(ALICE, nonce=7)),
        pending(2, transfer(ALICE), arrival=9),
        pending(3, transfer(ALICE), arrival=8),
        pending(4, transfer(ALICE), arrival=10),
    ]
    assert ids(in_turn(own, 5)) == [3, 2, 1, 4]


def test_what_stands_behind_a_gap_is_left_out_and_what_is_used_up_comes_first():
    own = [
        pending(1, transfer(ALICE, nonce=9)),
        pending(2, transfer(ALICE)),
        pending(3, transfer(ALICE, nonce=2)),
    ]
    assert ids(in_turn(own, 5)) == [3, 2]


def test_the_next_nonce_is_one_that_nothing_waits_for():
    own = [pending(1, transfer(ALICE)), pending(2, transfer(ALICE, nonce=6))]
    assert first_free(own, 5) == 7
    assert first_free(own[1:], 5) == 5
    assert first_free(own[1:], 6) == 7
    assert first_free([], 5) == 5


def test_a_high_bid_behind_a_low_one_of_the_same_sender_waits_for_it():
    entries = [
        pending(1, transfer(ALICE, tip=1)),
        pending(2, transfer(ALICE, tip=9)),
        pending(3, transfer(BOB, tip=5)),
    ]
    assert ids(merge_heads(entries, lambda entry: -entry.tip(0))) == [3, 1, 2]


@given(st.lists(st.tuples(st.sampled_from([ALICE, BOB]), st.integers(0, 5)), max_size=12))
def test_merging_keeps_everybodys_turn_and_always_takes_the_best_head(drawn):
    entries = [pending(n, transfer(who, tip=tip)) for n, (who, tip) in enumerate(drawn)]
    merged = merge_heads(entries, lambda entry: -entry.tip(0))
    assert sorted(ids(merged)) == ids(entries)
    for who in (ALICE, BOB):
        own = [each.id for each in merged if each.tx.sender == who.address]
        assert own == sorted(own)
    waiting = {
        who.address: [e for e in entries if e.tx.sender == who.address] for who in (ALICE, BOB)
    }
    for taken in merged:
        heads = [queue[0] for queue in waiting.values() if queue]
        assert taken is min(heads, key=lambda head: (-head.tip(0), head.id))
        waiting[taken.tx.sender].pop(0)


# --- who reads what ------------------------------------------------------------


def test_agents_read_what_is_public_their_own_and_what_is_revealed():
    pool = filled(
        pending(1, transfer(ALICE)),
        pending(2, transfer(ALICE), visibility="private", agent="bob"),
        pending(3, transfer(ALICE), visibility="hint", agent="bob"),
        pending(4, transfer(ALICE), visibility="encrypted", agent="bob", readable_block=5),
    )
    assert ids(pool.visible_to("bob", 4)) == [1, 2, 3, 4]
    assert ids(pool.visible_to("eve", 4)) == [1]
    assert ids(pool.visible_to("eve", 5)) == [1, 4]
    assert ids(pool.hinted_to("eve", 4)) == [3]
    assert pool.hinted_to("bob", 4) == ()


@pytest.mark.parametrize("told", HINTS)
def test_a_hint_tells_what_it_is_to_tell_and_nothing_else(told, deployment):
    order = Order(ALICE, market="main", token_in="WETH", amount_in=7 * 10**18, visibility="hint")
    made = Desk(deployment).through_router(order, agent="a", role="trader")
    known = {
        "market": "main",
        "token_in": "WETH",
        "amount_in": order.amount_in,
        "min_amount_out": made.swap.min_amount_out,
    }
    assert hint_of(made, frozenset({told})) == Hint(id=made.id, **{told: known[told]})
    assert hint_of(made, frozenset(HINTS)) == Hint(id=made.id, **known)
    assert hint_of(made, frozenset()) == Hint(id=made.id)


def test_builders_have_what_was_sent_to_them():
    everywhere = pending(1, transfer(ALICE), visibility="private")
    once = pending(2, transfer(ALICE), visibility="private", builders=("alpha",))
    assert everywhere.goes_to("alpha")
    assert once.goes_to("alpha")
    assert not once.goes_to("beta")
