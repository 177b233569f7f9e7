"""The conformance suite, by itself, finds every fault of the catalogue by the property that names it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from dexsim.artifacts.library import sources_folder
from dexsim.conformance.checking import check
from dexsim.testing.properties import XYK, Candidate
from tests.mutants.broken_properties import BREAKS
from tests.mutants.catalogue import MUTANTS
from tests.mutants.mutant import Mutant

CASES = [
    pytest.param(mutant, id=mutant.name, marks=() if mutant.always else pytest.mark.long)
    for mutant in MUTANTS
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One for all: what a fault leaves alone is compiled once."""
    return tmp_path_factory.mktemp("faulty") / "contracts"


def outcome(folder: Path, mutant: Mutant | None, property_id: str) -> str:
    """The verdict on one property of an exchange with this fault."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(sources_folder(), folder)
    if mutant is not None:
        mutant.apply(folder)
    files = {name: str(folder / f"{name}.vy") for name in ("pool", "factory", "router", "token")}
    report = check(Candidate(**files), sets=["xyk"], only=[property_id], shrinks=False)
    return report.verdicts[0].outcome


@pytest.mark.parametrize("mutant", CASES)
def test_the_fault_breaks_the_property_that_names_it(mutant: Mutant, folder: Path) -> None:
    assert outcome(folder, mutant, BREAKS[mutant.name]) == "broken"


def test_every_fault_has_the_property_that_it_breaks() -> None:
    assert set(BREAKS) == {mutant.name for mutant in MUTANTS}
    assert set(BREAKS.values()) <= {each.id for each in XYK}
