"""Paths in a scenario's plain data: the key `path`, kinds of the form "./file.py:Class", a market's files."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from dexsim.plugins.classes import names_file


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


def with_paths(
    table: Mapping[str, Any], change: Callable[[str], str], place: str = ""
) -> dict[str, Any]:
    """The same data with every path changed. place: dotted keys that lead to the table."""
    return {key: _changed(f"{place}.{key}", each, change) for key, each in table.items()}


def _changed(place: str, value: Any, change: Callable[[str], str]) -> Any:
    if isinstance(value, Mapping):
        return with_paths(value, change, place)
    if not isinstance(value, str):
        return value
    key = place.rpartition(".")[2]
    of_market = ".world.markets." in place
    if key == "path" or (key == "contract" and of_market):
        return change(value)
    if (key == "kind" or (key == "adapter" and of_market)) and names_file(value):
        file, _, name = value.rpartition(":")
        return f"{change(file)}:{name}"
    return value
