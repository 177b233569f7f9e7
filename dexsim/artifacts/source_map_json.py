"""A source map as JSON, without the texts of its files: their hashes stand for them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from dexsim.artifacts.source_map import (
    CodeMap,
    SourceFile,
    SourceFunction,
    SourceMap,
    Span,
    Statement,
)
from dexsim.errors import ArtifactError


def to_json(source_map: SourceMap, folder: Path) -> str:
    """The map as JSON; files in the contract's folder by their path in it."""
    fields = {
        "files": {number: _file(file, folder) for number, file in source_map.files.items()},
        "creation": _code(source_map.creation),
        "runtime": _code(source_map.runtime),
    }
    return json.dumps(fields, separators=(",", ":"))


def from_json(text: str, folder: Path) -> SourceMap:
    """The map that `to_json` wrote.

    Raises ArtifactError when the text is damaged, or a file is not what it was.
    """
    try:
        fields = json.loads(text)
        return SourceMap(
            files={
                int(number): _read_file(file, folder) for number, file in fields["files"].items()
            },
            creation=_read_code(fields["creation"]),
            runtime=_read_code(fields["runtime"]),
        )
    except (ValueError, KeyError, TypeError, AttributeError, OSError) as error:
        raise ArtifactError(f"a damaged source map: {error}") from None


def _file(file: SourceFile, folder: Path) -> dict[str, Any]:
    inside = file.path.resolve().is_relative_to(folder.resolve())
    path = file.path.resolve().relative_to(folder.resolve()) if inside else file.path.resolve()
    return {
        "path": path.as_posix(),
        "sha256": hashlib.sha256(file.text.encode()).hexdigest(),
        "functions": [_function(each) for each in file.functions],
    }


def _read_file(fields: Mapping[str, Any], folder: Path) -> SourceFile:
    path = folder / fields["path"]
    content = path.read_bytes()
    if hashlib.sha256(content).hexdigest() != fields["sha256"]:
        raise ValueError(f"{path} has changed")
    functions = tuple(_read_function(each) for each in fields["functions"])
    return SourceFile(path=path, text=content.decode(), functions=functions)


def _function(function: SourceFunction) -> list[Any]:
    statements = [_statement(each) for each in function.statements]
    return [function.name, _numbers(function.span), function.external, statements]


def _read_function(fields: Sequence[Any]) -> SourceFunction:
    name, span, external, statements = fields
    return SourceFunction(
        name=str(name),
        span=Span(*span),
        external=bool(external),
        statements=tuple(_read_statement(each) for each in statements),
    )


def _statement(statement: Statement) -> list[Any]:
    body = [_statement(each) for each in statement.body]
    orelse = [_statement(each) for each in statement.orelse]
    return [statement.kind, _numbers(statement.span), body, orelse]


def _read_statement(fields: Sequence[Any]) -> Statement:
    kind, span, body, orelse = fields
    return Statement(
        kind=str(kind),
        span=Span(*span),
        body=tuple(_read_statement(each) for each in body),
        orelse=tuple(_read_statement(each) for each in orelse),
    )


def _numbers(span: Span) -> list[int]:
    return [span.file, span.line, span.column, span.end_line, span.end_column]


def _code(code: CodeMap) -> dict[str, Any]:
    return {
        "spans": {position: _numbers(span) for position, span in code.spans.items()},
        "checks": dict(code.checks),
    }


def _read_code(fields: Mapping[str, Any]) -> CodeMap:
    return CodeMap(
        spans={int(position): Span(*span) for position, span in fields["spans"].items()},
        checks={int(position): str(word) for position, word in fields["checks"].items()},
    )
