"""The same mischief on Uniswap v2 as it was published and on ours: the same refusals and states.

What differs is the reasons, and those only as the table of contracts/README.md says.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any

import pytest

from dexsim.artifacts.library import sources_folder
from dexsim.errors import ArtifactError, Reverted
from dexsim.market.contract import deploy
from tests.published import needs_published, published

E18 = 10**18
FOREVER = 2**256 - 1
ZERO, ONE = b"\0" * 32, b"\0" * 31 + b"\1"
NOBODY = "0x" + "00" * 20


def word(number):
    return number.to_bytes(32, "big")


@dataclass(frozen=True)
class Act:
    """One venue's run: its trial, a callee of its own, and who else there is."""

    trial: Any
    callee: Any
    bob: Any

    def tell(self, name, *args):
        self.trial.do(self.trial.odd, name, *args)

    def plan(self, contract, name, *args):
        data = getattr(contract.write, name)(self.bob, *args).data
        self.trial.do(self.callee, "add_call", contract, data)

    def answers(self, moves, refuses, answer):
        self.tell("set_transfer", moves, refuses, answer)
        self.tell("set_transfer_from", moves, refuses, answer)

    def hooks(self, owner, before, after, *call):
        self.tell("set_hooks", owner, before, after)
        self.plan(*call)


# name: (mock, its arguments, what it is told once the pool is filled)
MISCHIEF = {
    "none at all": ("odd_answer", (), lambda _: None),
    "no return value": ("no_return", (), lambda _: None),
    "false": ("false_return", (), lambda act: act.tell("set_failing", True)),
    "a reason": ("reverting", (), lambda act: act.tell("set_failing", True)),
    "a word of two": ("odd_answer", (), lambda act: act.answers(True, False, word(2))),
    "a word of zero": ("odd_answer", (), lambda act: act.answers(True, False, ZERO)),
    "31 bytes": ("odd_answer", (), lambda act: act.answers(True, False, b"\xff" * 31)),
    "33 bytes": ("odd_answer", (), lambda act: act.answers(True, False, ONE + b"\0")),
    "zero and one": ("odd_answer", (), lambda act: act.answers(True, False, ZERO + ONE)),
    "a thousand bytes": ("odd_answer", (), lambda act: act.answers(True, False, ONE * 32)),
    "refusal without reason": ("odd_answer", (), lambda act: act.answers(True, True, b"")),
    "refusal that says yes": ("odd_answer", (), lambda act: act.answers(True, True, ONE)),
    "yes without moving": ("odd_answer", (), lambda act: act.answers(False, False, ONE)),
    "silence without moving": ("odd_answer", (), lambda act: act.answers(False, False, b"")),
    "refusal on the way out": (
        "odd_answer",
        (),
        lambda act: act.tell("set_transfer", True, False, ZERO),
    ),
    "huge answers": ("huge_answer", (), lambda act: act.tell("set_huge", True, False)),
    "huge refusals": ("huge_answer", (), lambda act: act.tell("set_huge", True, True)),
    "burnt gas": ("gas_guzzler", (), lambda act: act.tell("set_hungry", True)),
    "a fee of what arrives": ("fee_on_transfer", (100,), lambda _: None),
    "a fee of nearly everything": ("fee_on_transfer", (9_999,), lambda _: None),
    "a fee on top": ("tax_on_top", (100,), lambda _: None),
    "a gain": ("rebasing", (), lambda act: act.tell("rebase", 5, 4)),
    "a loss": ("rebasing", (), lambda act: act.tell("rebase", 4, 5)),
    "a loss of nearly all": ("rebasing", (), lambda act: act.tell("rebase", 1, 10**18)),
    "a gain beyond 112 bits": ("rebasing", (), lambda act: act.tell("rebase", 2**60, 1)),
    "a gain beyond 256 bits": ("rebasing", (), lambda act: act.tell("rebase", 2**191, 1)),
    "a gain in a flash swap": (
        "rebasing",
        (),
        lambda act: act.plan(act.trial.odd, "rebase", 5, 4),
    ),
    "a loss in a flash swap": (
        "rebasing",
        (),
        lambda act: act.plan(act.trial.odd, "rebase", 4, 5),
    ),
    "a listed pool": (
        "selective",
        (),
        lambda act: act.tell("set_listed", act.trial.pool, True),
    ),
    "a listed receiver": ("selective", (), lambda act: act.tell("set_listed", act.bob, True)),
    "a limit": ("selective", (), lambda act: act.tell("set_limit", E18 // 2)),
    "a balance of nothing": (
        "lying_balance",
        (),
        lambda act: act.tell("lie", False, False, ZERO),
    ),
    "a balance beyond 112 bits": (
        "lying_balance",
        (),
        lambda act: act.tell("lie", False, False, word(2**112)),
    ),
    "a balance of all bits": (
        "lying_balance",
        (),
        lambda act: act.tell("lie", False, False, b"\xff" * 32),
    ),
    "a balance of 31 bytes": (
        "lying_balance",
        (),
        lambda act: act.tell("lie", False, False, b"\xff" * 31),
    ),
    "a balance of 64 bytes": (
        "lying_balance",
        (),
        lambda act: act.tell("lie", False, False, word(30 * E18) + ONE),
    ),
    "a refused balance": ("lying_balance", (), lambda act: act.tell("lie", False, True, b"")),
    "more after a transfer": (
        "lying_balance",
        (),
        lambda act: act.tell("lie", True, False, word(30 * E18)),
    ),
    "less after a transfer": (
        "lying_balance",
        (),
        lambda act: act.tell("lie", True, False, word(7)),
    ),
    "a hook that syncs": (
        "hooked_token",
        (),
        lambda act: act.hooks(act.bob, NOBODY, act.callee, act.trial.pool, "sync"),
    ),
    "a hook that skims before": (
        "hooked_token",
        (),
        lambda act: act.hooks(act.trial.pool, act.callee, NOBODY, act.trial.pool, "skim", act.bob),
    ),
    "a hook that asks": (
        "hooked_token",
        (),
        lambda act: act.hooks(act.bob, NOBODY, act.callee, act.trial.pool, "getReserves"),
    ),
    "a hook that moves liquidity": (
        "hooked_token",
        (),
        lambda act: act.hooks(
            act.bob, NOBODY, act.callee, act.trial.pool, "transfer", act.trial.pool, 0
        ),
    ),
}


def steps(act):
    """Everything that users do with a pool, by name."""
    trial, bob, callee = act.trial, act.bob, act.callee
    fees = {"taxed": True}
    return {
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
    """What every step was refused for (None: it passed), and the state after it."""
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
            reason = None
        except Reverted as error:
            reason = error.reason
        told[name] = reason, state(act, alice)
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
