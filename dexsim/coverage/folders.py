"""Which source files a report is about."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

_FOREIGN = {"site-packages", "dist-packages", "node_modules"}


def is_below(path: Path, folders: Sequence[Path]) -> bool:
    """Whether a file belongs to one of the folders, and is not installed there; to none: always."""
    return not folders or any(_belongs(path, folder.resolve()) for folder in folders)


def _belongs(path: Path, folder: Path) -> bool:
    return path.is_relative_to(folder) and not _FOREIGN & set(path.relative_to(folder).parts)


def sources_below(folders: Iterable[Path]) -> Iterator[Path]:
    """Every Vyper file of the folders, hidden folders left out; interfaces hold no code."""
    for folder in folders:
        top = folder.resolve()
        for path in top.rglob("*.vy"):
            hidden = any(part.startswith(".") for part in path.relative_to(top).parts)
            if not hidden and _belongs(path, top):
                yield path.resolve()
