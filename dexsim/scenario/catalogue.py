"""What there is to start from: the built-in scenarios, and a commented file of one's own."""

from __future__ import annotations

import re
from pathlib import Path

from dexsim.errors import ScenarioError
from dexsim.scenario.library import names
from dexsim.scenario.reading import load
from dexsim.scenario.scenario import Experiment

_TEMPLATE = Path(__file__).resolve().parent / "template.toml"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*", re.ASCII)


def catalogue() -> list[tuple[str, str]]:
    """The built-in scenarios by name, each with its claim, or its title where it tests none."""
    return [(name, _told(name)) for name in names()]


def template(name: str) -> str:
    """A scenario file to start from: it runs as it is, and every key is explained.

    Raises ScenarioError for a name that is not made of letters, digits, "_" and "-".
    """
    if not _NAME.fullmatch(name):
        raise ScenarioError(f"a name has letters, digits, _ and - in it, unlike {name!r}")
    return (
        _TEMPLATE.read_text("utf-8")
        .replace("NAME.toml", f"{name}.toml")
        .replace("# NAME:", f"# {name}:")
        .replace('"NAME"', f'"{name}"')
    )


def _told(name: str) -> str:
    found = load(name)
    return (found.claim or found.base.title) if isinstance(found, Experiment) else found.title
