"""The conformance suite, by itself, finds every fault of the catalogue by the property that names it."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest

from dexsim.artifacts.library import sources_folder
from dexsim.conformance.checking import check
from dexsim.conformance.verdict import BROKEN, KEPT, Report
from dexsim.testing.properties import XYK, Candidate
from tests.mutants.broken_properties import BREAKS
from tests.mutants.catalogue import MUTANTS
from tests.mutants.equivalent import EQUIVALENT
from tests.mutants.mutant import Mutant

CASES = [
    pytest.param(mutant, id=mutant.name, marks=() if mutant.always else pytest.mark.long)
    for mutant in MUTANTS
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One for all: what a fault leaves alone is compiled once."""
    return tmp_path_factory.mktemp("faulty") / "contracts"


def judged(folder: Path, mutants: Sequence[Mutant], *only: str, effort: float = 1.0) -> Report:
    """The verdicts on an exchange with these faults; on all properties unless some are named."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(sources_folder(), folder)
    for mutant in mutants:
        mutant.apply(folder)
    files = {name: str(folder / f"{name}.vy") for name in ("pool", "factory", "router", "token")}
    return check(Candidate(**files), sets=["xyk"], only=only, shrinks=False, effort=effort)


@pytest.mark.parametrize("mutant", CASES)
def test_the_fault_breaks_the_property_that_names_it(mutant: Mutant, folder: Path) -> None:
    (verdict,) = judged(folder, [mutant], BREAKS[mutant.name]).verdicts
    assert verdict.outcome == BROKEN


@pytest.mark.long
def test_without_a_fault_the_property_is_kept(folder: Path) -> None:
    (verdict,) = judged(folder, [], "P31").verdicts
    assert verdict.outcome == KEPT


@pytest.mark.long
def test_what_cannot_be_seen_breaks_nothing(folder: Path) -> None:
    assert not judged(folder, EQUIVALENT, effort=0.3).of(BROKEN)


def test_every_fault_has_the_property_that_it_breaks() -> None:
    assert set(BREAKS) == {mutant.name for mutant in MUTANTS}
    assert set(BREAKS.values()) <= {each.id for each in XYK}
