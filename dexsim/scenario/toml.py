"""TOML as people write it: plain keys, sections, short tables on one line."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time
from typing import Any

_BARE = re.compile(r"[A-Za-z0-9_-]+", re.ASCII)

Section = tuple[tuple[str, ...], Mapping[str, Any]]
"""The path of a section and its keys; the empty path is the top of the file."""


def document(sections: Iterable[Section]) -> str:
    """A file of sections; what they hold stands on one line each."""
    return "\n".join(_section(path, table) for path, table in sections)


def _section(path: Sequence[str], table: Mapping[str, Any]) -> str:
    header = f"[{'.'.join(key(part) for part in path)}]\n" if path else ""
    return header + "".join(f"{key(name)} = {value(each)}\n" for name, each in table.items())


def key(name: str) -> str:
    """A key, in quotes where it needs them."""
    return name if _BARE.fullmatch(name) else _text(name)


def value(each: object) -> str:
    """A value on one line. Raises TypeError for what TOML has no form for."""
    if isinstance(each, str):
        return _text(each)
    if isinstance(each, bool):
        return str(each).lower()
    if isinstance(each, int | float):
        return repr(each)
    if isinstance(each, datetime | date | time):
        return each.isoformat()
    if isinstance(each, Mapping):
        inside = ", ".join(f"{key(name)} = {value(part)}" for name, part in each.items())
        return f"{{ {inside} }}" if inside else "{}"
    if isinstance(each, Sequence):
        return f"[{', '.join(value(part) for part in each)}]"
    raise TypeError(f"TOML has no form for {each!r}")


def _text(text: str) -> str:
    """A basic string: JSON's escapes are TOML's, but for the delete character."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007F")
