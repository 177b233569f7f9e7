"""The same mischief on Uniswap v2 as it was published and on ours: the same refusals and states.

What differs is the reasons, and those only as the table of contracts/README.md says.
"""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from mischief import MISCHIEF, Act

from dexsim.artifacts.library import sources_folder
from dexsim.errors import ArtifactError, Reverted
from dexsim.market.contract import deploy
from tests.published import needs_published, published

E18 = 10**18
FOREVER = 2**256 - 1


def steps(act):
    """Everything that users do with a pool, by name."""
    trial, bob, callee = act.trial, act.bob, act.callee
    fees = {"taxed": True}
    return {
        "skim at once": lambda: trial.do(trial.pool, "skim", bob),
        "mint at once": lambda: trial.do(trial.pool, "mint", bob),
        "sell odd": lambda: trial.sell(trial.odd, E18, to=bob),
        "sell plain": lambda: trial.sell(trial.plain, E18, to=bob),
        "sell odd, taxed": lambda: trial.sell(trial.odd, E18, to=bob, **fees),
        "sell plain, taxed": lambda: trial.sell(trial.plain, E18, to=bob, **fees),
        "send plain": lambda: trial.give(trial.pool, plain=E18),
        "take odd": lambda: trial.swap(E18 // 2, 0, to=bob),
        "send odd": lambda: trial.give(trial.pool, odd=E18),
        "take plain": lambda: trial.swap(0, E18 // 2, to=bob),
        "lend odd": lambda: trial.swap(E18 // 100, 0, to=callee, data=b"x"),
        "lend plain": lambda: trial.swap(0, E18 // 100, to=callee, data=b"x"),
        "add": lambda: trial.join(E18, 2 * E18),
        "send both": lambda: trial.give(trial.pool, odd=E18, plain=E18),
        "mint": lambda: trial.do(trial.pool, "mint", bob),
        "send both again": lambda: trial.give(trial.pool, odd=E18, plain=E18),
        "skim": lambda: trial.do(trial.pool, "skim", bob),
        "send liquidity": lambda: trial.do(trial.pool, "transfer", trial.pool, E18),
        "burn": lambda: trial.do(trial.pool, "burn", bob),
        "wait": lambda: trial.dex.wait(100),
        "sync": lambda: trial.do(trial.pool, "sync"),
        "sell odd at last": lambda: trial.sell(trial.odd, E18, to=bob),
        "remove": lambda: trial.leave(2 * E18, to=bob),
        "burn at last": lambda: trial.do(trial.pool, "burn", bob),
    }


def held(trial, who):
    try:
        return trial.held(who)
    except (Reverted, ArtifactError):
        return "unknown", trial.plain.read.balanceOf(who)


def state(act, alice):
    """All that a venue and its users have."""
    trial, read = act.trial, act.trial.pool.read
    people = (trial.pool, alice, act.bob, act.callee, trial.router)
    return {
        "reserves": trial.reserves(),
        "sums": (read.price0CumulativeLast(), read.price1CumulativeLast()),
        "supply": read.totalSupply(),
        "liquidity": [trial.liquidity(who) for who in people],
        "held": [held(trial, who) for who in people],
    }


def run(act, mischief, alice):
    """Of every step the reason of its refusal, which changes nothing, or the state after it."""
    trial = act.trial
    trial.join(10 * E18, 10 * E18)
    trial.give(act.callee, E18, E18)
    for token in (trial.odd, trial.plain):
        act.plan(token, "transfer", trial.pool, E18 // 50)
    mischief(act)
    told = {}
    for name, step in steps(act).items():
        try:
            step()
        except Reverted as error:
            told[name] = error.reason, None
        else:
            told[name] = None, state(act, alice)
    return told


@pytest.fixture(scope="module")
def same_reasons():
    """`same_reasons(ours, theirs)`: whether the table of the README has them in one row."""
    text = (sources_folder() / "README.md").read_text()
    rows = re.findall(r"^\| `([a-z]+: [^`]+)` \| (.*) \|$", text, re.M)
    table = {ours: {*re.findall(r"`([^`]+)`", theirs)} for ours, theirs in rows}
    for ours, theirs in rows:
        if "no reason" in theirs or "none given" in theirs:
            table[ours].add("")

    def compare(ours, theirs):
        if ours == theirs or ours is None or theirs is None:
            return ours == theirs
        if theirs == "invalid opcode" or theirs.startswith("ds-math"):
            return ours == "" or theirs in table.get(ours, ()) or "" in table.get(ours, ())
        return theirs in table.get(ours, ())

    return compare


@pytest.fixture
def both(dex, try_out, callee, alice, bob):
    """`both(mock, *args)`: (ours, theirs), with the same two tokens."""

    def make(mock, *args):
        ours = Act(try_out(mock, *args), callee, bob)
        chain = dex.chain
        with chain.block(time_ms=chain.time_ms, gas_limit=10**8):
            factory = deploy(chain, published("UniswapV2Factory"), alice, alice)
            router = deploy(chain, published("UniswapV2Router02"), alice, factory, dex.weth)
        trial = replace(
            ours.trial,
            pool=dex.create_pool(ours.trial.odd, ours.trial.plain, factory),
            router=router,
        )
        for token in (trial.odd, trial.plain, trial.pool):
            trial.do(token, "approve", router, FOREVER)
        return ours, replace(ours, trial=trial)

    return make


@needs_published
@pytest.mark.parametrize("name", MISCHIEF)
def test_the_published_pool_and_ours_come_to_the_same(name, both, same_reasons, dex, alice):
    mock, args, mischief = MISCHIEF[name]
    told = []
    for act in both(mock, *args):
        with dex.chain.anchor():
            told.append(run(act, mischief, alice))
    ours, theirs = told
    assert list(ours) == list(theirs)
    for step in ours:
        assert same_reasons(ours[step][0], theirs[step][0]), (step, ours[step][0], theirs[step][0])
        assert ours[step][1] == theirs[step][1], step


@needs_published
def test_the_published_pool_pays_for_what_a_token_says_and_ours_does_not(both, own_gas, dex, alice):
    costs = []
    for act in both("huge_answer"):
        trial = act.trial
        trial.add(10 * E18, 10 * E18)
        trial.give(trial.pool, plain=E18)
        swap = trial.pool.write.swap(alice, *trial.pair(E18 // 2, 0), alice, b"")
        usual = own_gas(swap, trial.pool)
        with dex.chain.anchor():
            act.tell("set_huge", True, False)
            costs.append(own_gas(swap, trial.pool) - usual)
    assert costs[0] == 0
    assert costs[1] == 39_381
