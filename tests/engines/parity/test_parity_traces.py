"""Call trees of both engines: the same frames, and the same instructions in them."""

from __future__ import annotations

import pytest

from dexsim.chain.engines import engine_names
from parity.stories import FORKS, needs_revm, tell

BOTH = ("pyevm", "revm")


@needs_revm
@pytest.mark.parametrize("fork", FORKS)
def test_call_trees_are_equal(fork: str) -> None:
    story = tell(BOTH, fork, 50, length=200, traced=1.0)
    assert story.gate.compared["trace"] > 100


@needs_revm
@pytest.mark.parametrize("fork", FORKS)
def test_every_instruction_is_equal(fork: str) -> None:
    story = tell(BOTH, fork, 51, length=80, traced=1.0, stepped=1.0)
    assert story.gate.compared["trace"] > 40


@needs_revm
@pytest.mark.long
@pytest.mark.parametrize("fork", FORKS)
@pytest.mark.parametrize("number", range(60, 70))
def test_many_call_trees_are_equal(fork: str, number: int) -> None:
    tell(BOTH, fork, number, traced=1.0, stepped=0.3)


def test_traces_are_told_and_refused() -> None:
    story = tell((engine_names()[0],), "cancun", 50, length=200, traced=1.0)
    assert story.seen["trace: told"] > 100
    assert story.seen["trace: refused"] > 2
