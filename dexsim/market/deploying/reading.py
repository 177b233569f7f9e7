"""Plans from TOML files: those that ship with dexsim, and anybody's own."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from dexsim.description import check_name, unknown
from dexsim.errors import ScenarioError
from dexsim.market.deploying.described import TOKEN_KINDS, Call, Described, Own
from dexsim.market.deploying.drafting import draft
from dexsim.market.deploying.plan import Recipe
from dexsim.market.world import Gauge, Market, Venue

SCHEMA = 1
FOLDER = Path(__file__).resolve().parent / "plans"
"""Of the plans that ship with dexsim."""

_SECTIONS = ("tokens", "venues", "markets", "gauges", "contracts", "calls")
_KEYS = ("schema", "about", *_SECTIONS)


def names() -> list[str]:
    """The plans that ship with dexsim."""
    return sorted(path.stem for path in FOLDER.glob("*.toml"))


def text_of(name: str) -> str:
    """A shipped plan's file, with its comments."""
    return (FOLDER / f"{name}.toml").read_text("utf-8")


def recipe(name_or_path: str | os.PathLike[str]) -> Recipe:
    """A plan that ships with dexsim by its name, or one's own by its file.

    Raises ScenarioError naming file, key, value and what is allowed.
    """
    if isinstance(name_or_path, str) and name_or_path in names():
        return _recipe(name_or_path, read(text_of(name_or_path), file=name_or_path))
    path = Path(name_or_path)
    text = _text(path)
    check_name(path.stem, str(path))
    return _recipe(path.stem, read(text, folder=path.parent, file=str(path)))


def read(text: str, *, folder: Path = Path(), file: str = "") -> Described:
    """A plan from a file's text. folder: what its relative paths are relative to."""
    try:
        return _built(tomllib.loads(text), folder)
    except tomllib.TOMLDecodeError as error:
        raise ScenarioError(f"is not TOML: {error}", file=file) from None
    except ScenarioError as error:
        raise error.within(file=file) from None


def _recipe(name: str, described: Described) -> Recipe:
    return Recipe(name, described.about, partial(draft, name, described))


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8")
    except FileNotFoundError:
        if path.suffix == ".toml" or len(path.parts) > 1:
            raise ScenarioError(
                f"there is no such file (looked from {Path.cwd()})", file=str(path)
            ) from None
        told = unknown(str(path), names(), "plan")
        raise ScenarioError(f"{told} (or the path of a TOML file)", key="PLAN") from None
    except OSError as error:
        raise ScenarioError(f"cannot be read: {error.strerror or error}", file=str(path)) from None
    except UnicodeDecodeError:
        raise ScenarioError("is not UTF-8 text", file=str(path)) from None


def _built(table: Mapping[str, Any], folder: Path) -> Described:
    for key in table:
        if key not in _KEYS:
            hint = "; this is a scenario: dexsim run runs it" if key in {"world", "agents"} else ""
            raise ScenarioError(unknown(key, _KEYS) + hint, key=key)
    if table.get("schema", SCHEMA) != SCHEMA:
        raise ScenarioError(f"is {table['schema']!r}; this version reads {SCHEMA}", key="schema")
    makers: dict[str, Callable[[dict[str, Any]], Any]] = {
        "tokens": _token,
        "venues": lambda fields: Venue(**fields),
        "markets": lambda fields: Market(**_anchored(fields, folder)),
        "gauges": lambda fields: Gauge(**fields),
        "contracts": lambda fields: Own(**_anchored(fields, folder)),
        "calls": lambda fields: Call(**fields),
    }
    parts = {key: _section(table.get(key, {}), key, makers[key]) for key in _SECTIONS}
    return Described(about=table.get("about", ""), **parts)


def _section(section: object, key: str, make: Callable[[dict[str, Any]], Any]) -> dict[str, Any]:
    if not isinstance(section, dict):
        raise ScenarioError(f"expected tables [{key}.NAME], not {section!r}", key=key)
    made = {}
    for name, fields in section.items():
        if not isinstance(fields, dict):
            raise ScenarioError(f"expected a table, not {fields!r}", key=f"{key}.{name}")
        try:
            made[name] = make(fields)
        except ScenarioError as error:
            raise error.within(f"{key}.{name}") from None
    return made


def _token(fields: dict[str, Any]) -> Any:
    rest = dict(fields)
    kind = rest.pop("kind", "erc20")
    if kind not in TOKEN_KINDS:
        raise ScenarioError(unknown(str(kind), list(TOKEN_KINDS), "kind"), key="kind")
    return TOKEN_KINDS[kind](**rest)


def _anchored(fields: dict[str, Any], folder: Path) -> dict[str, Any]:
    """With the path of a contract as seen from the plan's folder."""
    path = fields.get("contract")
    if not isinstance(path, str) or not _is_path(path):
        return fields
    return fields | {"contract": str((folder / Path(path).expanduser()).resolve())}


def _is_path(text: str) -> bool:
    """Rather than a shipped contract's name."""
    return "/" in text or text.endswith((".vy", ".json")) or ".json:" in text
