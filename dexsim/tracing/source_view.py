"""The line of source at which a call was refused, with its neighbours."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from dexsim.artifacts.source_map import CodeMap, SourceMap, Span
from dexsim.tracing.decoding import Call
from dexsim.tracing.witness import Witness

_AROUND = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a call stopped. check: the compiler's own check that failed, "" for none of those."""

    source: SourceMap
    span: Span
    check: str

    @property
    def function(self) -> str:
        """The function that the place is in, "" outside of all."""
        function = self.source.function_at(self.span)
        return function.name if function else ""

    def excerpt(self) -> Iterator[str]:
        """The line with two lines around it, numbered, the line itself marked."""
        lines = self.source.files[self.span.file].lines
        first = max(1, self.span.line - _AROUND)
        last = min(len(lines), self.span.end_line + _AROUND)
        for number in range(first, last + 1):
            mark = ">" if self.span.line <= number <= self.span.end_line else " "
            yield f"{mark} {number:4} | {lines[number - 1]}".rstrip()

    def __str__(self) -> str:
        file = self.source.files[self.span.file].path.name
        return f"{file}:{self.span.line}" + (f" in {self.function}" if self.function else "")


def origin(call: Call) -> Call:
    """The innermost call whose failure is the failure of this one."""
    for inner in reversed(call.calls):
        if inner.error and inner.frame.output == call.frame.output:
            return origin(inner)
    return call


def place_of(call: Call, witness: Witness) -> Place | None:
    """Where a call ended; None without steps or without the sources."""
    steps = call.frame.steps
    source = witness.source_map(call.artifact) if call.artifact else None
    if steps is None or source is None:
        return None
    code = source.creation if call.kind.startswith("CREATE") else source.runtime
    for position in reversed(steps.positions):
        if position in code.spans:
            return Place(
                source=source, span=code.spans[position], check=_check(code, steps.positions)
            )
    return None


def _check(code: CodeMap, positions: object) -> str:
    last = list(positions)[-1]  # type: ignore[call-overload]
    word = code.checks.get(last, "")
    return "" if word.startswith("user ") else word
