"""A gauge whose rewards misbehave: what fails, and that stakes and the other rewards do not."""

from __future__ import annotations

import pytest
from eth_hash.auto import keccak

from dexsim.chain.reasons import revert_reason
from dexsim.errors import Reverted
from dexsim.testing import reverts
from tests.contracts.gauges import ALICE, BOB, CAROL, E18, FOREVER, NOBODY, plant
from tests.subject import artifact

DURATION = 1000
RATE = 7


@pytest.fixture
def farm(dex):
    """Bob and Carol have staked; the first reward is emitted, the next test adds a bad one."""
    farm = plant(dex)
    for who in (BOB, CAROL):
        farm.do("deposit", who, 5 * E18)
    return farm


def bad(farm, kind, *args):
    """A hostile reward that has streamed 10 seconds, beside 40 units of emission."""
    token = farm.stream(kind, *args, duration=DURATION)
    farm.do("notify", ALICE, token, RATE * DURATION)
    farm.emit(40)
    farm.dex.wait(10)
    return token


def others_are_well(farm, owed):
    """Whatever the bad token does: Bob's other reward is paid, and his stake comes back in any way."""
    assert farm.read.claimable(BOB, farm.streams[0]) == owed
    for leave in (("withdraw", 5 * E18), ("emergency_exit",)):
        with farm.dex.chain.anchor():
            farm.do(leave[0], BOB, *leave[1:])
            assert farm.staked.read.balanceOf(BOB) == 1000 * E18
    told = farm.do("claim", CAROL, BOB, farm.reward)
    assert told == [("Claimed", BOB.address, farm.reward.address, 20)]
    farm.do("deposit", BOB, 1)
    farm.do("withdraw", BOB, 5 * E18 + 1)
    farm.books(farm.reward)


@pytest.mark.parametrize("kind", ["mocks/reverting", "mocks/false_return"])
def test_a_reward_that_is_not_paid_keeps_nothing_else_back(kind, farm, dex):
    token = bad(farm, kind)
    dex.send(token.write.set_failing(ALICE, True))
    for call in (("claim", BOB), ("claim", BOB, BOB, token), ("exit", BOB)):
        with reverts("gauge: transfer failed"):
            farm.do(*call)
    with reverts("gauge: transfer failed"):
        farm.do("notify", ALICE, token, 1)
    others_are_well(farm, 5 * RATE)
    dex.send(token.write.set_failing(ALICE, False))
    assert farm.do("claim", BOB) == [("Claimed", BOB.address, token.address, 5 * RATE)]
    farm.books(token)


@pytest.mark.parametrize("answer", [b"", b"\x00" * 31 + b"\x02", b"\x00" * 32 + b"\x01" * 32])
def test_odd_answers_are_judged_as_everywhere(answer, farm, dex):
    token = bad(farm, "mocks/odd_answer")
    dex.send(token.write.set_transfer(ALICE, True, False, answer))
    if answer[:32] == b"\x00" * 32:
        with reverts("gauge: transfer failed"):
            farm.do("claim", BOB)
    else:
        farm.do("claim", BOB, BOB, token)
        assert token.read.balanceOf(BOB) == 5 * RATE
    others_are_well(farm, 5 * RATE if answer[:32] == b"\x00" * 32 else 0)


@pytest.mark.parametrize("answer", [b"\x01", b"\x01" * 31])
def test_an_answer_of_less_than_a_word_is_a_no(answer, farm, dex):
    token = bad(farm, "mocks/odd_answer")
    dex.send(token.write.set_transfer(ALICE, True, False, answer))
    with reverts("gauge: transfer failed"):
        farm.do("claim", BOB)
    others_are_well(farm, 5 * RATE)


def test_a_reward_that_burns_all_gas_keeps_nothing_else_back(farm, dex):
    token = bad(farm, "mocks/gas_guzzler")
    dex.send(token.write.set_hungry(ALICE, True))
    with reverts("gauge: transfer failed"):
        dex.send(farm.gauge.write.claim(BOB, gas_limit=5_000_000))
    others_are_well(farm, 5 * RATE)


def test_a_reward_that_takes_a_fee_is_streamed_as_it_arrives(farm):
    token = bad(farm, "mocks/fee_on_transfer", 1000)
    rate, arrived = RATE * 9 // 10, RATE * DURATION * 9 // 10
    assert farm.read.stream(token)[2] == rate
    assert farm.read.undistributed(token) == arrived - rate * DURATION
    others_are_well(farm, 5 * rate)
    farm.do("claim", BOB)
    assert farm.read.claimed(BOB, token) == 5 * rate
    assert token.read.balanceOf(BOB) == 5 * rate - 5 * rate // 10


def test_a_reward_without_code_is_no_reward_any_more_and_harms_nobody(farm, dex):
    token = bad(farm, "mocks/no_return")
    dex.chain.engine.set_code(token.address, b"")
    others_are_well(farm, 5 * RATE)
    with pytest.raises(Reverted):
        farm.do("notify", ALICE, token, 0)


def test_a_reward_whose_balance_shrinks_is_short_and_the_others_are_not(farm, dex):
    token = bad(farm, "mocks/no_return")
    slot = artifact("mocks/no_return").layout["storage_layout"]["mock_erc20"]["balanceOf"]["slot"]
    key = keccak(slot.to_bytes(32, "big") + bytes(12) + bytes.fromhex(farm.gauge.address[2:]))
    dex.chain.engine.set_storage(token.address, int.from_bytes(key, "big"), 5 * RATE - 1)
    with reverts("gauge: transfer failed"):
        farm.do("claim", BOB, BOB, token)
    others_are_well(farm, 5 * RATE)


def test_a_distributor_of_his_own_token_takes_nothing_of_the_others(farm, dex):
    """However often he says that the most there can be has arrived."""
    token = farm.stream("mocks/no_return", duration=1)
    dex.send(token.write.mint(ALICE, ALICE, 2**200))
    for amount in (2**127, 2**126, 2**125):
        farm.do("notify", ALICE, token, amount)
        dex.wait(1)
    with reverts("gauge: reward too high"):
        farm.do("notify", ALICE, token, 2**125)
    farm.emit(40)
    for _ in range(5):
        farm.do("emergency_exit", BOB)
        farm.do("notify", ALICE, token, 0)
        farm.do("deposit", BOB, 5 * E18)
        dex.wait(1)
        farm.books(token)
    with reverts("gauge: reward too high"):
        farm.do("notify", ALICE, token, 2**125)
    for who in (BOB, CAROL):
        farm.do("exit", who)
        assert farm.staked.read.balanceOf(who) == 1000 * E18
    farm.books(token)
    farm.books(farm.reward)


# --- calls back -----------------------------------------------------------------------------------

ENTRIES = {
    "deposit": (1,),
    "withdraw": (1,),
    "claim": (),
    "exit": (),
    "emergency_exit": (),
    "notify": (NOBODY, 0),
    "add_reward": (NOBODY, BOB.address, 1),
    "set_owner": (BOB.address,),
}
LOCKED = ["gauge: locked", "gauge: locked", "gauge: transfer failed"]


def refusals(frame):
    """The reasons of all calls in a tree that were refused, innermost first."""
    inner = [reason for call in frame.calls for reason in refusals(call)]
    return inner + ([revert_reason(frame.output)] if frame.error else [])


def hook(farm, token, name):
    """In each of its transfers the token calls the gauge."""
    call = getattr(farm.gauge.write, name)(ALICE, *ENTRIES[name])
    farm.dex.send(token.write.set_hook(ALICE, farm.gauge, call.data))


@pytest.mark.parametrize("entry", ENTRIES)
def test_no_function_can_be_entered_while_a_reward_is_paid_or_taken(entry, farm, dex):
    token = bad(farm, "mocks/reentrant_token")
    hook(farm, token, entry)
    write = farm.gauge.write
    for tx in (write.claim(BOB), write.claim(BOB, BOB, token), write.notify(ALICE, token, 1)):
        assert refusals(dex.chain.trace(tx)) == LOCKED
        with reverts("gauge: transfer failed"):
            dex.send(tx)
    others_are_well(farm, 5 * RATE)


@pytest.mark.parametrize("entry", ENTRIES)
def test_no_function_can_be_entered_while_a_stake_moves(entry, dex):
    farm = plant(dex)
    token = dex.deploy("mocks/reentrant_token")
    farm.gauge = dex.deploy("gauge", token, farm.minter, ALICE)
    dex.send(token.write.mint(ALICE, BOB, 10))
    dex.send(token.write.approve(BOB, farm.gauge, 10))
    farm.do("deposit", BOB, 5)
    hook(farm, token, entry)
    write = farm.gauge.write
    for tx in (write.deposit(BOB, 5), write.withdraw(BOB, 1), write.emergency_exit(BOB)):
        assert refusals(dex.chain.trace(tx)) == LOCKED
        with reverts("gauge: transfer failed"):
            dex.send(tx)


def test_the_lock_is_open_again_after_each_call_of_a_transaction(farm, dex):
    agent, token = dex.deploy("mocks/flash_callee"), farm.stream()
    farm.do("set_owner", ALICE, agent)
    third = dex.deploy("mocks/no_return")
    dex.send(farm.staked.write.transfer(BOB, agent, 9))
    write = farm.gauge.write
    calls = [
        farm.staked.write.approve(ALICE, farm.gauge, FOREVER),
        write.deposit(ALICE, 5),
        write.withdraw(ALICE, 1),
        write.claim(ALICE),
        write.exit(ALICE),
        write.deposit(ALICE, 4),
        write.emergency_exit(ALICE),
        write.add_reward(ALICE, third, agent, 1),
        write.notify(ALICE, third, 0),
        write.set_owner(ALICE, agent),
        write.deposit(ALICE, 3),
    ]
    for call in calls:
        dex.send(agent.write.add_call(ALICE, call.to, call.data))
    dex.send(agent.write.run_calls(ALICE, gas_limit=5_000_000))
    assert farm.read.staked(agent) == 3
    assert farm.read.reward_tokens(2) == third.address != token.address


def test_views_answer_in_the_middle_of_a_transfer(farm, dex):
    token = bad(farm, "mocks/reentrant_token")
    call = farm.gauge.write.claimable(ALICE, BOB, token)
    dex.send(token.write.set_hook(ALICE, farm.gauge, call.data))
    farm.do("claim", BOB)
    assert token.read.balanceOf(BOB) == 5 * RATE


# --- minters --------------------------------------------------------------------------------------


@pytest.mark.parametrize("answer", [b"", b"\x01", b"\xff" * 31, b"\xff" * 64])
def test_a_minter_that_answers_oddly_keeps_no_stake(answer, dex):
    farm = plant(dex)
    minter = dex.deploy("mocks/scripted")
    token = bytes(12) + bytes.fromhex(farm.reward.address[2:])
    dex.send(minter.write.set_answer(ALICE, keccak(b"token()")[:4], token))
    farm.gauge = dex.deploy("gauge", farm.staked, minter, ALICE)
    dex.send(farm.staked.write.approve(BOB, farm.gauge, 10))
    farm.do("deposit", BOB, 5)
    dex.send(minter.write.set_answer(ALICE, keccak(b"emitted(address)")[:4], answer))
    farm.do("deposit", BOB, 5)
    farm.do("withdraw", BOB, 4)
    farm.do("emergency_exit", BOB)
    assert farm.staked.read.balanceOf(BOB) == 1000 * E18


def test_an_emergency_exit_asks_not_even_the_minter(dex):
    farm = plant(dex)
    farm.do("deposit", BOB, 5)
    dex.chain.engine.set_code(farm.minter.address, bytes.fromhex("fe"))
    frame = dex.chain.trace(farm.gauge.write.emergency_exit(BOB))
    assert [call.to for call in frame.calls] == [farm.staked.address]
    farm.do("emergency_exit", BOB)


def test_a_withdrawal_calls_the_staked_token_and_asks_the_minter(farm, dex):
    bad(farm, "mocks/no_return")
    frame = dex.chain.trace(farm.gauge.write.withdraw(BOB, 1))
    assert [call.to for call in frame.calls] == [farm.minter.address, farm.staked.address]
