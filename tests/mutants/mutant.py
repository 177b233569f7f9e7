"""What a mutant is: a contract with one fault, and the test that has to notice it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Mutant:
    """One fault, made on purpose.

    name: the fault, as a sentence.
    file: in contracts/.
    find: a text that stands in the file exactly once.
    replace: what stands there instead.
    killed_by: the test in tests/contracts that names the fault, as a node id; none where it is no fault.
    always: whether it is tried in every run of the tests, not only in the long set.
    """

    name: str
    file: str
    find: str
    replace: str
    killed_by: str = ""
    always: bool = False

    def edited(self, text: str) -> str:
        """The file's text with the fault in it. Raises ValueError where its place is not there just once."""
        if (times := text.count(self.find)) != 1:
            raise ValueError(f"{self.name}: {self.file} has {times} times {self.find!r}")
        return text.replace(self.find, self.replace)

    def apply(self, contracts: Path) -> None:
        """Make the fault in a copy of contracts/. Raises ValueError as `edited` does."""
        path = contracts / self.file
        path.write_text(self.edited(path.read_text()))
