"""The statements of a contract's sources, found by place."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from typing import TypeAlias

from dexsim.artifacts.source_map import SourceFile, SourceFunction, SourceMap, Span, Statement

Key: TypeAlias = tuple[int, int, int]
"""A statement or a function: number of its file, line and column of its beginning."""


def key_of(span: Span) -> Key:
    """The key of what begins where a span does."""
    return span.file, span.line, span.column


class Statements:
    """All statements of all files that hold code."""

    def __init__(self, source: SourceMap) -> None:
        self._statements: dict[Key, Statement] = {}
        self._ways: dict[Key, tuple[Key, str]] = {}
        self._functions: list[SourceFunction] = []
        for file in source.files.values():
            for function in functions_of(file):
                self._functions.append(function)
                for statement in function.statements:
                    self._enter(statement)
        self._keys = sorted(self._statements)

    def _enter(self, statement: Statement) -> None:
        key = key_of(statement.span)
        self._statements[key] = statement
        for block, outcome in ((statement.body, "true"), (statement.orelse, "false")):
            if block and statement.kind == "If":
                self._ways[key_of(block[0].span)] = key, outcome
            for each in block:
                self._enter(each)

    def __getitem__(self, key: Key) -> Statement:
        return self._statements[key]

    def __iter__(self) -> Iterator[Key]:
        return iter(self._keys)

    def at(self, span: Span) -> Key | None:
        """The statement that a span begins in, of nested ones the innermost."""
        index = bisect_right(self._keys, key_of(span))
        if not index:
            return None
        found = self._statements[self._keys[index - 1]].span
        inside = (span.line, span.column) < (found.end_line, found.end_column)
        return key_of(found) if inside and found.file == span.file else None

    def way_into(self, key: Key) -> tuple[Key, str] | None:
        """The `if` whose block begins with this statement, and when that block runs."""
        return self._ways.get(key)

    def function_at(self, span: Span) -> Key | None:
        """The function that begins where a span does."""
        return next(
            (key_of(each.span) for each in self._functions if key_of(each.span) == key_of(span)),
            None,
        )


def functions_of(file: SourceFile) -> tuple[SourceFunction, ...]:
    """A file's functions; of an interface none, which holds no code."""
    return file.functions if file.path.suffix == ".vy" else ()
