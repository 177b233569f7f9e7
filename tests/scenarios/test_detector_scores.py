"""The detector against the searchers' own word, in whole runs."""

from __future__ import annotations

from typing import Any

import pytest

from dexsim.agents import Arbitrageur
from dexsim.blockspace.mechanisms import BundleAuction, Fifo, Priority, RandomOrder
from dexsim.results.arm import Arm
from dexsim.results.detector_measures import sandwiches_found, sandwiches_right, scores
from dexsim.scenario.run import run
from tests.scenarios import small


def played(mechanism: Any, **searchers: Any) -> Arm:
    """Fifteen users, an arbitrageur, and these searchers."""
    people = {"retail": small.retail(count=15), "arb": Arbitrageur(capital=small.CAPITAL)}
    scenario = small.scenario(agents=people | searchers, blocks=40, mechanism=mechanism)
    return run(scenario, seed=3).arms[0]


RIVALS = {"a": small.searcher(), "b": small.searcher(bid_share_bps=1000)}
IN_THE_OPEN = {name: small.searcher(via="transactions") for name in ("a", "b")}
RUNS: dict[str, tuple[Any, dict[str, Any], int]] = {
    "bundles in an auction": (BundleAuction(), RIVALS, 30),
    "bundles by tip": (Priority(), RIVALS, 30),
    "a race in the open": (Priority(rounds=50), IN_THE_OPEN, 15),
}


@pytest.mark.parametrize("name", RUNS)
def test_the_detector_finds_every_sandwich_and_tells_no_other(name: str) -> None:
    mechanism, searchers, least = RUNS[name]
    arm = played(mechanism, **searchers)
    found = scores(arm)["sandwich"]
    assert found.true == len(arm.rows("sandwiches")) >= least
    assert (found.detected, found.matched) == (found.true, found.true)
    assert found.victims_matched == found.victims_true == found.victims_detected
    assert (sandwiches_found(arm), sandwiches_right(arm)) == (100, 100)


@pytest.mark.parametrize("mechanism", [Fifo(), RandomOrder()])
def test_where_searchers_have_no_place_of_their_own_it_is_nearly_always_right(
    mechanism: Any,
) -> None:
    found = scores(played(mechanism, **IN_THE_OPEN))["sandwich"]
    assert found.matched == found.true
    assert found.detected - found.matched <= 1


def test_without_searchers_it_tells_no_sandwich() -> None:
    arm = played(Priority())
    assert scores(arm)["sandwich"].detected == 0
    assert sandwiches_found(arm) != sandwiches_found(arm)  # nothing to find: not a number
