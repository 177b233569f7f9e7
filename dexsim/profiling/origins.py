"""Which contract a frame ran, and which line each of its instructions is of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dexsim.artifacts.abi import Interface
from dexsim.artifacts.artifact import Artifact
from dexsim.artifacts.library import artifact_of_code, source_map_of
from dexsim.artifacts.source_map import CodeMap, SourceMap
from dexsim.chain.types import CallFrame
from dexsim.errors import ArtifactError

_PRECOMPILES = 0x100


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """What gas is spent at: a line of a file, or something else with line 0."""

    what: str
    line: int = 0
    text: str = ""

    def __str__(self) -> str:
        return f"{self.what}:{self.line}" if self.line else self.what


class Origins:
    """Contracts and source maps by code, each looked up once."""

    def __init__(self) -> None:
        self._artifacts: dict[bytes, Artifact] = {}
        self._maps: dict[tuple[str, bytes], SourceMap | None] = {}
        self._interfaces: dict[bytes, Interface] = {}
        self._places: dict[int, dict[int, Place]] = {}  # by identity of maps that are kept above

    def name(self, frame: CallFrame) -> str:
        """The contract that ran: by name, or by address."""
        artifact = self._artifact(frame.code)
        if artifact is not None:
            return artifact.name
        address = frame.to or ""
        if address and int(address, 16) < _PRECOMPILES:
            return f"precompile {int(address, 16):#x}"
        return address

    def function(self, frame: CallFrame) -> str:
        """The function that was called."""
        if frame.kind.startswith("CREATE"):
            return "__init__"
        artifact = self._artifact(frame.code)
        if artifact is not None and frame.input:
            for overloads in self._interface(artifact).functions.values():
                for each in overloads:
                    if each.selector == frame.input[:4]:
                        return each.name
        return f"0x{frame.input[:4].hex()}" if frame.input else "receive"

    def places(self, frame: CallFrame) -> Sequence[Place] | None:
        """The place of every step; None where there are no steps or no sources.

        What the compiler adds belongs to the line before it, and to "dispatch" before the first.
        """
        found = self._map(frame)
        if frame.steps is None or found is None:
            return None
        known = self._places_of(*found)
        place = Place(f"{self.name(frame)}: dispatch")
        places = []
        for position in frame.steps.positions:
            place = known.get(position, place)
            places.append(place)
        return places

    def _places_of(self, source: SourceMap, code: CodeMap) -> dict[int, Place]:
        known = self._places.get(id(code))
        if known is None:
            known = self._places[id(code)] = {
                position: Place(source.files[span.file].path.name, span.line, source.text(span))
                for position, span in code.spans.items()
                if position  # the first instruction has the whole file as its place
            }
        return known

    def _artifact(self, code: bytes) -> Artifact | None:
        if code not in self._artifacts:
            found = artifact_of_code(code) if code else None
            if found is None:
                return None
            self._artifacts[code] = found
        return self._artifacts[code]

    def _interface(self, artifact: Artifact) -> Interface:
        return self._interfaces.setdefault(artifact.bytecode, Interface(artifact.abi))

    def _map(self, frame: CallFrame) -> tuple[SourceMap, CodeMap] | None:
        artifact = self._artifact(frame.code)
        if artifact is None:
            return None
        key = str(artifact.source), artifact.bytecode
        if key not in self._maps:
            try:
                self._maps[key] = source_map_of(artifact)
            except ArtifactError:
                self._maps[key] = None
        source = self._maps[key]
        if source is None:
            return None
        return source, source.creation if frame.kind.startswith("CREATE") else source.runtime
