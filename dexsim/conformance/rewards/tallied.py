"""A machine that counts what its campaign did."""

from __future__ import annotations

from typing import ClassVar

from dexsim.conformance.history import Machine
from dexsim.conformance.rewards.tally import Tally


class TalliedMachine(Machine):
    """A machine with one tally for all its histories. promises: what it looks at after every step."""

    promises: ClassVar[set[str]]

    def __init__(self) -> None:
        super().__init__()
        counts = Tally(checked=self.trial.record.kept)
        self.tally: Tally = self.trial.notes.setdefault("tally", counts)

    @classmethod
    def looks_at(cls) -> frozenset[str]:
        """Its promises."""
        return frozenset(cls.promises)
