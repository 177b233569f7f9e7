"""Tokens whose `balanceOf` is too much, too short, refused, or another one a moment later."""

from __future__ import annotations

import pytest
from eth_abi import encode

from dexsim.testing import reverts

E18 = 10**18
MAX_RESERVE = 2**112 - 1
MINE = bytes.fromhex("08c379a0") + encode(["string"], ["mine"])


def word(number):
    return number.to_bytes(32, "big")


@pytest.fixture
def trial(try_out):
    """Reserves of 10 and 10."""
    trial = try_out("lying_balance")
    trial.add(10 * E18, 10 * E18)
    return trial


def lie(trial, answer, *, later=False, refuses=False):
    trial.do(trial.odd, "lie", later, refuses, answer)


def every_change(trial, bob):
    """Calls of all five functions; the pool has been paid for them."""
    return {
        "mint": lambda: trial.do(trial.pool, "mint", bob),
        "burn": lambda: trial.do(trial.pool, "burn", bob),
        "swap": lambda: trial.swap(0, 1, to=bob),
        "skim": lambda: trial.do(trial.pool, "skim", bob),
        "sync": lambda: trial.do(trial.pool, "sync"),
    }


def test_a_balance_beyond_112_bits_closes_all_but_skim_which_the_token_cannot_pay(trial, bob):
    trial.do(trial.pool, "transfer", trial.pool, E18)
    lie(trial, word(2**112))
    reasons = {
        "mint": "pool: insufficient liquidity minted",
        "burn": "pool: transfer failed",
        "swap": "pool: overflow",
        "skim": "pool: transfer failed",
        "sync": "pool: overflow",
    }
    for name, call in every_change(trial, bob).items():
        with reverts(reasons[name]):
            call()
    lie(trial, word(MAX_RESERVE))
    trial.do(trial.pool, "sync")
    assert trial.reserves() == (MAX_RESERVE, 10 * E18)


def test_mint_at_a_balance_beyond_112_bits_is_refused_after_it_counted(trial, bob):
    trial.give(trial.pool, plain=E18)
    lie(trial, word(2**112))
    with reverts("pool: overflow"):
        trial.do(trial.pool, "mint", bob)
    lie(trial, word(11 * E18))
    trial.do(trial.pool, "mint", bob)
    assert trial.liquidity(bob) == E18


@pytest.mark.parametrize("answer", [b"", b"\xff", b"\xff" * 31])
def test_a_balance_of_less_than_a_word_closes_the_pool_without_a_reason(answer, trial, bob):
    trial.do(trial.pool, "transfer", trial.pool, E18)
    lie(trial, answer)
    for call in every_change(trial, bob).values():
        with reverts(""):
            call()
    trial.do(trial.odd, "be_honest")
    trial.do(trial.pool, "burn", bob)
    assert trial.held(trial.pool) == (9 * E18, 9 * E18)


def test_of_a_long_answer_the_first_word_is_the_balance(trial, bob):
    lie(trial, word(11 * E18) + word(3))
    trial.do(trial.pool, "sync")
    assert trial.reserves() == (11 * E18, 10 * E18)


def test_a_refused_balance_closes_the_pool_with_the_reason_of_the_token(trial, bob):
    trial.do(trial.pool, "transfer", trial.pool, E18)
    lie(trial, MINE, refuses=True)
    for call in every_change(trial, bob).values():
        with reverts("mine"):
            call()
    trial.do(trial.pool, "transfer", bob, E18)


def test_a_balance_that_grows_by_itself_buys_nearly_all_of_the_other_token(trial, bob):
    """The price of providing to a pool with a hostile token: the other one, but for dust."""
    lie(trial, word(MAX_RESERVE))
    adjusted = MAX_RESERVE * 1000 - (MAX_RESERVE - 10 * E18) * 3
    left = -(-((10 * E18) ** 2) * 10**6 // (adjusted * 1000))
    assert left == 19_318
    with reverts("pool: k"):
        trial.swap(0, 10 * E18 - left + 1, to=bob)
    trial.swap(0, 10 * E18 - left, to=bob)
    trial.do(trial.odd, "be_honest")
    trial.do(trial.pool, "sync")
    assert trial.held(bob) == (0, 10 * E18 - left)
    assert trial.reserves() == (10 * E18, left)


def test_a_balance_that_is_less_after_a_transfer_pays_the_burner_and_leaves_a_false_reserve(
    trial, alice
):
    before = trial.held(alice)[1]
    lie(trial, word(7), later=True)
    trial.burn(E18)
    assert trial.held(alice)[1] - before == E18
    assert trial.reserves() == (7, 9 * E18)
    trial.do(trial.odd, "be_honest")
    trial.do(trial.pool, "sync")
    assert trial.reserves() == (9 * E18, 9 * E18)


def test_a_balance_that_jumps_in_a_swap_needs_no_payment(trial, bob):
    lie(trial, word(20 * E18), later=True)
    trial.swap(1, 4 * E18, to=bob)
    assert trial.held(bob)[1] == 4 * E18
    assert trial.reserves() == (20 * E18, 6 * E18)


def test_liquidity_minted_for_a_lie_is_a_share_of_the_other_token(trial, bob):
    trial.give(trial.pool, plain=10 * E18)
    lie(trial, word(20 * E18))
    trial.do(trial.pool, "mint", bob)
    assert trial.liquidity(bob) == 10 * E18
    trial.do(trial.odd, "be_honest")
    trial.do(trial.pool, "transfer", trial.pool, 10 * E18, sender=bob)
    trial.do(trial.pool, "burn", bob)
    assert trial.held(bob)[1] == 10 * E18
    assert trial.held(trial.pool)[0] == 5 * E18
