"""Scenario files: found, read, and built. Relative paths in a file are relative to the file."""

from __future__ import annotations

import os
import tomllib
from pathlib import Path
from typing import Any

from dexsim.description import unknown
from dexsim.errors import ScenarioError
from dexsim.scenario.library import built_in, names
from dexsim.scenario.paths import anchored
from dexsim.scenario.scenario import Experiment, Scenario
from dexsim.scenario.settings import arms
from dexsim.scenario.spec import build_file


def load(path_or_name: str | os.PathLike[str]) -> Scenario | Experiment:
    """A scenario from a TOML file, or a built-in one by its name.

    A file with arms gives an Experiment. Raises ScenarioError naming the file,
    the key, the value and what is allowed.
    """
    if isinstance(path_or_name, str) and path_or_name in names():
        file = built_in(path_or_name)
        return loads(file.read_text("utf-8"), folder=file.parent, file=path_or_name)
    path = Path(path_or_name)
    return loads(_text(path), folder=path.parent, file=str(path))


def loads(
    text: str, *, folder: str | os.PathLike[str] = ".", file: str = ""
) -> Scenario | Experiment:
    """A scenario from a file's text. folder: what its relative paths are relative to."""
    try:
        described = build_file(anchored(_parsed(text), Path(folder)))
        if isinstance(described, Experiment):
            arms(described)
    except ScenarioError as error:
        raise error.within(file=file) from error.__cause__
    return described


def _parsed(text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ScenarioError(f"is not TOML: {error}") from None


def _text(path: Path) -> str:
    """What a file holds; a name that is no file was meant as a built-in one's."""
    try:
        return path.read_bytes().decode("utf-8")
    except FileNotFoundError:
        if path.suffix == ".toml" or len(path.parts) > 1:
            raise ScenarioError(
                f"there is no such file (looked from {Path.cwd()})", file=str(path)
            ) from None
        told = unknown(str(path), names(), "scenario")
        raise ScenarioError(f"{told} (or the path of a TOML file)") from None
    except OSError as error:
        raise ScenarioError(f"cannot be read: {error.strerror or error}", file=str(path)) from None
    except UnicodeDecodeError:
        raise ScenarioError("is not UTF-8 text", file=str(path)) from None
