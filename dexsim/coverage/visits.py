"""What ran, as positions in codes: cheap to note, and to be understood later."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from dexsim.artifacts.artifact import Artifact
from dexsim.artifacts.library import artifact_of_code
from dexsim.chain.types import CallFrame
from dexsim.chain.watching import Seen
from dexsim.errors import ArtifactError

_JUMPI = 0x57


@dataclass(frozen=True, slots=True, order=True)
class CodeName:
    """A code of a contract: its source file, keccak256 of its creation code in hexadecimal,
    and whether it is the creation code itself."""

    source: str
    init_code_hash: str
    creation: bool


@dataclass(slots=True)
class Trail:
    """Calls that ran an instruction, by position; and calls that went on from a JUMPI to a position."""

    positions: Counter[int] = field(default_factory=Counter)
    jumps: Counter[tuple[int, int]] = field(default_factory=Counter)

    def add(self, other: Trail) -> None:
        """Add another's counts."""
        self.positions.update(other.positions)
        self.jumps.update(other.jumps)


class Visits:
    """An observer (`dexsim.chain.watching`) that notes where contracts with known sources ran."""

    def __init__(self) -> None:
        self.trails: dict[CodeName, Trail] = {}
        self._names: dict[bytes, Artifact] = {}

    def __call__(self, seen: Seen) -> None:
        """Note a transaction or a read."""
        self.note(seen.frame)

    def note(self, frame: CallFrame) -> None:
        """Note a call tree that was traced with steps."""
        name = self._name(frame) if frame.steps and len(frame.steps.positions) else None
        if name is not None and frame.steps is not None:
            trail = self.trails.setdefault(name, Trail())
            positions, code = frame.steps.positions, frame.code
            trail.positions.update(set(positions))
            jumps = set(pairwise(positions))
            size = len(code)
            trail.jumps.update(jump for jump in jumps if jump[0] < size and code[jump[0]] == _JUMPI)
        for call in frame.calls:
            self.note(call)

    def _name(self, frame: CallFrame) -> CodeName | None:
        creation = frame.kind.startswith("CREATE")
        artifact = self._names.get(frame.code)
        if artifact is None:
            artifact = artifact_of_code(frame.code)
            if artifact is None:
                return None
            if not creation:  # init codes differ by their arguments, and come once
                self._names[frame.code] = artifact
        if artifact.source is None:
            return None
        return CodeName(str(artifact.source.resolve()), artifact.init_code_hash.hex(), creation)

    def add(self, other: Visits) -> None:
        """Add what another has noted."""
        for name, trail in other.trails.items():
            self.trails.setdefault(name, Trail()).add(trail)

    def to_json(self) -> str:
        """As text, for another process."""
        rows = [
            {
                "source": name.source,
                "init_code_hash": name.init_code_hash,
                "creation": name.creation,
                "positions": sorted(trail.positions.items()),
                "jumps": sorted((*jump, count) for jump, count in trail.jumps.items()),
            }
            for name, trail in sorted(self.trails.items(), key=lambda item: item[0])
        ]
        return json.dumps(rows)

    @classmethod
    def from_json(cls, text: str, *, where: str | Path = "visits") -> Visits:
        """Read it back. Raises ArtifactError for what is none."""
        visits = cls()
        try:
            for row in json.loads(text):
                name = CodeName(row["source"], row["init_code_hash"], row["creation"])
                trail = visits.trails.setdefault(name, Trail())
                trail.positions.update(dict(row["positions"]))
                trail.jumps.update({(jump, to): count for jump, to, count in row["jumps"]})
        except (ValueError, KeyError, TypeError) as error:
            raise ArtifactError(f"{where}: no visits: {error}") from None
        return visits
