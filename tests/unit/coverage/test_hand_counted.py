"""Small contracts whose coverage was counted by hand."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from dexsim.artifacts.library import load
from dexsim.chain.accounts import Account
from dexsim.chain.chain import Chain
from dexsim.chain.watching import watching
from dexsim.coverage import FileCoverage, Visits, coverage_of
from dexsim.errors import Reverted
from dexsim.market.contract import Contract, blueprint_creation, created
from dexsim.market.contract import deploy as deploy_contract
from tests.unit.coverage.sources import SOURCES

ANNA = Account.named("anna")


@dataclass
class Bench:
    """A chain, and the folder with the sources of a case."""

    folder: Path
    chain: Chain

    def deploy(self, name: str, *args: Any) -> Contract:
        """A contract of the case."""
        return deploy_contract(self.chain, self.folder / f"{name}.vy", ANNA, *args)


@dataclass(frozen=True, kw_only=True)
class Case:
    """What is done, and by file what is to be found.

    statements: all there are. missed: lines of those that never ran.
    branches: all outcomes there can be. never: (line, outcome) of those that never were.
    """

    source: str
    does: Callable[[Bench], object]
    statements: int
    missed: list[int] = field(default_factory=list)
    branches: int = 0
    never: list[tuple[int, str]] = field(default_factory=list)
    file: str = "subject"


def calls(*what: tuple[Any, ...], args: tuple[Any, ...] = ()) -> Callable[[Bench], object]:
    """Deploy the subject, and call functions of it; those that are refused are."""

    def does(bench: Bench) -> None:
        subject = bench.deploy("subject", *args)
        for name, *values in what:
            with suppress(Reverted):
                getattr(subject.read, name)(*values)

    return does


def refused_creation(bench: Bench) -> None:
    """A constructor that refuses."""
    with pytest.raises(Reverted):
        bench.deploy("subject", 0)


def by_blueprint(bench: Bench) -> None:
    """The subject, made by another contract from its blueprint."""
    maker = bench.deploy("maker")
    artifact = bench.deploy("subject", 7)  # so that its artifact is known
    blueprint = created(
        bench.chain.send(blueprint_creation(load(bench.folder / "subject.vy"), ANNA))
    )
    bench.chain.send(maker.write.make(ANNA, blueprint, 11))
    assert artifact.read.x() == 7


def two_users(bench: Bench) -> None:
    """Two contracts that use one module, each one half of it."""
    bench.deploy("first").read.go(1)
    bench.deploy("second").read.go(1)


def one_user(bench: Bench) -> None:
    """One of them alone."""
    bench.deploy("first").read.go(1)


def sent(*what: tuple[Any, ...]) -> Callable[[Bench], object]:
    """Deploy the subject, and send it transactions."""

    def does(bench: Bench) -> None:
        subject = bench.deploy("subject")
        for name, *values in what:
            with suppress(Reverted):
                bench.chain.send(getattr(subject.write, name)(ANNA, *values))

    return does


CASES = {
    "nothing but the creation": Case(
        source="if",
        does=calls(),
        statements=3,
        missed=[3, 4, 5],
        branches=2,
        never=[(3, "true"), (3, "false")],
    ),
    "an if that is true": Case(
        source="if",
        does=calls(("go", 11)),
        statements=3,
        missed=[5],
        branches=2,
        never=[(3, "false")],
    ),
    "an if that is false": Case(
        source="if",
        does=calls(("go", 1)),
        statements=3,
        missed=[4],
        branches=2,
        never=[(3, "true")],
    ),
    "an if both ways": Case(
        source="if", does=calls(("go", 1), ("go", 11)), statements=3, branches=2
    ),
    "elif: the middle": Case(
        source="elif",
        does=calls(("go", 2)),
        statements=7,
        missed=[5, 9],
        branches=4,
        never=[(4, "true"), (6, "false")],
    ),
    "elif: the end": Case(
        source="elif",
        does=calls(("go", 3)),
        statements=7,
        missed=[5, 7],
        branches=4,
        never=[(4, "true"), (6, "true")],
    ),
    "elif: the first": Case(
        source="elif",
        does=calls(("go", 1)),
        statements=7,
        missed=[6, 7, 9],
        branches=4,
        never=[(4, "false"), (6, "true"), (6, "false")],
    ),
    "nested ifs": Case(
        source="nested",
        does=calls(("go", True, False)),
        statements=7,
        missed=[6, 9],
        branches=4,
        never=[(4, "false"), (5, "true")],
    ),
    "nested ifs, from outside": Case(
        source="nested",
        does=calls(("go", False, True)),
        statements=7,
        missed=[5, 6, 7],
        branches=4,
        never=[(4, "true"), (5, "true"), (5, "false")],
    ),
    "an empty block": Case(
        source="empty",
        does=calls(("go", 1)),
        statements=5,
        missed=[5, 6],
        branches=4,
        never=[(3, "false"), (5, "true"), (5, "false")],
    ),
    "an empty block passed by": Case(
        source="empty",
        does=calls(("go", 2)),
        statements=5,
        missed=[4, 7],
        branches=4,
        never=[(3, "true"), (5, "false")],
    ),
    "a loop of none": Case(
        source="loop",
        does=calls(("go", 0)),
        statements=4,
        missed=[5],
        branches=2,
        never=[(4, "entered")],
    ),
    "a loop of one": Case(source="loop", does=calls(("go", 1)), statements=4, branches=2),
    "a loop of many": Case(source="loop", does=calls(("go", 9)), statements=4, branches=2),
    "a loop over a list of none": Case(
        source="list",
        does=calls(("go", [])),
        statements=4,
        missed=[5],
        branches=2,
        never=[(4, "entered")],
    ),
    "a loop over a list": Case(source="list", does=calls(("go", [3, 4])), statements=4, branches=2),
    "a loop of a known length": Case(source="fixed", does=calls(("go",)), statements=4, branches=2),
    "break at once": Case(
        source="break",
        does=calls(("go", 0)),
        statements=8,
        missed=[7, 8, 9],
        branches=6,
        never=[(4, "ended"), (5, "false"), (7, "true"), (7, "false")],
    ),
    "continue": Case(
        source="break",
        does=calls(("go", 1)),
        statements=8,
        missed=[9],
        branches=6,
        never=[(4, "ended"), (7, "false")],
    ),
    "neither break nor continue": Case(
        source="break",
        does=calls(("go", 9)),
        statements=8,
        missed=[6, 8],
        branches=6,
        never=[(5, "true"), (7, "true")],
    ),
    "a return inside a loop": Case(
        source="early",
        does=calls(("go", 0)),
        statements=6,
        missed=[7, 8],
        branches=4,
        never=[(4, "ended"), (5, "false")],
    ),
    "no return inside a loop": Case(
        source="early",
        does=calls(("go", 99)),
        statements=6,
        missed=[6],
        branches=4,
        never=[(5, "true")],
    ),
    "a loop in a loop": Case(
        source="loops",
        does=calls(("go", 2, 0)),
        statements=5,
        missed=[6],
        branches=4,
        never=[(5, "entered")],
    ),
    "an internal function, called twice": Case(
        source="twice", does=calls(("go", 0)), statements=4, branches=2
    ),
    "an internal function, the same way twice": Case(
        source="twice",
        does=calls(("go", 50)),
        statements=4,
        missed=[6],
        branches=2,
        never=[(4, "false")],
    ),
    "a bare return, taken": Case(
        source="bare",
        does=sent(("go", 1)),
        statements=4,
        missed=[7],
        branches=2,
        never=[(5, "false")],
    ),
    "a bare return, not taken": Case(
        source="bare",
        does=sent(("go", 0)),
        statements=4,
        missed=[6],
        branches=2,
        never=[(5, "true")],
    ),
    "an internal function that nobody calls": Case(
        source="unused", does=calls(("go",)), statements=4, missed=[3, 4, 5]
    ),
    "asserts that pass": Case(
        source="assert",
        does=calls(("go", 1)),
        statements=4,
        branches=4,
        never=[(3, "refused"), (4, "refused")],
    ),
    "an assert without a reason that refuses": Case(
        source="assert",
        does=calls(("go", 0)),
        statements=4,
        missed=[4, 5, 6],
        branches=4,
        never=[(3, "passed"), (4, "passed"), (4, "refused")],
    ),
    "an assert with a reason that refuses": Case(
        source="assert",
        does=calls(("go", 101)),
        statements=4,
        missed=[5, 6],
        branches=4,
        never=[(3, "refused"), (4, "passed")],
    ),
    "an overflow is no refusal of the assert": Case(
        source="assert",
        does=calls(("go", 2**256 - 1)),
        statements=4,
        missed=[5, 6],
        branches=4,
        never=[(3, "refused"), (4, "passed"), (4, "refused")],
    ),
    "what cannot be reached is no decision": Case(
        source="unreachable", does=calls(("go", 1)), statements=2
    ),
    "nothing behind an assert that refuses": Case(
        source="behind",
        does=calls(("go", 0)),
        statements=2,
        missed=[4],
        branches=2,
        never=[(3, "passed")],
    ),
    "raise": Case(
        source="raise",
        does=calls(("go", 1)),
        statements=3,
        missed=[5],
        branches=2,
        never=[(3, "false")],
    ),
    "no raise": Case(
        source="raise",
        does=calls(("go", 0)),
        statements=3,
        missed=[4],
        branches=2,
        never=[(3, "true")],
    ),
    "a ternary is one statement": Case(source="ternary", does=calls(("go", True)), statements=1),
    "and, or: one decision": Case(
        source="logic",
        does=calls(("go", 1, 1)),
        statements=3,
        missed=[5],
        branches=2,
        never=[(3, "false")],
    ),
    "a default argument": Case(
        source="default",
        does=calls(("go",)),
        statements=3,
        missed=[5],
        branches=2,
        never=[(3, "false")],
    ),
    "a default argument given": Case(
        source="default",
        does=calls(("go", 1)),
        statements=3,
        missed=[4],
        branches=2,
        never=[(3, "true")],
    ),
    "a getter is no statement": Case(source="getter", does=calls(("x",)), statements=1, missed=[7]),
    "a lock": Case(source="lock", does=sent(("go",)), statements=2, missed=[10]),
    "a lock that refuses": Case(source="lock", does=sent(("again",)), statements=2, missed=[5]),
    "nothing in a function": Case(source="pass", does=sent(("go",)), statements=2, missed=[7]),
    "a parameter that is read again later": Case(
        source="later",
        does=calls(("go", 5)),
        statements=4,
        missed=[4, 5, 6],
        branches=4,
        never=[(3, "passed"), (4, "true"), (4, "false")],
    ),
    "left out by a constant": Case(source="constant", does=calls(("go",)), statements=3),
    "a constructor": Case(
        source="constructor",
        does=calls(args=(1,)),
        statements=5,
        missed=[12],
        branches=4,
        never=[(7, "refused"), (12, "true")],
    ),
    "a constructor that refuses": Case(
        source="constructor",
        does=refused_creation,
        statements=5,
        missed=[8, 12, 12, 13],
        branches=4,
        never=[(7, "passed"), (12, "true"), (12, "false")],
    ),
    "a constructor's internal function": Case(
        source="constructor",
        does=calls(args=(101,)),
        statements=5,
        missed=[13],
        branches=4,
        never=[(7, "refused"), (12, "false")],
    ),
    "made from a blueprint": Case(
        source="blueprint", does=by_blueprint, statements=3, branches=2, missed=[]
    ),
    "a maker of blueprints": Case(
        source="blueprint", does=by_blueprint, file="maker", statements=2
    ),
    "a module, used by one": Case(
        source="modules",
        does=one_user,
        file="shared",
        statements=4,
        missed=[4, 9],
        branches=2,
        never=[(3, "true")],
    ),
    "a module, used by two": Case(
        source="modules",
        does=two_users,
        file="shared",
        statements=4,
        missed=[4],
        branches=2,
        never=[(3, "true")],
    ),
    "several lines": Case(
        source="lines",
        does=calls(("go", 1)),
        statements=3,
        missed=[11],
        branches=2,
        never=[(3, "false")],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_coverage_is_what_was_counted_by_hand(name: str, tmp_path: Path) -> None:
    case = CASES[name]
    file = measured(case, tmp_path)[case.file]
    assert len(file.statements) == case.statements
    assert [each.line for each in file.statements if not each.hits] == case.missed
    assert file.branches == case.branches
    never = [(each.line, word) for each in file.statements for word in each.missing]
    assert never == case.never


def measured(case: Case, folder: Path) -> dict[str, FileCoverage]:
    """Coverage by file."""
    for name, text in SOURCES[case.source].items():
        (folder / f"{name}.vy").write_text(text)
    visits = Visits()
    with watching(visits):
        chain = Chain("pyevm", base_fee=0)
        chain.set_balance(ANNA, 10**24)
        case.does(Bench(folder, chain))
    files, left_out = coverage_of(visits, folder)
    assert left_out == ()
    return {file.path.stem: file for file in files}
