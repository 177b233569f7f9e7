"""What a flow is: a named operation, from its last preparation to its gas."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from dexsim.gas.stage import Stage

Run = Callable[[Stage], int]


@dataclass(frozen=True)
class Flow:
    """One operation that is measured.

    name: for people, and the key in the snapshot. run: prepares the stage, and returns the gas of the
    measured transaction. note: why it costs more than on Uniswap v2; empty where it does not.
    """

    group: str
    name: str
    run: Run
    note: str = ""


class Group:
    """The flows of one kind of operation, in the order in which they are written down."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.flows: list[Flow] = []

    def flow(self, name: str, *, note: str = "") -> Callable[[Run], Run]:
        """Make the function below a flow of this group."""

        def add(run: Run) -> Run:
            self.flows.append(Flow(self.name, name, run, note))
            return run

        return add
