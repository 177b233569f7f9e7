"""`"./mine.py:Momentum"` and `"package.module:Class"` as classes, and back."""

from __future__ import annotations

import importlib
import traceback
from pathlib import Path
from types import ModuleType
from typing import Any

from dexsim.description import unknown
from dexsim.errors import ScenarioError
from dexsim.plugins import read_source, source_of


def is_plugin(kind: str) -> bool:
    """Whether a kind names somebody's own class."""
    return ":" in kind


def names_file(kind: str) -> bool:
    """Whether it names one in a file, by the file's path."""
    return kind.rpartition(":")[0].endswith(".py")


def plugin_class(kind: str) -> type[Any]:
    """The class that a kind names; a relative path is relative to the working directory.

    Raises ScenarioError naming the file and the line where the user's own code fails.
    """
    place, _, name = kind.rpartition(":")
    module = _import(read_source(Path(place)).module if names_file(kind) else place, place)
    found: Any = module
    for part in name.split("."):
        found = getattr(found, part, None)
    if isinstance(found, type):
        return found
    classes = [each for each, value in vars(module).items() if isinstance(value, type)]
    own = [each for each in classes if vars(module)[each].__module__ == module.__name__]
    raise ScenarioError(f"{place}: {unknown(name, own, 'class')}")


def plugin_kind(cls: type[Any]) -> str:
    """What names a class in a file. Raises ScenarioError for one that no name leads to."""
    if "<locals>" in cls.__qualname__:
        raise ScenarioError(
            f"{cls.__qualname__} is defined inside a function, where no file can name it; "
            "move it to the top of its module"
        )
    if cls.__module__ == "__main__":
        raise ScenarioError(
            f"{cls.__qualname__} is defined in the script that is running, which no file can load "
            "without running it; move it to a module of its own"
        )
    source = source_of(cls)
    return f"{cls.__module__ if source is None else source.path}:{cls.__qualname__}"


def _import(module: str, shown: str) -> ModuleType:
    try:
        return importlib.import_module(module)
    except ScenarioError:
        raise
    except SyntaxError as error:
        where = f"{error.filename or shown}, line {error.lineno}"
        raise ScenarioError(f"cannot be loaded: {where}: {error.msg}") from error
    except (Exception, SystemExit) as error:
        raise ScenarioError(_told(error, shown)) from error


def _told(error: BaseException, shown: str) -> str:
    """What went wrong, and at which line of the user's own file."""
    path = str(Path(shown).resolve())
    lines = [f.lineno for f in traceback.extract_tb(error.__traceback__) if f.filename == path]
    where = f"{path}, line {lines[-1]}" if lines else shown
    return f"cannot be loaded: {where}: {type(error).__name__}: {error}"
