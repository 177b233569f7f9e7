"""A test that fails because a contract refused explains itself in pytest's report."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import dexsim

TESTS = """
import pytest
from hypothesis import given, settings, HealthCheck, strategies as st
from dexsim.errors import Reverted
from dexsim.testing import reverts


def test_plain(chain, pool, alice):
    chain.send(pool.contract.write.mint(alice, alice))


def test_read(pool, alice):
    pool.contract.read.mint(alice)


def test_another_reason(chain, pool, alice):
    with reverts("pool: k"):
        chain.send(pool.contract.write.mint(alice, alice))


@given(st.integers(1, 5))
@settings(max_examples=3, database=None, suppress_health_check=list(HealthCheck))
def test_hypothesis(chain, pool, alice, n):
    chain.send(pool.contract.write.mint(alice, alice))


@given(st.integers(1, 9))
@settings(max_examples=20, database=None, derandomize=True, suppress_health_check=list(HealthCheck))
def test_hypothesis_with_two_failures(chain, pool, alice, n):
    if n > 5:
        raise ValueError("big")
    chain.send(pool.contract.write.mint(alice, alice))


@pytest.fixture
def broken(chain, pool, alice):
    chain.send(pool.contract.write.mint(alice, alice))


def test_fixture(broken):
    pass


def test_no_trace():
    raise Reverted("from a node")


def test_no_refusal():
    assert 1 == 2


def test_caught(chain, pool, alice):
    with pytest.raises(Reverted):
        chain.send(pool.contract.write.mint(alice, alice))
    assert 1 == 2


def test_broken_chain(chain, pool, alice):
    try:
        chain.send(pool.contract.write.mint(alice, alice))
    except Reverted as error:
        error.chain = object()
        raise


def test_fine(chain, pool, alice):
    with reverts("pool: insufficient liquidity minted"):
        chain.send(pool.contract.write.mint(alice, alice))
"""

EXPLAINED = [
    "test_plain",
    "test_read",
    "test_another_reason",
    "test_hypothesis",
    "test_hypothesis_with_two_failures",
    "broken",
]
NOT_EXPLAINED = ["test_no_trace", "test_no_refusal", "test_caught"]


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What pytest says of each failing test, by its heading."""
    folder = tmp_path_factory.mktemp("suite")
    (folder / "test_suite.py").write_text(TESTS)
    (folder / "conftest.py").write_text('pytest_plugins = ["dexsim.testing"]\n')
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", str(folder)]
    done = subprocess.run(
        command,
        cwd=folder,
        env={
            **os.environ,
            "PYTHONPATH": str(Path(dexsim.__file__).parents[1]),
            "DEXSIM_ENGINES": "pyevm",  # each test once
        },
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert "9 failed, 1 passed, 1 error" in done.stdout, done.stdout + done.stderr
    found: dict[str, str] = {}
    for line in done.stdout.splitlines():
        words = line.strip("_ ").split()
        if line.startswith("____") and words:
            found[words[-1]] = ""
        elif found:
            found[list(found)[-1]] += line + "\n"
    return found


@pytest.mark.parametrize("name", EXPLAINED)
def test_a_refusal_is_explained_wherever_it_stands(reports: dict[str, str], name: str) -> None:
    heading = "test_fixture" if name == "broken" else name
    text = reports[heading]
    assert text.count(" why it reverted ") == 1
    assert "✗ pool " in text
    assert "reverted: pool: insufficient liquidity minted" in text
    assert 'assert liquidity > 0, "pool: insufficient liquidity minted"' in text
    assert "  pool.vy:" in text


@pytest.mark.parametrize("name", NOT_EXPLAINED)
def test_where_nothing_is_to_be_explained_nothing_is_added(
    reports: dict[str, str], name: str
) -> None:
    assert "why it reverted" not in reports[name]


def test_an_explanation_that_fails_leaves_the_tests_own_error(reports: dict[str, str]) -> None:
    text = reports["test_broken_chain"]
    assert "could not be explained: AttributeError" in text
    assert "Reverted: main.mint reverted: pool: insufficient liquidity minted" in text
