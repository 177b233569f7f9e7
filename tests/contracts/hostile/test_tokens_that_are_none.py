"""Addresses that are no tokens, tokens that vanish, and tokens at the edges of what a token may be."""

from __future__ import annotations

from dataclasses import replace

import pytest
from eth.vm import opcode_values as op

from dexsim.testing import reverts

E18 = 10**18
FOREVER = 2**256 - 1
MAX_RESERVE = 2**112 - 1
NOWHERE = "0x" + "77" * 20


def refused_whole(trial, bob):
    """No function of the pool or the router takes anything, and none gives a reason."""
    trial.do(trial.plain, "transfer", trial.pool, E18)
    supply = trial.plain.read.balanceOf(trial.pool)
    for name, args in (
        ("mint", (bob,)),
        ("burn", (bob,)),
        ("skim", (bob,)),
        ("sync", ()),
    ):
        with reverts(""):
            trial.do(trial.pool, name, *args)
    with reverts(""):
        trial.join(E18, E18)
    assert trial.plain.read.balanceOf(trial.pool) == supply


@pytest.fixture
def no_token(dex, try_out, alice):
    """`no_token(address)`: a pool of that and a plain token."""

    def at(address):
        good = try_out("odd_answer")
        odd = dex.contract("token", getattr(address, "address", address))
        return replace(good, odd=odd, pool=dex.create_pool(odd, good.plain))

    return at


def test_a_token_without_code_has_a_pool_that_holds_what_it_is_sent_for_good(no_token, bob):
    refused_whole(no_token(NOWHERE), bob)


@pytest.mark.parametrize("name", ["coin_receiver", "drawer"])
def test_a_contract_that_answers_nothing_or_refuses_all_is_like_no_code(name, dex, no_token, bob):
    args = (True,) if name == "coin_receiver" else ()
    trial = no_token(dex.deploy(f"mocks/{name}", *args))
    trial.do(trial.plain, "transfer", trial.pool, E18)
    for call, args in (("mint", (bob,)), ("skim", (bob,)), ("sync", ())):
        with reverts(""):
            trial.do(trial.pool, call, *args)
    reason = "" if name == "coin_receiver" else "router: transfer failed"
    with reverts(reason):
        trial.join(E18, E18)


@pytest.mark.parametrize("name", ["router", "factory"])
def test_router_and_factory_are_no_tokens(name, dex, no_token, bob):
    trial = no_token(getattr(dex, name))
    trial.do(trial.plain, "transfer", trial.pool, E18)
    reason = "router: not for coins" if name == "router" else ""
    for call, args in (("mint", (bob,)), ("skim", (bob,)), ("sync", ())):
        with reverts(reason):
            trial.do(trial.pool, call, *args)
    with reverts("router: transfer failed"):
        trial.join(E18, E18)
    assert trial.plain.read.balanceOf(trial.pool) == E18


def test_a_permit_at_a_token_that_swallows_unknown_calls_grants_nothing(dex, alice, bob):
    """Wrapped coins take every unknown call for a deposit; nothing here relies on their permit."""
    unknown = dex.contract("token", dex.weth.address)
    dex.send(dex.weth.write.deposit(alice, value=E18))
    garbage = (27, b"\1" * 32, b"\2" * 32)
    dex.send(unknown.write.permit(bob, alice, bob, E18, FOREVER, *garbage))
    assert dex.weth.read.allowance(alice, bob) == 0
    with reverts("weth: insufficient allowance"):
        dex.send(dex.weth.write.transferFrom(bob, alice, bob, 1))


def ends_when_called_without_data(size):
    """Code of a token of which everybody has `size`; it destroys itself on a call without data."""
    push = bytes([op.PUSH8]) + size.to_bytes(8, "big")
    runtime = bytes([op.CALLDATASIZE, op.PUSH1, 6, op.JUMPI, op.CALLER, op.SELFDESTRUCT])
    runtime += bytes([op.JUMPDEST]) + push
    runtime += bytes([op.PUSH0, op.MSTORE, op.PUSH1, 32, op.PUSH0, op.RETURN])
    head = bytes([op.PUSH1, len(runtime), op.PUSH1, 10, op.PUSH0, op.CODECOPY])
    head += bytes([op.PUSH1, len(runtime), op.PUSH0, op.RETURN])
    assert len(head) == 10
    return head + runtime


def test_a_token_that_is_gone_after_its_first_transaction_keeps_the_other_token(
    dex, try_out, callee, plan, alice, bob
):
    good = try_out("odd_answer")
    creator = dex.deploy("mocks/creator")
    code = ends_when_called_without_data(E18)
    address = creator.read.create(code)
    odd = dex.contract("token", address)
    trial = replace(good, odd=odd, pool=dex.create_pool(odd, good.plain))
    trial.do(trial.plain, "transfer", trial.pool, E18)
    plan(creator, "create", code)
    plan(trial.pool, "mint", alice)
    dex.send(callee.write.add_call(alice, address, b""))
    trial.do(callee, "run_calls")
    assert dex.chain.code(address) == b""
    assert trial.liquidity() == E18 - 1000
    assert trial.reserves() == (E18, E18)
    trial.do(trial.pool, "transfer", trial.pool, E18 // 2)
    refused_whole(trial, bob)
    for out in ((0, 1), (1, 0)):
        with reverts(""):
            trial.swap(*out, to=bob)
    # The code can come back to its address, by who made it: then the rest can leave.
    dex.send(creator.write.create(alice, code))
    trial.do(trial.pool, "burn", bob)
    assert trial.plain.read.balanceOf(bob) == E18


@pytest.mark.parametrize("decimals", [0, 77])
def test_decimals_mean_nothing_to_a_pool(decimals, dex, try_out, alice, bob, quoted):
    odd = dex.deploy("token", "Odd", "ODD", decimals, 10**77)
    unit = 10**decimals if decimals == 0 else 10**30
    trial = try_out(odd)
    trial.join(2000 * unit, 10 * E18)
    out = quoted(unit, 2000 * unit, 10 * E18)
    trial.sell(odd, unit, out, to=bob)
    assert trial.held(bob) == (0, out)
    trial.leave(trial.liquidity())
    assert trial.liquidity() == 0


def test_one_whole_token_of_77_decimals_is_beyond_a_pool_and_is_refused(dex, try_out, alice):
    trial = try_out(dex.deploy("token", "Odd", "ODD", 77, 10**77))
    with reverts("pool: overflow"):
        trial.join(10**77 // 10**18, E18)
    assert trial.held(trial.pool) == (0, 0)


def test_the_greatest_supply_goes_in_up_to_the_greatest_reserve(dex, try_out, alice, bob):
    odd = dex.deploy("token", "Odd", "ODD", 18, FOREVER)
    trial = try_out(odd)
    with reverts("pool: overflow"):
        trial.join(MAX_RESERVE + 1, E18)
    trial.join(MAX_RESERVE, E18)
    with reverts("pool: overflow"):
        trial.sell(odd, 10**18)
    rest = odd.read.balanceOf(alice)
    trial.do(odd, "transfer", trial.pool, rest)
    assert trial.held(trial.pool)[0] == FOREVER
    # The product of the liquidity with such a balance is beyond 256 bits: no reason.
    trial.do(trial.pool, "transfer", trial.pool, E18)
    for name, args, reason in (("sync", (), "pool: overflow"), ("burn", (bob,), "")):
        with reverts(reason):
            trial.do(trial.pool, name, *args)
    trial.do(trial.pool, "skim", bob, sender=bob)
    assert trial.held(bob) == (rest, 0)
    trial.do(trial.pool, "burn", bob)


def test_an_amount_beyond_256_bits_is_refused_by_the_arithmetic(dex, try_out):
    trial = try_out(dex.deploy("token", "Odd", "ODD", 18, FOREVER))
    trial.join(10 * E18, 10 * E18)
    with reverts(""):
        trial.sell(trial.odd, FOREVER - 10 * E18)
    with reverts(""):
        trial.join(FOREVER - 10 * E18, E18)


def test_liquidity_of_one_pool_is_a_token_of_another(dex, try_out, alice, bob, quoted):
    dex.add(100 * E18, 100 * E18)
    trial = try_out(dex.pool)
    trial.join(10 * E18, 10 * E18)
    out = quoted(E18, 10 * E18, 10 * E18)
    trial.sell(trial.plain, E18, out, to=bob)
    assert dex.pool.read.balanceOf(bob) == out
    # What reaches the inner pool anybody may burn; the outer one does not send it there.
    trial.give(trial.pool, plain=E18)
    with reverts("pool: invalid to"):
        trial.swap(E18 // 2, 0, to=dex.pool)
    trial.swap(E18 // 2, 0, to=alice)
    trial.leave(trial.liquidity())
    trial.do(dex.pool, "transfer", dex.pool, out, sender=bob)
    dex.send(dex.pool.write.burn(bob, bob))
    assert dex.token0.read.balanceOf(bob) == dex.token1.read.balanceOf(bob) == out


def test_tokens_of_the_same_name_are_not_mistaken_for_each_other(dex, try_out, bob):
    twins = [dex.deploy("token", "Plain", "PLN", 18, 10**30) for _ in range(2)]
    first, second = (try_out(each) for each in twins)
    first.join(10 * E18, 10 * E18)
    assert first.pool.address != second.pool.address
    assert second.reserves() == (0, 0)
    with reverts("router: insufficient liquidity"):
        second.sell(second.odd, E18)
    first.sell(first.odd, E18, to=bob)
    assert second.held(bob) == (0, 0)
