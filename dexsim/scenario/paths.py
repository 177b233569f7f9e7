"""Paths in a scenario's plain data: the key `path`, and kinds of the form "./file.py:Class"."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from dexsim.scenario.plugins.classes import names_file


def anchored(table: Mapping[str, Any], folder: Path) -> dict[str, Any]:
    """The same data with every relative path made absolute, as seen from a folder."""
    return with_paths(table, lambda path: str((folder / Path(path).expanduser()).resolve()))


def paths_in(table: Mapping[str, Any]) -> list[str]:
    """Every path, in order, each once."""
    found: dict[str, None] = {}

    def note(path: str) -> str:
        found[path] = None
        return path

    with_paths(table, note)
    return list(found)


def with_paths(table: Mapping[str, Any], change: Callable[[str], str]) -> dict[str, Any]:
    """The same data with every path changed."""
    return {key: _changed(key.rpartition(".")[2], each, change) for key, each in table.items()}


def _changed(key: str, value: Any, change: Callable[[str], str]) -> Any:
    if isinstance(value, Mapping):
        return with_paths(value, change)
    if not isinstance(value, str):
        return value
    if key == "path":
        return change(value)
    if key == "kind" and names_file(value):
        file, _, name = value.rpartition(":")
        return f"{change(file)}:{name}"
    return value
