"""Hypothesis: every example begins with the same chain."""

from __future__ import annotations

from contextlib import nullcontext

import pytest

from tests.testing.conftest import Suite

COUNTING = """
from hypothesis import HealthCheck, given, settings, strategies as st

SEEN = set()

@settings(max_examples=20, database=None)
@given(amount=st.integers(1, 10**18))
def test_it(chain, pool, alice, amount):
    SEEN.add((chain.number, chain.time_ms, chain.nonce(alice), pool.base.balance(pool), chain.base_fee))
    chain.send(pool.base.transfer(alice, to=pool, amount=amount))
    chain.advance(seconds=amount % 100)
    chain.base_fee += 1
    assert len(SEEN) == 1

def test_after(chain, pool):
    assert (chain.number, chain.time_ms) == next(iter(SEEN))[:2]
    assert pool.base.balance(pool) == next(iter(SEEN))[3]
"""


def test_every_example_begins_with_the_same_chain(suite: Suite) -> None:
    suite(COUNTING).assert_outcomes(passed=2)


def test_without_it_examples_would_meet_each_other(
    suite: Suite, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dexsim.testing.examples.untouched", lambda chain: nullcontext())
    done = suite(COUNTING)
    done.assert_outcomes(failed=2)
    done.stdout.fnmatch_lines(["*assert len(SEEN) == 1*"])


def test_a_method_a_handle_and_a_fixture_on_the_chain_are_put_back_too(suite: Suite) -> None:
    code = '''
import pytest
from hypothesis import given, settings, strategies as st
from dexsim.chain.chain import Chain

class Desk:
    def __init__(self): self.chain = Chain()

@pytest.fixture
def desk(): return Desk()

VAULT = """# pragma version ~=0.4.3
count: public(uint256)

@external
def up():
    self.count += 1
"""

@pytest.fixture
def vault(deploy):
    return deploy(VAULT)

class TestIt:
    @settings(max_examples=10, database=None)
    @given(wei=st.integers(1, 9))
    def test_it(self, vault, chain, desk, alice, wei):
        assert vault.read.count() == 0 and desk.chain.balance(alice) == 0
        chain.send(vault.write.up(alice))
        desk.chain.endow(alice, wei)
'''
    suite(code).assert_outcomes(passed=1)


def test_a_failing_example_is_shrunk_on_the_same_chain(suite: Suite) -> None:
    code = """
from hypothesis import given, settings, strategies as st

@settings(max_examples=50, database=None)
@given(amount=st.integers(0, 10**6))
def test_it(chain, pool, alice, amount):
    before = pool.base.balance(pool)
    chain.send(pool.base.transfer(alice, to=pool, amount=amount))
    assert pool.base.balance(pool) < before + 1000
"""
    done = suite(code)
    done.assert_outcomes(failed=1)
    done.stdout.fnmatch_lines(["*amount=1000*"])


def test_a_fixture_that_lives_through_all_examples_is_still_warned_of(suite: Suite) -> None:
    code = """
import pytest
from hypothesis import given, strategies as st

@pytest.fixture
def basket(): return []

@given(n=st.integers())
def test_it(chain, basket, n): pass
"""
    done = suite(code)
    done.assert_outcomes(failed=1)
    done.stdout.fnmatch_lines(["*FailedHealthCheck: the fixture 'basket' is made once*"])
    told = code.replace("@given", "@settings(suppress_health_check=list(HealthCheck))\n@given")
    suite(told.replace("import given", "import HealthCheck, given, settings")).assert_outcomes(
        passed=1
    )


def test_a_test_without_a_chain_is_left_alone(suite: Suite) -> None:
    code = """
from hypothesis import given, strategies as st

@given(n=st.integers())
def test_it(n):
    assert test_it.hypothesis.inner_test.__module__ == __name__
    assert not hasattr(test_it.hypothesis.inner_test, "__wrapped__")
"""
    suite(code).assert_outcomes(passed=1)


def test_a_chain_in_a_tuple_or_a_dict_of_a_wider_fixture_is_put_back_too(suite: Suite) -> None:
    code = """
import pytest
from hypothesis import given, settings, strategies as st
from dexsim.chain.chain import Chain

@pytest.fixture(scope="module")
def both():
    return "a name", {"first": Chain("pyevm"), "more": [Chain("pyevm")]}

@settings(max_examples=5, database=None)
@given(n=st.integers(1, 9))
def test_it(both, n):
    for chain in (both[1]["first"], *both[1]["more"]):
        assert chain.number == 0
        chain.mine()
"""
    suite(code).assert_outcomes(passed=1)
