"""The suite notices every fault of the catalogue, and what tells so can be trusted."""

from __future__ import annotations

from pathlib import Path

import pytest

from dexsim.artifacts.library import sources_folder
from tests.mutants.catalogue import BATCHES, ISSUED, MUTANTS, REWARDS, SEARCHED
from tests.mutants.equivalent import EQUIVALENT
from tests.mutants.laboratory import Inconclusive, Laboratory
from tests.mutants.mutant import Mutant

ALL = [*MUTANTS, *REWARDS, *ISSUED, *SEARCHED, *BATCHES]
KILLERS = sorted({mutant.killed_by for mutant in ALL})
QUICK = "test_pool_prices.py::test_prices_round_down"


@pytest.fixture(scope="module")
def laboratory(tmp_path_factory: pytest.TempPathFactory) -> Laboratory:
    """One for all: contracts without a fault are compiled once."""
    return Laboratory(tmp_path_factory.mktemp("mutants"))


# A few of every kind are tried always, and all of them in the long set.
CASES = [
    pytest.param(mutant, id=mutant.name, marks=() if mutant.always else pytest.mark.long)
    for mutant in ALL
]


@pytest.mark.parametrize("mutant", CASES)
def test_the_fault_is_noticed_by_the_test_that_names_it(
    mutant: Mutant, laboratory: Laboratory
) -> None:
    assert laboratory.red(mutant.apply, [mutant.killed_by]), f"{mutant.name}: survived"


def test_the_same_tests_pass_where_there_is_no_fault(laboratory: Laboratory) -> None:
    assert laboratory.red(None, KILLERS) == []


def test_an_edit_that_changes_nothing_is_told_as_a_survivor(laboratory: Laboratory) -> None:
    def remark(contracts: Path) -> None:
        pool = contracts / "pool.vy"
        pool.write_text(pool.read_text() + "\n# A remark at the end.\n")

    assert laboratory.red(remark, [QUICK]) == []


@pytest.mark.parametrize(
    "text",
    ["this is no Vyper", '\n\n@deploy\ndef __init__():\n    raise "pool: unborn"\n'],
    ids=["that does not compile", "that no factory can make"],
)
def test_a_contract_is_not_taken_for_a_mutant(text: str, laboratory: Laboratory) -> None:
    def spoil(contracts: Path) -> None:
        pool = contracts / "pool.vy"
        pool.write_text(pool.read_text().split("\n\n@deploy\n")[0] + text)

    with pytest.raises(Inconclusive, match="broke down"):
        laboratory.red(spoil, [QUICK])


def test_a_test_that_is_not_there_kills_nothing(laboratory: Laboratory) -> None:
    with pytest.raises(Inconclusive, match="not found"):
        laboratory.red(None, ["test_pool_prices.py::test_of_another_suite"])


@pytest.mark.parametrize("find", ["reserve0", "a text of another contract"])
def test_a_fault_has_one_place(find: str, tmp_path: Path) -> None:
    (tmp_path / "pool.vy").write_text((sources_folder() / "pool.vy").read_text())
    with pytest.raises(ValueError, match="times"):
        Mutant("nowhere or everywhere", "pool.vy", find, "", QUICK).apply(tmp_path)


def test_every_fault_has_its_place_its_name_and_its_test() -> None:
    for mutant in [*ALL, *EQUIVALENT]:
        mutant.edited((sources_folder() / mutant.file).read_text())
    names = [mutant.name for mutant in [*ALL, *EQUIVALENT]]
    assert len(set(names)) == len(names)
    assert all(mutant.killed_by for mutant in ALL)


def test_there_are_faults_in_every_part_and_always_a_few_are_tried() -> None:
    exchange = {"pool", "pool_math", "erc20", "lp_token", "token_calls", "factory", "routes"}
    rewards = {"schedule", "incentive_token", "minter", "gauge", "reward_stream", "reward_shares"}
    issued = {"issuer", "opening_hours", "tender"}
    parts = (
        (MUTANTS, exchange),
        (REWARDS, rewards),
        (ISSUED, issued),
        (SEARCHED, {"searcher"}),
        (BATCHES, {"batch_auction"}),
    )
    for faults, files in parts:
        assert {mutant.file.removesuffix(".vy") for mutant in faults} >= files
        assert {mutant.file.removesuffix(".vy") for mutant in faults if mutant.always} >= files
    assert len(MUTANTS) >= 100
    assert len(REWARDS) >= 50
    assert len(ISSUED) >= 50
    assert len(SEARCHED) >= 30
    assert len(BATCHES) >= 12


@pytest.mark.long
def test_what_cannot_be_seen_is_not_seen(laboratory: Laboratory) -> None:
    def edit(contracts: Path) -> None:
        for each in EQUIVALENT:
            each.apply(contracts)

    assert laboratory.red(edit, KILLERS) == []
