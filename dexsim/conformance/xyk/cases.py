"""Directed cases: short histories at the boundaries, which drawn ones meet too seldom.

A case is a function of a fresh machine, under the id of the promise that it looks at. It begins with
empty pools, moves chain and model together like any rule, and everything that has to hold after a
step is looked at when it is done.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

from dexsim.conformance.history import Step, step
from dexsim.conformance.keeping import Broken
from dexsim.conformance.xyk.bench import Bench
from dexsim.conformance.xyk.routes import RouterMachine
from dexsim.errors import Reverted


@dataclass(frozen=True)
class Case:
    """One of them. promise: an id. says: what is promised here."""

    promise: str
    name: str
    says: str
    play: Callable[[CaseMachine], None]


CASES: dict[str, Case] = {}
"""By name."""
Play = Callable[..., None]


def case(promise: str, *values: Any) -> Callable[[Play], Play]:
    """Add a case under its function's name; with values one for each, which the function is given."""

    def add(play: Play) -> Play:
        if not values:
            _add(Case(promise, play.__name__, play.__doc__ or "", play))
        for number, value in enumerate(values, 1):
            name = f"{play.__name__} {number}"
            _add(Case(promise, name, play.__doc__ or "", partial(play, value=value)))
        return play

    return add


def _add(each: Case) -> None:
    assert each.name not in CASES, each.name
    CASES[each.name] = each


class CaseMachine(RouterMachine):
    """Plays cases; nothing is drawn."""

    told_as = "boundaries"
    watches = ("P06", "P08", "P22", "P29", "P30")

    @classmethod
    def looks_at(cls) -> frozenset[str]:
        """The promises that cases are for, and whatever else may break on their way."""
        return super().looks_at() | {each.promise for each in CASES.values()}

    @classmethod
    def histories(cls) -> list[list[Step]]:
        """One case each: first those for what is wanted, which others may find broken on their way too."""
        trial = cls.trial
        wanted = trial.wanted or frozenset()
        asked = [each for each in CASES.values() if each.promise not in trial.forgiven]
        asked.sort(key=lambda each: each.promise not in wanted)
        return [[("play", {"case": each.name})] for each in asked]

    @step
    def play(self, case: str) -> None:
        """One case."""
        chosen = CASES[case]
        try:
            chosen.play(self)
        except Reverted as error:
            raise Broken(f"{chosen.promise}: an answer, and not: {error}") from error
        self.promises_hold()
        self.record.kept[chosen.promise] += 1

    @contextmanager
    def beside(self) -> Iterator[Bench]:
        """A bench on the machine's chain, for what no model follows; it is undone in the end."""
        self.tell("beside the model, and undone:")
        with self.stage.chain.anchor():
            yield Bench(self.stage, self.says, self.tell)

    def filled(self, first: tuple[int, int] = (10**18, 4 * 10**18)) -> None:
        """Alice has made the first deposit."""
        self.pay("alice", first)
        self.do("P20", "mint", "alice", "pool", "alice")
        self.promises_hold()
