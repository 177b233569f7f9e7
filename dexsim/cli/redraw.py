"""Where two drawings of the same scenario and seed part."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from dexsim.results.run import Run

_NOT_DRAWN = "run_id"


def first_difference(saved: Run, again: Run, tables: Iterable[str]) -> str:
    """The first row of these tables that differs, in words; "" for none."""
    for name in tables:
        before, now = _rows(saved, name), _rows(again, name)
        for number, (old, new) in enumerate(zip(before, now, strict=False)):
            changed = [key for key in new if old.get(key) != new[key]]
            if changed:
                return _told(name, number, old, new, changed[0])
        if len(before) != len(now):
            return f"{name}: {len(now)} rows, saved {len(before)}"
    return ""


def manifest_difference(saved: Run, again: Run) -> str:
    """The first thing that the manifests say differently of an arm, or of the contracts; "" for none."""
    for part in ("arms", "contracts", "title", "state_root"):
        before, now = saved.manifest.get(part), again.manifest.get(part)
        if before != now:
            return f"run.json differs in {_path(part, before, now)}"
    return ""


def _path(key: str, before: Any, now: Any) -> str:
    """The dotted path of the first entry that differs."""
    if isinstance(before, dict) and isinstance(now, dict):
        for name in now:
            if before.get(name) != now[name]:
                return _path(f"{key}.{name}", before.get(name), now[name])
    return key


def _rows(run: Run, name: str) -> list[dict[str, Any]]:
    table = run.table(name)
    return [
        {key: value for key, value in row.items() if key != _NOT_DRAWN} for row in table.to_pylist()
    ]


def _told(name: str, number: int, old: dict[str, Any], new: dict[str, Any], key: str) -> str:
    place = f"{name}, row {number} (arm {old['arm']}, block {old.get('block', 'all')})"
    return f"{place}: {key} is {new.get(key)}, saved {old.get(key)}"
