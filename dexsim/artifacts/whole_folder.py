"""A folder of generated files: written whole or not at all, and not over what somebody else wrote."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from tempfile import mkdtemp

from dexsim.errors import ArtifactError

_MARK = ".written-by-dexsim"
"""A file that lists its neighbours: what it does not list is somebody else's."""


def put(folder: Path, files: Mapping[str, str], *, force: bool = False) -> None:
    """Make a folder of these texts, by path within it; what was written so before is replaced.

    force: replace whatever else the folder holds too. Raises ArtifactError for a folder with other
    things in it, or that cannot be written or replaced: it is then as it was.
    """
    try:
        place = folder.resolve()  # through a link to what it leads to, which is what is replaced
        _check(folder, place, force)
        place.parent.mkdir(parents=True, exist_ok=True)
        beside = Path(mkdtemp(prefix=f".{place.name}.", dir=place.parent))
        try:
            _fill(beside / "new", files)
            _swap(place, beside)
            shutil.rmtree(beside / "old", ignore_errors=True)
        finally:
            shutil.rmtree(beside / "new", ignore_errors=True)
            with suppress(OSError):  # an old folder that could not go back stays in it
                beside.rmdir()
    except OSError as error:
        raise ArtifactError(f"{folder}: cannot be written: {error.strerror or error}") from None


def _check(folder: Path, place: Path, force: bool) -> None:
    if not place.exists():
        return
    if not place.is_dir():
        raise ArtifactError(f"{folder} is a file: give a folder's name")
    if Path.cwd().is_relative_to(place):
        # A shell left in a folder that is gone is of no use, and --force there takes a project away.
        raise ArtifactError(f"{folder} is where you are: give the name of a folder in it")
    other = None if force else next(_others(place), None)
    if other is not None:
        raise ArtifactError(
            f"{folder} is there and holds other things ({other}); --force replaces all of it"
        )


def _others(place: Path) -> Iterator[str]:
    """Files in a folder that `put` has not written."""
    mark = place / _MARK
    known = set(mark.read_text("utf-8", "replace").splitlines()) if mark.is_file() else set()
    for parent, folders, names in os.walk(place):
        links = [name for name in folders if Path(parent, name).is_symlink()]
        for name in [*names, *links]:
            path = Path(parent, name).relative_to(place).as_posix()
            if path not in known:
                yield path


def _fill(folder: Path, files: Mapping[str, str]) -> None:
    listed = {**files, _MARK: "".join(f"{path}\n" for path in sorted([*files, _MARK]))}
    folder.mkdir()
    for path, text in listed.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, "utf-8")


def _swap(place: Path, beside: Path) -> None:
    """The new folder to its place; the old one is out of the way first, and comes back on failure."""
    old = beside / "old"
    if place.exists():
        place.rename(old)
    try:
        (beside / "new").rename(place)
    except OSError:
        if old.exists():
            old.rename(place)
        raise
