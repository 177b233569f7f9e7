"""Vyper's syntax tree, as its compiler prints it, to functions and statements."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from dexsim.artifacts.source_map import SourceFunction, Span, Statement

_EXTERNAL = {"external", "deploy"}


def functions_of(tree: Mapping[str, Any], file: int) -> tuple[SourceFunction, ...]:
    """The functions of a module's tree (`-f ast`), bodies of interfaces left out."""
    found = (node for node in tree["ast"]["body"] if node["ast_type"] == "FunctionDef")
    return tuple(_function(node, file) for node in found)


def _function(node: Mapping[str, Any], file: int) -> SourceFunction:
    decorators = {each.get("id") for each in node["decorator_list"]}
    return SourceFunction(
        name=node["name"],
        span=_span(node, file),
        external=bool(decorators & _EXTERNAL),
        statements=_statements(node["body"], file),
    )


def _statements(nodes: Iterable[Mapping[str, Any]], file: int) -> tuple[Statement, ...]:
    return tuple(_statement(node, file) for node in nodes)


def _statement(node: Mapping[str, Any], file: int) -> Statement:
    body = _statements(_block(node, "body"), file)
    return Statement(
        kind=node["ast_type"],
        span=_head(node, file) if body else _span(node, file),
        body=body,
        orelse=_statements(_block(node, "orelse"), file),
    )


def _block(node: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    # An expression can have a body too (a ternary): that one is no list.
    block = node.get(name)
    return block if isinstance(block, list) else []


def _span(node: Mapping[str, Any], file: int) -> Span:
    return Span(
        file, node["lineno"], node["col_offset"], node["end_lineno"], node["end_col_offset"]
    )


def _head(node: Mapping[str, Any], file: int) -> Span:
    """Of an `if` its condition, of a `for` its target and what it runs over."""
    last = node["test"] if node["ast_type"] == "If" else node["iter"]
    return Span(
        file, node["lineno"], node["col_offset"], last["end_lineno"], last["end_col_offset"]
    )
