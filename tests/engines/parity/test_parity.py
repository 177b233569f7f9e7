"""revm against py-evm: the same random transactions over every shipped contract, and nothing differs.

After every transaction the receipts are compared, or the rejections with their text; after every
block balances, nonces, code and storage of what it touched; the state root now and then and at the
end. The plain set executes some 2,000 transactions, `--long` 50,000 more. To go on with others:

    DEXSIM_PARITY_SEED=17 DEXSIM_PARITY_LENGTH=5000 python -m pytest tests/engines/parity

tells stories of the seed 17, of 5,000 transactions each. A difference names seed, number and place
of the transaction, and what both engines say to it: the same seed leads to it again.
"""

from __future__ import annotations

import pytest

from dexsim.artifacts.library import SHIPPED, shipped
from parity.other_calls import CALLS
from parity.stories import LONG, PLAIN, SEED, Mix, needs_revm, tell

BOTH = ("pyevm", "revm")


@needs_revm
@pytest.mark.parametrize(("fork", "number"), PLAIN)
def test_nothing_differs_between_the_engines(fork: str, number: int) -> None:
    story = tell(BOTH, fork, number)
    assert story.gate.compared["execute"] > 300
    assert story.gate.compared["execute_block"] > 20
    assert story.gate.compared["state_root"] >= 3


@needs_revm
@pytest.mark.long
@pytest.mark.parametrize(("fork", "number"), LONG)
def test_nothing_differs_in_many_more_stories(fork: str, number: int) -> None:
    tell(BOTH, fork, number, proofs=True)


@pytest.mark.skipif(SEED != "plain", reason="what has to come up is known of the plain seed")
def test_the_stories_hold_every_kind_of_transaction() -> None:
    mix = Mix()
    # On the engine that comes first in the comparison, so that it is what is compared there.
    for fork, number in PLAIN:
        mix.of(tell(BOTH[:1], fork, number))
    assert mix.missing() == set()
    assert len(mix.never_succeeded() - NEVER) < len(CALLS) // 10
    assert mix.seen["executed: success"] > 700
    assert mix.seen["executed: revert"] > 200


@pytest.mark.long
@pytest.mark.skipif(SEED != "plain", reason="what has to come up is known of the plain seed")
def test_more_stories_hold_every_function_of_every_contract() -> None:
    mix = Mix()
    for number in range(500, 515):
        mix.of(tell(BOTH[:1], "cancun", number))
    assert mix.never_succeeded() == NEVER


def test_every_function_that_changes_something_is_called() -> None:
    changing = {
        f"{path.stem}.{function.name}"
        for path in SHIPPED.glob("*.json")
        for same in shipped(path.stem).interface.functions.values()
        for function in same
        if function.mutability not in ("view", "pure")
    }
    assert changing == set(CALLS)


# What never succeeds here: calls that are for one contract alone, and what has come about before.
NEVER = {"pool.initialize", "minter.draw", "issuer.squeeze", "batch_auction.withdraw"}
