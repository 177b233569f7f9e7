"""Hypothesis's state machines: every run begins with the same chain."""

from __future__ import annotations

from contextlib import nullcontext

import pytest

from dexsim.testing import machines  # before suites come and go
from tests.testing.conftest import Suite

MACHINE = """
import pytest
from hypothesis import settings, strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from dexsim.testing import run_machine

class Donations(RuleBasedStateMachine):
    broken = False
    left = []

    def __init__(self, chain, pool, alice):
        super().__init__()
        self.chain, self.pool, self.alice = chain, pool, alice
        self.before, self.given = self.held(), 0

    def held(self):
        return self.pool.base.balance(self.pool)

    @rule(amount=st.integers(1, 10**18))
    def give(self, amount):
        self.chain.send(self.pool.base.transfer(self.alice, to=self.pool, amount=amount))
        self.given += amount

    @invariant()
    def all_of_it_is_there(self):
        assert self.before == 1000 * 10**18, "begins with what another run has left"
        assert self.held() == self.before + self.given

    def teardown(self):
        self.left.append(self.held() - self.before)

SETTINGS = settings(max_examples=10, derandomize=True, stateful_step_count=5, database=None, deadline=None)
"""

GOOD = """
def test_it(chain, pool, alice):
    block = chain.number
    run_machine(lambda: Donations(chain, pool, alice), chain, settings=SETTINGS)
    assert len(Donations.left) >= 10 and max(Donations.left) > 0  # its own teardown saw the run
    assert (pool.base.balance(pool), chain.number) == (1000 * 10**18, block)
"""


def test_every_run_of_a_machine_begins_with_the_same_chain(suite: Suite) -> None:
    suite(MACHINE + GOOD).assert_outcomes(passed=1)


def test_without_it_runs_would_meet_each_other(
    suite: Suite, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(machines, "untouched", lambda chain: nullcontext())
    done = suite(MACHINE + GOOD)
    done.assert_outcomes(failed=1)
    assert "begins with what another run has left" in done.stdout.str()


def test_a_machine_that_fails_is_put_back_and_shows_its_steps(suite: Suite) -> None:
    code = """
class Wrong(Donations):
    @rule()
    def break_it(self):
        assert not self.given, "given"

def test_it(chain, pool, alice):
    with pytest.raises(AssertionError, match="given") as caught:
        run_machine(lambda: Wrong(chain, pool, alice), chain, settings=SETTINGS)
    told = "".join(caught.value.__notes__)
    assert "state.give(amount=1)" in told and "state.break_it()" in told
    assert pool.base.balance(pool) == 1000 * 10**18
"""
    suite(MACHINE + code).assert_outcomes(passed=1)


def test_a_machine_that_cannot_begin_leaves_nothing(suite: Suite) -> None:
    code = """
class Broken(Donations):
    def __init__(self, *args):
        super().__init__(*args)
        self.give(self, amount=5)

def test_it(chain, pool, alice):
    def machine():
        chain.send(pool.base.transfer(alice, to=pool, amount=5))
        raise KeyError("no machine")
    with pytest.raises(KeyError, match="no machine"):
        run_machine(machine, chain, settings=SETTINGS)
    assert pool.base.balance(pool) == 1000 * 10**18
"""
    suite(MACHINE + code).assert_outcomes(passed=1)


def test_a_class_brings_its_settings(suite: Suite) -> None:
    code = """
def test_it(chain, pool, alice):
    class Mine(Donations):
        def __init__(self):
            super().__init__(chain, pool, alice)

    Mine.TestCase.settings = settings(SETTINGS, max_examples=3)
    Donations.left.clear()
    run_machine(Mine, chain)
    assert 1 <= len(Donations.left) <= 4
"""
    suite(MACHINE + code).assert_outcomes(passed=1)
