"""Streamed rewards among tokens that misbehave: what fails, and that stakes come back all the same."""

from __future__ import annotations

import pytest
from eth_hash.auto import keccak

from dexsim.chain.accounts import Account
from dexsim.chain.reasons import revert_reason
from dexsim.testing import reverts
from tests.subject import artifact

E18 = 10**18
DURATION = 1000
REWARD = 10**18
RATE = REWARD // DURATION
FOREVER = 2**256 - 1


def stage(dex, alice, bob, staked, reward):
    """Bob has staked 10 for a period that Alice has just begun; both tokens are mocks, or A and B."""
    rewards = dex.deploy("staking_rewards", staked, reward, DURATION, alice)
    give(dex, staked, bob, 10 * E18, alice)
    dex.send(staked.write.approve(bob, rewards, FOREVER))
    dex.send(rewards.write.stake(bob, 10 * E18))
    give(dex, reward, rewards, REWARD, alice)
    dex.send(rewards.write.notify(alice, REWARD))
    return rewards


def give(dex, token, who, amount, alice):
    """Tokens for a test: new ones of a mock, Alice's of the others."""
    if token in (dex.token0, dex.token1):
        dex.send(token.write.transfer(alice, who, amount))
    else:
        dex.send(token.write.mint(alice, who, amount))


def hook(token, rewards, name, alice, *args):
    """The transaction that makes the token call `rewards.name(*args)` in every transfer."""
    call = getattr(rewards.write, name)(alice, *args)
    return token.write.set_hook(alice, rewards, call.data)


@pytest.mark.parametrize("kind", ["mocks/reverting", "mocks/false_return"])
def test_a_reward_that_fails_keeps_nobodys_stake_nor_reward(kind, dex, alice, bob):
    reward = dex.deploy(kind)
    rewards = stage(dex, alice, bob, dex.token0, reward)
    dex.wait(100)
    dex.send(reward.write.set_failing(alice, True))
    for write in (rewards.write.claim, rewards.write.exit):
        with reverts("staking: transfer failed"):
            dex.send(write(bob))
    assert rewards.read.earned(bob) == 100 * RATE
    dex.send(rewards.write.withdraw(bob, 10 * E18))
    assert dex.token0.read.balanceOf(bob) == 10 * E18
    dex.send(dex.token0.write.approve(bob, rewards, FOREVER))
    dex.send(rewards.write.stake(bob, 1))
    dex.send(rewards.write.checkpoint(alice, bob))
    dex.send(rewards.write.withdraw(bob, 1))
    dex.send(reward.write.set_failing(alice, False))
    dex.send(rewards.write.claim(bob))
    assert reward.read.balanceOf(bob) == 100 * RATE


def test_a_reward_without_return_value_is_paid(dex, alice, bob):
    reward = dex.deploy("mocks/no_return")
    rewards = stage(dex, alice, bob, dex.token0, reward)
    dex.wait(100)
    dex.send(rewards.write.exit(bob))
    assert reward.read.balanceOf(bob) == 100 * RATE


def test_a_reward_that_takes_a_fee_is_notified_as_it_arrived(dex, alice, bob):
    reward = dex.deploy("mocks/fee_on_transfer", 100)
    rewards = dex.deploy("staking_rewards", dex.token0, reward, DURATION, alice)
    dex.send(reward.write.mint(alice, alice, E18))
    dex.send(reward.write.transfer(alice, rewards, E18))
    with reverts("staking: reward too high"):
        dex.send(rewards.write.notify(alice, E18 * 99 // 100 + 1))
    dex.send(rewards.write.notify(alice, E18 * 99 // 100))


def test_a_staked_token_that_takes_a_fee_is_staked_as_it_arrives(dex, alice, bob):
    staked = dex.deploy("mocks/fee_on_transfer", 100)
    rewards = stage(dex, alice, bob, staked, dex.token1)
    arrived = 10 * E18 * 99 // 100
    assert rewards.read.staked(bob) == rewards.read.total_staked() == arrived
    assert staked.read.balanceOf(rewards) == arrived
    with reverts("staking: insufficient stake"):
        dex.send(rewards.write.withdraw(bob, arrived + 1))
    dex.send(rewards.write.withdraw(bob, arrived))
    assert staked.read.balanceOf(rewards) == 0
    assert staked.read.balanceOf(bob) == arrived * 99 // 100


def test_a_stake_of_which_nothing_arrives_is_refused(dex, alice, bob):
    staked = dex.deploy("mocks/fee_on_transfer", 10_000)
    rewards = dex.deploy("staking_rewards", staked, dex.token1, DURATION, alice)
    dex.send(staked.write.mint(alice, bob, E18))
    dex.send(staked.write.approve(bob, rewards, FOREVER))
    with reverts("staking: nothing arrived"):
        dex.send(rewards.write.stake(bob, E18))


@pytest.mark.parametrize("kind", ["mocks/reverting", "mocks/false_return"])
def test_a_staked_token_that_fails_changes_nothing(kind, dex, alice, bob):
    staked = dex.deploy(kind)
    rewards = stage(dex, alice, bob, staked, dex.token1)
    give(dex, staked, bob, E18, alice)
    dex.send(staked.write.set_failing(alice, True))
    for tx in (
        rewards.write.stake(bob, E18),
        rewards.write.withdraw(bob, 1),
        rewards.write.exit(bob),
    ):
        with reverts("staking: transfer failed"):
            dex.send(tx)
    assert rewards.read.staked(bob) == rewards.read.total_staked() == 10 * E18
    dex.wait(100)
    dex.send(rewards.write.claim(bob))
    assert dex.token1.read.balanceOf(bob) == 100 * RATE
    dex.send(staked.write.set_failing(alice, False))
    dex.send(rewards.write.withdraw(bob, 10 * E18))


ENTRIES = {
    "stake": (1,),
    "withdraw": (1,),
    "claim": (),
    "exit": (),
    "checkpoint": (Account.named("bob").address,),
    "notify": (0,),
    "recover_token": (Account.named("bob").address, 0),
}


LOCKED = ["staking: locked", "staking: locked", "staking: transfer failed"]


def refusals(frame):
    """The reasons of all calls in a tree that were refused, innermost first."""
    inner = [reason for call in frame.calls for reason in refusals(call)]
    return inner + ([revert_reason(frame.output)] if frame.error else [])


@pytest.mark.parametrize("entry", ENTRIES)
def test_no_function_can_be_entered_while_a_reward_is_paid(entry, dex, alice, bob):
    token = dex.deploy("mocks/reentrant_token")
    rewards = stage(dex, alice, bob, dex.token0, token)
    dex.wait(100)
    dex.send(hook(token, rewards, entry, alice, *ENTRIES[entry]))
    assert refusals(dex.chain.trace(rewards.write.claim(bob))) == LOCKED
    for write in (rewards.write.claim, rewards.write.exit):
        with reverts("staking: transfer failed"):
            dex.send(write(bob))
    dex.send(rewards.write.withdraw(bob, 10 * E18))
    assert token.read.balanceOf(bob) == 0 < rewards.read.earned(bob)


@pytest.mark.parametrize("entry", ENTRIES)
def test_no_function_can_be_entered_while_a_stake_moves(entry, dex, alice, bob):
    token = dex.deploy("mocks/reentrant_token")
    rewards = stage(dex, alice, bob, token, token)
    dex.send(hook(token, rewards, entry, alice, *ENTRIES[entry]))
    give(dex, token, bob, E18, alice)
    for tx in (rewards.write.stake(bob, E18), rewards.write.withdraw(bob, E18)):
        assert refusals(dex.chain.trace(tx)) == LOCKED
        with reverts("staking: transfer failed"):
            dex.send(tx)


@pytest.mark.parametrize("entry", ENTRIES)
def test_no_function_can_be_entered_while_a_token_is_recovered(entry, dex, alice, bob):
    token = dex.deploy("mocks/reentrant_token")
    rewards = stage(dex, alice, bob, dex.token0, dex.token1)
    give(dex, token, rewards, E18, alice)
    dex.send(hook(token, rewards, entry, alice, *ENTRIES[entry]))
    assert refusals(dex.chain.trace(rewards.write.recover_token(alice, token, 1))) == LOCKED


def test_the_lock_is_open_again_after_each_call_of_a_transaction(dex, alice, bob):
    agent = dex.deploy("mocks/flash_callee")
    rewards = dex.deploy("staking_rewards", dex.token0, dex.token1, DURATION, agent)
    dex.send(dex.token0.write.transfer(alice, agent, 5))
    calls = [dex.token0.write.approve(alice, rewards, FOREVER), rewards.write.stake(alice, 3)]
    entries = {**ENTRIES, "recover_token": (dex.token1, 0)}
    for name, args in (*entries.items(), ("stake", (2,))):
        calls.append(getattr(rewards.write, name)(alice, *args))
    for call in calls:
        dex.send(agent.write.add_call(alice, call.to, call.data))
    dex.send(agent.write.run_calls(alice))
    assert rewards.read.staked(agent) == 2


def test_a_reward_whose_balance_shrinks_keeps_no_stake(dex, alice, bob):
    reward = dex.deploy("mocks/no_return")
    rewards = stage(dex, alice, bob, dex.token0, reward)
    dex.wait(100)
    set_balance(dex, reward, rewards, 100 * RATE - 1)
    assert rewards.read.undistributed() == 0
    for tx, reason in (
        (rewards.write.notify(alice, 1), "staking: reward too high"),
        (rewards.write.recover_token(alice, reward, 1), "staking: reward is promised"),
        (rewards.write.exit(bob), "staking: transfer failed"),
    ):
        with reverts(reason):
            dex.send(tx)
    dex.send(rewards.write.withdraw(bob, 10 * E18))
    assert dex.token0.read.balanceOf(bob) == 10 * E18


def set_balance(dex, token, who, amount):
    """By decree, as a token does whose balances change by themselves."""
    slot = artifact("mocks/no_return").layout["storage_layout"]["mock_erc20"]["balanceOf"]["slot"]
    key = keccak(slot.to_bytes(32, "big") + bytes(12) + bytes.fromhex(who.address[2:]))
    dex.chain.engine.set_storage(token.address, int.from_bytes(key, "big"), amount)
    assert token.read.balanceOf(who) == amount


def test_views_answer_in_the_middle_of_a_transfer(dex, alice, bob):
    token = dex.deploy("mocks/reentrant_token")
    rewards = stage(dex, alice, bob, dex.token0, token)
    dex.wait(100)
    dex.send(hook(token, rewards, "earned", alice, bob))
    dex.send(rewards.write.claim(bob))
    assert token.read.balanceOf(bob) == 100 * RATE
