"""Classes from somebody's own file, by the file's path.

A file `/project/mine.py` is imported as the module
`dexsim.plugins./project/mine%2Epy@1f2e3d4c5b6a`: its path, and the
beginning of its SHA-256. Any process can import that name, because importing
this package installs a finder for it. So instances can be pickled to another
process like those of any other class, and a file that changed in between is
noticed rather than mixed up with what it was.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import spec_from_loader
from pathlib import Path
from types import ModuleType
from urllib.parse import quote, unquote

from dexsim.errors import ScenarioError

_PREFIX = f"{__name__}."
_DIGITS = 12


@dataclass(frozen=True)
class Source:
    """A file as it was when it was loaded."""

    path: str
    content: bytes

    @property
    def sha256(self) -> str:
        """Of the content, in hex."""
        return hashlib.sha256(self.content).hexdigest()

    @property
    def module(self) -> str:
        """The name by which any process imports this very content."""
        path = quote(self.path, safe="/ ").replace(".", "%2E")
        return f"{_PREFIX}{path}@{self.sha256[:_DIGITS]}"


def read_source(path: Path) -> Source:
    """A file's source. Raises ScenarioError where it cannot be read."""
    try:
        return Source(str(path.resolve()), path.read_bytes())
    except OSError as error:
        raise ScenarioError(f"{path}: cannot be read: {error.strerror or error}") from None


def source_of(cls: type[object]) -> Source | None:
    """The file that a class was loaded from, if it came from one by its path."""
    return getattr(cls, "__plugin__", None)


class _Finder(MetaPathFinder):
    """Finds the modules whose names are paths."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Ours by the prefix. Raises ScenarioError when the file is gone or has changed."""
        if not fullname.startswith(f"{_PREFIX}/"):
            return None
        file = unquote(fullname.removeprefix(_PREFIX).rpartition("@")[0])
        source = read_source(Path(file))
        if source.module != fullname:
            raise ScenarioError(f"{file}: has changed since the scenario was read")
        return spec_from_loader(fullname, _Loader(source), origin=file)


class _Loader(Loader):
    """Runs a file's content, and marks the classes that it defines."""

    def __init__(self, source: Source) -> None:
        self._source = source

    def exec_module(self, module: ModuleType) -> None:
        """Run it as `python FILE` would, under the module's name."""
        module.__file__ = self._source.path
        code = compile(self._source.content, self._source.path, "exec", dont_inherit=True)
        exec(code, module.__dict__)
        for value in vars(module).values():
            if isinstance(value, type) and value.__module__ == module.__name__:
                value.__plugin__ = self._source  # type: ignore[attr-defined]


sys.meta_path.append(_Finder())
