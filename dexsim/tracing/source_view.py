"""Places in the sources: where a call stopped, and the internal functions that led there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from dexsim.artifacts.source_map import CodeMap, SourceFunction, SourceMap, Span
from dexsim.chain.types import CallFrame, Steps
from dexsim.tracing.checks import words_of_check
from dexsim.tracing.decoding import Call
from dexsim.tracing.witness import Witness

_AROUND = 2
# A failed check jumps to the code that reverts, which is a few instructions long.
_LAST_STEPS = 8


@dataclass(frozen=True, slots=True)
class Place:
    """A line in a source file."""

    source: SourceMap
    span: Span

    @property
    def function(self) -> str:
        """The function that the place is in, "" outside of all."""
        function = self.source.function_at(self.span)
        return function.name if function else ""

    @property
    def file(self) -> str:
        """The file's name."""
        return self.source.files[self.span.file].path.name

    @property
    def text(self) -> str:
        """The line, without its indentation."""
        return self.source.text(self.span)

    def excerpt(self) -> Iterator[str]:
        """The line with two lines around it, numbered, the line itself marked."""
        lines = self.source.files[self.span.file].lines
        first = max(1, self.span.line - _AROUND)
        last = min(len(lines), self.span.end_line + _AROUND)
        for number in range(first, last + 1):
            mark = ">" if self.span.line <= number <= self.span.end_line else " "
            yield f"{mark} {number:4} | {lines[number - 1]}".rstrip()

    def __str__(self) -> str:
        return f"{self.file}:{self.span.line}" + (f" in {self.function}" if self.function else "")


@dataclass(frozen=True, slots=True)
class Stop:
    """Where a call ended: the places, innermost first, and the compiler's check that failed, in words."""

    places: tuple[Place, ...]
    check: str


def stop_of(call: Call, witness: Witness) -> Stop | None:
    """Where a call ended; None without steps or without the sources."""
    steps = call.frame.steps
    source = witness.source_map(call.artifact) if call.artifact else None
    if steps is None or source is None:
        return None
    code = source.creation if call.kind.startswith("CREATE") else source.runtime
    places = [Place(source, span) for span in reversed(_spans_on_stack(source, code, steps))]
    check = _check(code, steps, call.frame) or _lock(source, code, steps)
    return Stop(tuple(places), check)


def _spans_on_stack(source: SourceMap, code: CodeMap, steps: Steps) -> list[Span]:
    """The last span of every function that had not returned, outermost first.

    Vyper knows no recursion: whoever comes up again was returned to.
    """
    functions: dict[Span, SourceFunction | None] = {}
    stack: list[tuple[SourceFunction, Span]] = []
    for position in steps.positions:
        span = code.spans.get(position)
        if span is None:
            continue
        if span not in functions:
            functions[span] = source.function_at(span)
        function = functions[span]
        if function is not None:
            _enter(stack, function, span)
    return [span for _, span in stack]


def _enter(stack: list[tuple[SourceFunction, Span]], function: SourceFunction, span: Span) -> None:
    # Identity, not equality: this runs for every instruction.
    while any(each is function for each, _ in stack):
        each, before = stack.pop()
        if each is function:
            stack.append((function, _narrower(function, span, before)))
            return
    stack.append((function, _clipped(function, span)))


def _narrower(function: SourceFunction, span: Span, before: Span) -> Span:
    """The newer of two spans, unless it is all of the function: code for entering and leaving."""
    return before if _is_all(function, span) else span


def _clipped(function: SourceFunction, span: Span) -> Span:
    if not _is_all(function, span):
        return span
    return Span(span.file, span.line, span.column, span.line, span.column + 1)


def _is_all(function: SourceFunction, span: Span) -> bool:
    return (span.line, span.end_line) == (function.span.line, function.span.end_line) and (
        span.column == function.span.column
    )


def _check(code: CodeMap, steps: Steps, frame: CallFrame) -> str:
    for position in reversed(steps.positions[-_LAST_STEPS:]):
        if position in code.checks:
            return words_of_check(code.checks[position], frame)
    return ""


def _lock(source: SourceMap, code: CodeMap, steps: Steps) -> str:
    """The one check that the compiler has no name for: it belongs to a function as a whole."""
    position = next((each for each in reversed(steps.positions) if each in code.spans), None)
    span = code.spans[position] if position is not None else None
    function = source.function_at(span) if span else None
    if span is None or function is None or not _is_all(function, span):
        return ""
    locked = "nonreentran" in source.files[span.file].text
    return "the lock against re-entry is taken" if locked else ""
