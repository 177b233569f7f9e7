"""The built-in scenarios: one TOML file each, shipped with the package."""

from __future__ import annotations

from pathlib import Path

FOLDER = Path(__file__).resolve().parent


def names() -> list[str]:
    """The built-in scenarios' names, sorted."""
    return sorted(file.stem for file in FOLDER.glob("*.toml"))


def built_in(name: str) -> Path:
    """A built-in scenario's file."""
    return FOLDER / f"{name}.toml"
