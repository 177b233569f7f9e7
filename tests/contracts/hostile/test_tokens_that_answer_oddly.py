"""Tokens that do what they are told, or not, and say something else: what counts as a yes."""

from __future__ import annotations

import pytest
from eth_abi import encode

from dexsim.errors import Reverted
from dexsim.testing import reverts

E18 = 10**18
ZERO, ONE = b"\0" * 32, b"\0" * 31 + b"\1"
YES = {
    "nothing": b"",
    "two": b"\0" * 31 + b"\2",
    "every bit": b"\xff" * 32,
    "the highest bit": b"\x80" + b"\0" * 31,
    "33 bytes": ONE + b"\0",
    "two words": ONE + ZERO,
    "text": encode(["string"], ["done"]),
    "a thousand bytes": ONE * 32,
}
NO = {
    "zero": ZERO,
    "one byte": b"\1",
    "31 bytes": b"\xff" * 31,
    "two words, the first zero": ZERO + ONE,
    "33 bytes, the last one": ZERO + b"\1",
}
REFUSALS = {
    "no reason": b"",
    "a reason": bytes.fromhex("08c379a0") + encode(["string"], ["mine"]),
    "a long reason": bytes.fromhex("08c379a0") + encode(["string"], ["mine" * 200]),
    "a word that says yes": ONE,
}


def cases(*tables):
    return [pytest.param(each, id=name) for table in tables for name, each in table.items()]


@pytest.fixture
def trial(try_out):
    """Reserves of 10 and 10, with a token that is good so far."""
    trial = try_out("odd_answer")
    trial.add(10 * E18, 10 * E18)
    return trial


@pytest.mark.parametrize("answer", cases(YES))
def test_any_first_word_but_zero_is_a_yes_and_so_is_silence(answer, trial, bob, quoted):
    for name in ("set_transfer", "set_transfer_from"):
        trial.do(trial.odd, name, True, False, answer)
    out = quoted(E18, 10 * E18, 10 * E18)
    trial.sell(trial.plain, E18, out, to=bob)
    assert trial.held(bob) == (out, 0)
    trial.sell(trial.odd, E18, to=bob)
    assert trial.reserves()[0] == 11 * E18 - out
    trial.give(trial.pool, odd=5)
    trial.do(trial.pool, "skim", bob)
    assert trial.held(bob)[0] == out + 5
    trial.leave(trial.liquidity())
    assert trial.liquidity() == 0


@pytest.mark.parametrize("answer", cases(NO))
def test_zero_or_less_than_a_word_is_a_no_whatever_was_moved(answer, trial, bob):
    trial.do(trial.odd, "set_transfer", True, False, answer)
    trial.give(trial.pool, plain=E18)
    refused_everywhere_but_at_the_door(trial, bob)


@pytest.mark.parametrize("data", cases(REFUSALS))
def test_a_refusal_is_told_with_the_pools_reason_and_not_the_tokens(data, trial, bob):
    trial.do(trial.odd, "set_transfer", True, True, data)
    trial.give(trial.pool, plain=E18)
    refused_everywhere_but_at_the_door(trial, bob)


def refused_everywhere_but_at_the_door(trial, bob):
    """Nothing that pays the odd token out passes; what takes it in does, and so does the rest."""
    liquidity = trial.liquidity()
    trial.do(trial.pool, "transfer", trial.pool, E18)
    for call in (
        lambda: trial.swap(E18 // 2, 0),
        lambda: trial.do(trial.pool, "skim", bob),
        lambda: trial.do(trial.pool, "burn", bob),
        lambda: trial.leave(E18),
        lambda: trial.sell(trial.plain, E18),
    ):
        with reverts("pool: transfer failed"):
            call()
    assert trial.held(trial.pool) == (10 * E18, 11 * E18)
    assert trial.liquidity() == liquidity - E18
    trial.do(trial.pool, "sync")
    trial.sell(trial.odd, E18, to=bob)
    assert trial.held(bob)[1] > E18 * 99 // 100
    trial.join(E18, E18)
    assert trial.liquidity() > liquidity - E18


@pytest.mark.parametrize("answer", cases(NO, REFUSALS))
def test_what_the_router_cannot_take_it_refuses_before_any_pool_is_touched(answer, trial):
    refuses = answer in REFUSALS.values()
    trial.do(trial.odd, "set_transfer_from", True, refuses, answer)
    before = trial.held(trial.pool)
    for call in (
        lambda: trial.sell(trial.odd, E18),
        lambda: trial.sell(trial.odd, E18, taxed=True),
        lambda: trial.join(E18, E18),
    ):
        with reverts("router: transfer failed"):
            call()
    assert trial.held(trial.pool) == before
    trial.sell(trial.plain, E18)
    trial.leave(E18)


@pytest.mark.parametrize("answer", cases(NO, REFUSALS))
def test_nobody_stakes_what_the_gauge_cannot_take_or_unstakes_what_it_cannot_give(
    answer, trial, dex, alice
):
    gauge = dex.deploy("gauge", trial.odd, "0x" + "00" * 20, alice)
    trial.do(trial.odd, "approve", gauge, 3)
    trial.do(gauge, "deposit", 2)
    refuses = answer in REFUSALS.values()
    for name in ("set_transfer", "set_transfer_from"):
        trial.do(trial.odd, name, True, refuses, answer)
    for name in ("deposit", "withdraw"):
        with reverts("gauge: transfer failed"):
            trial.do(gauge, name, 1)
    assert gauge.read.staked(alice) == gauge.read.total_staked() == 2
    trial.do(trial.odd, "set_transfer", True, False, b"")
    trial.do(gauge, "exit")
    assert trial.odd.read.balanceOf(gauge) == 0


def test_who_buys_a_token_that_says_yes_and_moves_nothing_pays_for_nothing(trial, bob, quoted):
    trial.do(trial.odd, "set_transfer", False, False, ONE)
    out = quoted(E18, 10 * E18, 10 * E18)
    trial.sell(trial.plain, E18, out, to=bob)
    assert trial.held(bob) == (0, 0)
    assert trial.reserves() == trial.held(trial.pool) == (10 * E18, 11 * E18)


def test_a_minimum_at_the_receiver_saves_who_buys_a_token_that_moves_nothing(trial, bob):
    trial.do(trial.odd, "set_transfer", False, False, ONE)
    with reverts("router: insufficient output"):
        trial.sell(trial.plain, E18, 1, to=bob, taxed=True)
    trial.sell(trial.plain, E18, 0, to=bob, taxed=True)
    assert trial.held(bob) == (0, 0)


def test_nothing_can_be_sold_or_minted_with_a_token_that_only_says_it_paid(trial):
    trial.do(trial.odd, "set_transfer_from", False, False, ONE)
    with reverts("pool: insufficient input"):
        trial.sell(trial.odd, E18)
    with reverts("router: insufficient input"):
        trial.sell(trial.odd, E18, taxed=True)
    with reverts("pool: insufficient liquidity minted"):
        trial.join(E18, E18)


def test_a_provider_gets_the_other_token_only_where_the_odd_one_says_yes(trial, alice):
    trial.do(trial.odd, "set_transfer", False, False, ONE)
    odd, plain = trial.held(alice)
    trial.burn(trial.liquidity())
    assert trial.held(alice) == (odd, plain + 10 * E18 - 1000)
    assert trial.reserves() == (10 * E18, 1000)


def purchase(trial, alice):
    """A swap that pays the odd token out, and that the pool has been paid for."""
    trial.add(10 * E18, 10 * E18)
    trial.give(trial.pool, plain=E18)
    return trial.pool.write.swap(alice, *trial.pair(E18 // 2, 0), alice, b"")


def test_the_pool_does_not_pay_for_what_a_token_says_beyond_a_word(try_out, own_gas, dex, alice):
    trial = try_out("huge_answer")
    swap = purchase(trial, alice)
    usual = own_gas(swap, trial.pool)
    trial.do(trial.odd, "set_huge", True, False)
    assert own_gas(swap, trial.pool) == usual
    dex.send(swap)


def test_a_long_refusal_costs_the_pool_no_more_than_a_short_one(try_out, own_gas, dex, alice):
    short, long = try_out("odd_answer"), try_out("huge_answer")
    refused = [(each, purchase(each, alice)) for each in (short, long)]
    short.do(short.odd, "set_transfer", True, True, b"")
    long.do(long.odd, "set_huge", True, True)
    costs = [own_gas(swap, each.pool) for each, swap in refused]
    # The rest is the order of the tokens; a copy would cost tens of thousands.
    assert abs(costs[1] - costs[0]) < 100
    for _, swap in refused:
        with reverts("pool: transfer failed"):
            dex.send(swap)


@pytest.mark.parametrize("gas_limit", [200_000, 2_000_000, 20_000_000])
def test_a_token_that_burns_gas_burns_63_parts_of_64_and_moves_nothing(
    gas_limit, try_out, dex, alice
):
    trial = try_out("gas_guzzler")
    trial.add(10 * E18, 10 * E18)
    trial.give(trial.pool, plain=E18)
    trial.do(trial.odd, "set_hungry", True)
    before = trial.held(trial.pool)
    outs = trial.pair(E18 // 2, 0)
    with pytest.raises(Reverted) as caught:
        dex.send(trial.pool.write.swap(alice, *outs, alice, b"", gas_limit=gas_limit))
    assert caught.value.reason == "pool: transfer failed"
    assert gas_limit - caught.value.receipt.gas_used <= gas_limit // 64
    assert trial.held(trial.pool) == before
    trial.sell(trial.odd, E18)


def test_a_token_may_refuse_one_holder_and_serve_the_others(try_out, alice, bob):
    trial = try_out("selective")
    trial.add(10 * E18, 10 * E18)
    trial.do(trial.odd, "set_listed", bob, True)
    with reverts("pool: transfer failed"):
        trial.sell(trial.plain, E18, to=bob)
    with reverts("pool: transfer failed"):
        trial.leave(E18, to=bob)
    trial.leave(E18)
    trial.do(trial.pool, "transfer", bob, E18)
    for token in (trial.pool, trial.plain):
        trial.do(token, "approve", trial.router, 2**256 - 1, sender=bob)
    tokens = (trial.odd, trial.plain)
    rest = (E18, 0, 0, alice, 2**256 - 1)
    trial.do(trial.router, "removeLiquidity", *tokens, *rest, sender=bob)
    assert trial.held(bob) == (0, 0)


def test_a_pool_that_a_token_refuses_is_closed_for_both_tokens(try_out, bob):
    trial = try_out("selective")
    trial.add(10 * E18, 10 * E18)
    trial.do(trial.odd, "set_listed", trial.pool, True)
    with reverts("pool: transfer failed"):
        trial.leave(E18)
    with reverts("router: transfer failed"):
        trial.sell(trial.odd, E18)
    with reverts("pool: transfer failed"):
        trial.sell(trial.plain, E18)
    with reverts("router: transfer failed"):
        trial.join(E18, E18)
    assert trial.held(trial.pool) == (10 * E18, 10 * E18)
    trial.do(trial.pool, "transfer", bob, E18)
    trial.do(trial.odd, "set_listed", trial.pool, False)
    trial.leave(E18)


def test_liquidity_leaves_in_parts_where_a_token_limits_transfers(try_out, alice):
    trial = try_out("selective")
    trial.add(10 * E18, 10 * E18)
    trial.do(trial.odd, "set_limit", 3 * E18)
    with reverts("pool: transfer failed"):
        trial.leave(3 * E18 + 1)
    for _ in range(3):
        trial.leave(3 * E18)
    assert trial.reserves() == (E18, E18)
