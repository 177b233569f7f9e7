"""The report of a failing test ends at the line of the test, not inside of dexsim."""

from __future__ import annotations

import pytest

from tests.testing.conftest import Suite

FAILING = """
import pytest
from dexsim.testing import deal, expect_events, reverts

def test_source(deploy):
    deploy("@external\\ndef f(:\\n    pass\\n")

def test_arguments(pool, alice):
    pool.contract.write.mint(alice)

def test_no_function(pool, alice):
    pool.contract.write.mnit(alice)

def test_no_revert():
    with reverts("pool: k"):
        pass

def test_refused(chain, pool, alice):
    chain.send(pool.contract.write.mint(alice, alice))

def test_events(chain, pool, alice, bob):
    expect_events(chain.send(pool.base.transfer(alice, to=bob, amount=1)))

@pytest.fixture
def mine(deploy):
    return deploy("nowhere.vy")

def test_fixture(mine):
    pass
"""


def test_what_dexsim_says_is_shown_at_the_line_of_the_test(suite: Suite) -> None:
    done = suite(FAILING, "--tb=short")
    done.assert_outcomes(failed=6, errors=1)
    done.stdout.no_fnmatch_line("*dexsim/*.py:*: in *")
    done.stdout.fnmatch_lines(
        [
            '    return deploy("nowhere.vy")',
            "E   dexsim.errors.ArtifactError: nowhere.vy: no such file*",
            "    pool.contract.write.mint(alice)",
            "E   TypeError: mint takes mint(address), got 0 arguments",
        ]
    )


def test_a_full_trace_shows_the_insides_too(suite: Suite) -> None:
    suite(FAILING, "--full-trace").stdout.fnmatch_lines(["*dexsim/artifacts/compiler.py:*"])


@pytest.mark.parametrize("fault", ["None.number", "{}[1]", "[][1]", "int(None)"])
def test_a_fault_of_dexsim_is_shown_whole(suite: Suite, fault: str) -> None:
    code = f"""
import dexsim.testing.stages as stages

def test_it(chain, monkeypatch):
    source = "def broken():\\n    {fault}\\n"
    space = {{}}
    exec(compile(source, stages.__file__, "exec"), space)
    space["broken"]()
"""
    suite(code, "--tb=short").stdout.fnmatch_lines(["*dexsim/testing/stages.py:2: in broken"])


def test_a_test_that_dexsim_calls_back_ends_where_it_failed(suite: Suite) -> None:
    code = """
from dexsim.chain.chain import Chain

def test_it():
    def on_block(block):
        raise ValueError("mine")
    Chain("pyevm", on_block=on_block).mine()
"""
    suite(code, "--tb=short").stdout.fnmatch_lines(["*in on_block", "E   ValueError: mine"])
