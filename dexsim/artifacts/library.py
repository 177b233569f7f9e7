"""Where artifacts come from: those that ship with dexsim, and a cache for everybody's own.

The shipped ones are committed as JSON, so that nobody compiles them to run a
scenario; a test keeps them equal to their sources.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import replace
from functools import cache
from pathlib import Path

from dexsim.artifacts.artifact import Artifact
from dexsim.artifacts.source_map import SourceMap
from dexsim.errors import ArtifactError

_PACKAGE = Path(__file__).resolve().parent.parent
SHIPPED = _PACKAGE / "artifacts" / "shipped"
"""Folder of the committed artifacts."""


def sources_folder() -> Path:
    """Folder of dexsim's own Vyper sources: in the wheel, or beside the package in a checkout."""
    packaged = _PACKAGE / "contracts"
    return packaged if packaged.is_dir() else _PACKAGE.parent / "contracts"


@cache
def shipped(name: str) -> Artifact:
    """One of dexsim's own contracts, for example "pool". Raises ArtifactError naming all of them."""
    file = SHIPPED / f"{name}.json"
    if not file.is_file():
        known = ", ".join(sorted(path.stem for path in SHIPPED.glob("*.json")))
        raise ArtifactError(f"no contract {name!r} ships with dexsim; there are: {known}")
    artifact = Artifact.from_json(file.read_text(), where=file.name)
    return _seen(artifact, sources_folder() / f"{name}.vy")


def load(path: str | os.PathLike[str]) -> Artifact:
    """A contract from a file: Vyper source (compiled once, then cached) or compiled JSON.

    Raises ArtifactError naming the file and what is wrong with it.
    """
    file = Path(path)
    if not file.is_file():
        raise ArtifactError(f"{file}: no such file")
    if file.suffix == ".json":
        return _seen(Artifact.from_json(file.read_text(), where=str(file)), None)
    if file.suffix != ".vy":
        raise ArtifactError(f"{file}: expected Vyper source (.vy) or a compiled artifact (.json)")
    return _seen(_cached(file) or _compile(file), file)


def cache_folder() -> Path:
    """Where compiled user contracts are kept: DEXSIM_CACHE, or the user's cache folder."""
    own = os.environ.get("DEXSIM_CACHE")
    if own:
        return Path(own)
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "dexsim"


def _cache_file(file: Path) -> Path:
    from importlib.metadata import version

    key = f"{file.resolve()}\0vyper {version('vyper')}"
    return cache_folder() / f"{file.stem}-{hashlib.sha256(key.encode()).hexdigest()[:16]}.json"


def _cached(file: Path) -> Artifact | None:
    """The cached artifact while all of its sources are as they were, else None."""
    try:
        artifact = Artifact.from_json(_cache_file(file).read_text())
        for name, digest in artifact.sources.items():
            if hashlib.sha256((file.parent / name).read_bytes()).hexdigest() != digest:
                return None
    except (OSError, RuntimeError, ArtifactError):
        return None  # no cache, no home, or a damaged entry: compile again
    return artifact


def _compile(file: Path) -> Artifact:
    from dexsim.artifacts.compiler import compile_file

    artifact = compile_file(file)
    try:
        target = _cache_file(file)
        target.parent.mkdir(parents=True, exist_ok=True)
        part = target.with_suffix(f".{os.getpid()}.part")
        part.write_text(artifact.to_json())
        part.replace(target)
    except (OSError, RuntimeError):
        pass  # a user without a writable home still works, compiling each time
    return artifact


# Every artifact that this process has met, newest last: code on chain does not say what it is.
_met: dict[bytes, Artifact] = {}


def _seen(artifact: Artifact, source: Path | None) -> Artifact:
    known = replace(artifact, source=source)
    _met[artifact.bytecode] = known
    return known


def artifact_of_code(code: bytes) -> Artifact | None:
    """The artifact that a code on chain, or an init code, was made from; None for a stranger's.

    Immutables and constructor arguments follow the compiled code, so that it is looked for at
    the beginning.
    """
    for name in sorted(path.stem for path in SHIPPED.glob("*.json")):
        shipped(name)
    found = [
        artifact
        for artifact in _met.values()
        if code.startswith(artifact.bytecode)
        or (artifact.runtime and code.startswith(artifact.runtime))
    ]
    return max(found, key=lambda artifact: len(artifact.runtime), default=None)


def source_map_of(artifact: Artifact) -> SourceMap:
    """The source map of an artifact, compiled anew.

    Raises ArtifactError when its source is not there, or is no longer what it was compiled from.
    """
    if artifact.source is None:
        raise ArtifactError(f"the source of {artifact.name} is not known")
    from dexsim.artifacts.compiler import map_sources

    if load(artifact.source) != artifact:
        raise ArtifactError(f"{artifact.source} has changed since it was compiled")
    return map_sources(artifact.source)
