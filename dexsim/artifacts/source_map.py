"""Where in the sources an instruction comes from, and what functions and statements there are."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A piece of a source file: lines from 1, columns from 0, the end column behind the last character."""

    file: int
    line: int
    column: int
    end_line: int
    end_column: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One statement of a function.

    kind: as Vyper's syntax tree names it ("Assert", "If", "Return", ...).
    span: of a compound statement its head alone. body: of what is inside.
    """

    kind: str
    span: Span
    body: tuple[Statement, ...] = ()
    orelse: tuple[Statement, ...] = ()

    def inside(self) -> Iterator[Statement]:
        """This statement and those in it, in the order of the source."""
        yield self
        for each in (*self.body, *self.orelse):
            yield from each.inside()


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFunction:
    """A function of a source file. external: whether it can be called from outside, or is the constructor."""

    name: str
    span: Span
    external: bool
    statements: tuple[Statement, ...]

    def all_statements(self) -> Iterator[Statement]:
        """Every statement, inner ones too."""
        for each in self.statements:
            yield from each.inside()


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFile:
    """A file that went into a contract. path: where it was read."""

    path: Path
    text: str
    functions: tuple[SourceFunction, ...]

    @property
    def lines(self) -> list[str]:
        """Its lines without their ends."""
        return self.text.splitlines()


@dataclass(frozen=True, kw_only=True)
class CodeMap:
    """One code's instructions, by position.

    spans: where an instruction comes from; what the compiler adds of its own has no entry.
    checks: what the compiler's own checks are for, at their reverts.
    """

    spans: Mapping[int, Span]
    checks: Mapping[int, str]

    @cached_property
    def _positions(self) -> list[int]:
        return sorted(self.spans)

    def span_near(self, position: int) -> Span | None:
        """The span of an instruction, or of the last one before it that has any."""
        index = bisect_right(self._positions, position)
        return self.spans[self._positions[index - 1]] if index else None


@dataclass(frozen=True, kw_only=True)
class SourceMap:
    """Sources of a contract, and the maps of its init code and of its code on chain."""

    files: Mapping[int, SourceFile]
    creation: CodeMap
    runtime: CodeMap

    def function_at(self, span: Span) -> SourceFunction | None:
        """The function that a span lies in; None for what stands outside of all, as getters do."""
        for function in self.files[span.file].functions:
            if function.span.line <= span.line <= function.span.end_line:
                return function
        return None

    def text(self, span: Span) -> str:
        """The first line of a span, without its indentation."""
        return self.files[span.file].lines[span.line - 1].strip()
