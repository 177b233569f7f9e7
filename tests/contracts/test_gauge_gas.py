"""What stakers pay here and at Synthetix's StakingRewards, transaction for transaction (Cancun).

Both are told the same story on chains of their own: the same token contract for stakes and streamed
rewards, calls a hundred seconds apart, slots as cold or warm as the story makes them. Theirs is run
as Uniswap has published it.

Emission is measured beside it, with a minter and an incentive token as in a world. A claim that has to
draw mints four empty slots full at its first time, which a reward that was sent before does not need:
such claims have bounds of their own, which are figures and no comparison.
"""

from __future__ import annotations

import pytest

from dexsim.chain.accounts import Account
from dexsim.chain.chain import Chain
from dexsim.market.contract import deploy
from tests.published import needs_staking_rewards, published
from tests.subject import artifact

ALICE, BOB = Account.named("alice"), Account.named("bob")
E18, WEEK = 10**18, 7 * 86_400
NOBODY = "0x" + "00" * 20
FOREVER = 2**256 - 1

# Who does what, and what their contract says for it. Bob never claims before he leaves.
STORY = [
    ("the first deposit", ALICE, "deposit", 100 * E18),
    ("another's first deposit", BOB, "deposit", 100 * E18),
    ("a second deposit", ALICE, "deposit", 100 * E18),
    ("a withdrawal", ALICE, "withdraw", 50 * E18),
    ("the first claim", ALICE, "claim"),
    ("a later claim", ALICE, "claim"),
    ("a later withdrawal", ALICE, "withdraw", 50 * E18),
    ("an exit", ALICE, "exit"),
    ("a deposit after an exit", ALICE, "deposit", 50 * E18),
    ("the exit of who never claimed", BOB, "exit"),
    ("the last one's exit", ALICE, "exit"),
]
THEIRS = {"deposit": "stake", "claim": "getReward"}
# Measured; the emission of a constant rate, which its schedule answers without a slot.
SYNTHETIX = {
    "the first deposit": 125_730,
    "another's first deposit": 135_170,
    "a second deposit": 120_915,
    "a withdrawal": 84_246,
    "the first claim": 73_222,
    "a later claim": 76_098,
    "a later withdrawal": 101_346,
    "an exit": 99_148,
}
DRAWS = {"the first claim", "the exit of who never claimed", "the last one's exit"}


def stage():
    """A chain, and two plain tokens of which Bob has a part."""
    chain = Chain("pyevm", base_fee=0, time_ms=1_600_000_000_000)
    tokens = [deploy(chain, artifact("token"), ALICE, name, name, 18, 10**30) for name in "SR"]
    for who in (ALICE, BOB):
        chain.set_balance(who, 10**24)
    for token in tokens:
        chain.send(token.write.transfer(ALICE, BOB, 10**24))
    return chain, *tokens


def told(chain, staked, farm, names=None):
    """Gas of each transaction of the story."""
    for who in (ALICE, BOB):
        chain.send(staked.write.approve(who, farm, FOREVER))
    used = {}
    for label, who, name, *args in STORY:
        call = getattr(farm.write, (names or {}).get(name, name))
        with chain.block(time_ms=chain.time_ms + 100_000):
            used[label] = chain.send(call(who, *args)).gas_used
    return used


@pytest.fixture(scope="module")
def theirs():
    """At StakingRewards."""
    chain, staked, reward = stage()
    farm = deploy(chain, published("StakingRewards"), ALICE, ALICE, reward, staked)
    chain.send(reward.write.transfer(ALICE, farm, 10**24))
    chain.send(farm.write.notifyRewardAmount(ALICE, 10**24))
    return told(chain, staked, farm, THEIRS)


@pytest.fixture(scope="module")
def streamed():
    """At a gauge that streams the same."""
    chain, staked, reward = stage()
    farm = deploy(chain, artifact("gauge"), ALICE, staked, NOBODY, ALICE)
    chain.send(farm.write.add_reward(ALICE, reward, ALICE, WEEK))
    chain.send(reward.write.approve(ALICE, farm, FOREVER))
    chain.send(farm.write.notify(ALICE, reward, 10**24))
    return told(chain, staked, farm)


@pytest.fixture(scope="module")
def emitted():
    """At a gauge with an emission."""
    chain, staked, _ = stage()
    schedule = (chain.time_ms // 1000, 1, 0, [], E18, 0)
    reward = deploy(chain, artifact("incentive_token"), ALICE, "R", "R", 0, 10**30, schedule)
    minter = deploy(chain, artifact("minter"), ALICE, reward, ALICE)
    chain.send(reward.write.set_minter(ALICE, minter))
    farm = deploy(chain, artifact("gauge"), ALICE, staked, minter, ALICE)
    chain.send(minter.write.add_gauge(ALICE, farm, 1))
    return told(chain, staked, farm)


LABELS = [label for label, *_ in STORY]


# What nobody has claimed before is noted down in an empty slot, which theirs fills and clears.
BEFORE_ANY_CLAIM = "the exit of who never claimed"


@needs_staking_rewards
@pytest.mark.parametrize("label", [label for label in LABELS if label != BEFORE_ANY_CLAIM])
def test_a_streamed_reward_costs_stakers_no_more_than_at_synthetix(label, streamed, theirs):
    assert streamed[label] <= theirs[label]


@needs_staking_rewards
@pytest.mark.parametrize("label", [label for label in LABELS if label not in DRAWS])
def test_an_emission_costs_stakers_no_more_either(label, emitted, theirs):
    assert emitted[label] <= theirs[label]


@needs_staking_rewards
def test_the_figures_to_compare_with_are_theirs(theirs):
    assert {label: theirs[label] for label in SYNTHETIX} == SYNTHETIX


@pytest.mark.parametrize("label", SYNTHETIX)
def test_no_transaction_costs_more_than_the_figure_of_synthetix(label, streamed, emitted):
    assert streamed[label] <= SYNTHETIX[label]
    assert label in DRAWS or emitted[label] <= SYNTHETIX[label]


def test_a_claim_that_draws_costs_what_minting_costs(emitted):
    assert emitted["the first claim"] <= 187_000
    assert emitted["the exit of who never claimed"] <= 150_000
