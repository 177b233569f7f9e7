"""Where artifacts come from: those that ship with dexsim, and a cache for everybody's own.

The shipped ones are committed as JSON, so that nobody compiles them to run a
scenario; a test keeps them equal to their sources.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path

from dexsim.artifacts.artifact import Artifact
from dexsim.artifacts.missing_modules import MissingModule
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

    "out.json:Name" is one contract of a compiler's whole output. Text with a line break in it is
    no path but Vyper source itself.
    Raises ArtifactError naming the file and what is wrong with it.
    """
    if is_source(path):
        return _load_text(str(path))
    named, contract = _named(os.fspath(path))
    file = Path(named)
    if not file.is_file():
        raise ArtifactError(f"{file}: no such file")
    if file.suffix == ".json":
        return _seen(Artifact.from_json(file.read_text(), where=named, contract=contract), None)
    if file.suffix != ".vy":
        raise ArtifactError(f"{file}: expected Vyper source (.vy) or a compiled artifact (.json)")
    return _seen(_remembered(file) or _cached(file) or _compile(file), file)


def _named(path: str) -> tuple[str, str]:
    """A path and the contract that it names: "out.json:src/a.sol:A" is A of src/a.sol in out.json."""
    before, mark, contract = path.partition(".json:")
    return (f"{before}.json", contract) if mark else (path, "")


def is_source(what: object) -> bool:
    """Whether a text is Vyper source rather than a path: it has more than one line."""
    return isinstance(what, str) and "\n" in what


def _load_text(source: str) -> Artifact:
    # It is known by its text alone: the same text in another folder would mean other modules.
    try:
        return load(_written(source))
    except MissingModule as error:
        raise ArtifactError(
            f"source text, line {error.line}: module {error.module} not found: "
            "source text cannot import modules beside a file; give the file's path instead"
        ) from None


def _written(source: str) -> Path:
    """A source text as a file, so that traces and coverage can show its lines."""
    digest = hashlib.sha256(source.encode()).hexdigest()[:16]
    for folder in (cache_folder, _temporary_folder):
        try:
            file = folder() / "sources" / digest / "source.vy"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(source)
        except (OSError, RuntimeError):
            continue
        return file
    raise ArtifactError("neither the cache folder nor a temporary one can hold a source text")


@cache
def _temporary_folder() -> Path:
    return Path(tempfile.mkdtemp(prefix="dexsim-"))


def cache_folder() -> Path:
    """Where compiled user contracts are kept: DEXSIM_CACHE, or the user's cache folder."""
    own = os.environ.get("DEXSIM_CACHE")
    if own:
        return Path(own)
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "dexsim"


@cache
def _vyper_version() -> str:
    from importlib.metadata import version

    return version("vyper")


def _cache_file(file: Path) -> Path:
    key = f"{file.resolve()}\0vyper {_vyper_version()}"
    return cache_folder() / f"{file.stem}-{hashlib.sha256(key.encode()).hexdigest()[:16]}.json"


def _cached(file: Path) -> Artifact | None:
    """The cached artifact while all of its sources are as they were, else None."""
    try:
        artifact = Artifact.from_json(_cache_file(file).read_text())
        return artifact if _is_current(artifact, file) else None
    except (OSError, RuntimeError, ArtifactError):
        return None  # no cache, no home, or a damaged entry: compile again


def _is_current(artifact: Artifact, file: Path) -> bool:
    """Whether every source that went in is as it was. Raises OSError when one is gone."""
    return all(
        hashlib.sha256((file.parent / name).read_bytes()).hexdigest() == digest
        for name, digest in artifact.sources.items()
    )


def _remembered(file: Path) -> Artifact | None:
    """What this process has compiled or read already: a suite deploys a contract again and again."""
    artifact = _by_file.get(file.resolve())
    try:
        return artifact if artifact is not None and _is_current(artifact, file) else None
    except OSError:
        return None


def _compile(file: Path) -> Artifact:
    from dexsim.artifacts.compiler import compile_file

    artifact = compile_file(file)
    _keep(lambda: _cache_file(file), artifact.to_json())
    return artifact


def _keep(name: Callable[[], Path], text: str) -> None:
    """Write a file into the cache. A user without a writable home still works, compiling each time."""
    try:
        target = name()
        target.parent.mkdir(parents=True, exist_ok=True)
        part = target.with_suffix(f".{os.getpid()}.part")
        part.write_text(text)
        part.replace(target)
    except (OSError, RuntimeError):
        pass


# Every artifact that this process has met: code on chain does not say what it is. Of several
# of one code the newest, but none without a storage layout in the place of one with it.
_met: dict[bytes, Artifact] = {}
_by_file: dict[Path, Artifact] = {}


def _seen(artifact: Artifact, source: Path | None) -> Artifact:
    earlier = _met.get(artifact.bytecode)
    source = source or (earlier.source if earlier else None)
    known = artifact if artifact.source == source else replace(artifact, source=source)
    if earlier is None or known.layout or not earlier.layout:
        _met[artifact.bytecode] = known
    if source is not None:
        _by_file[source.resolve()] = known
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
        if (artifact.bytecode and code.startswith(artifact.bytecode))
        or (artifact.runtime and code.startswith(artifact.runtime))
    ]
    longest = max(found, key=lambda artifact: len(artifact.runtime), default=None)
    return None if longest is None else _with_sources(longest)


def _with_sources(artifact: Artifact) -> Artifact:
    """The same code from a file that still is what it was: copies of a source come and go."""
    if _has_sources(artifact):
        return artifact
    twins = (each for each in _by_file.values() if each.bytecode == artifact.bytecode)
    return next((each for each in twins if _has_sources(each)), artifact)


def _has_sources(artifact: Artifact) -> bool:
    try:
        return artifact.source is not None and _is_current(artifact, artifact.source)
    except OSError:
        return False


# By the artifact's code and its sources' hashes: compiling one takes longer than a transaction.
_maps: dict[str, SourceMap] = {}


def source_map_of(artifact: Artifact) -> SourceMap:
    """The source map of an artifact: compiled once, then cached beside the artifacts.

    Raises ArtifactError when its source is not there, or is no longer what it was compiled from.
    """
    if artifact.source is None:
        raise ArtifactError(f"the source of {artifact.name} is not known")
    folder = artifact.source.parent
    _check_sources(artifact, folder)
    key = _map_key(artifact)
    if key not in _maps:
        _maps[key] = _cached_map(key, folder) or _compile_map(artifact, folder, key)
    return _maps[key]


def _check_sources(artifact: Artifact, folder: Path) -> None:
    for name, digest in artifact.sources.items():
        try:
            now = hashlib.sha256((folder / name).read_bytes()).hexdigest()
        except OSError as error:
            raise ArtifactError(f"{folder / name}: cannot be read: {error}") from None
        if now != digest:
            raise ArtifactError(f"{folder / name} has changed since {artifact.name} was compiled")


def _map_key(artifact: Artifact) -> str:
    sources = [f"{name} {digest}" for name, digest in sorted(artifact.sources.items())]
    parts = [str(artifact.source), f"vyper {_vyper_version()}", *sources]
    key = hashlib.sha256("\0".join(parts).encode() + artifact.bytecode).hexdigest()
    return f"{artifact.name}-map-{key[:16]}.json"


def _cached_map(key: str, folder: Path) -> SourceMap | None:
    from dexsim.artifacts.source_map_json import from_json

    try:
        return from_json((cache_folder() / key).read_text(), folder)
    except (OSError, RuntimeError, UnicodeDecodeError, ArtifactError):
        return None  # no cache, no home, or a damaged entry: compile again


def _compile_map(artifact: Artifact, folder: Path, key: str) -> SourceMap:
    from dexsim.artifacts.compiler import map_sources
    from dexsim.artifacts.source_map_json import to_json

    assert artifact.source is not None
    source_map = map_sources(artifact.source, bytecode=artifact.bytecode)
    _keep(lambda: cache_folder() / key, to_json(source_map, folder))
    return source_map
