"""A pool to start from: its source, how dexsim speaks to it, and first tests."""

from __future__ import annotations

import re
from pathlib import Path

from dexsim.errors import ScenarioError

_TEMPLATE = Path(__file__).resolve().parent / "template"
_FILES = {
    "pool.vy": "NAME.vy",
    "adapter.py": "NAME_adapter.py",
    "conftest.py": "conftest.py",
    "test_pool.py": "test_NAME.py",
}


def write_pool(name: str, folder: Path) -> list[Path]:
    """Write the files of a new pool; all of them or none.

    Raises ScenarioError for a name that no Python module can have, and where a
    file is there already.
    """
    if not re.fullmatch(r"[a-z][a-z0-9_]*", name):
        raise ScenarioError(f"{name!r}: a pool's name is of lower case letters, digits and _")
    texts = {
        folder / target.replace("NAME", name): _text(source, name)
        for source, target in _FILES.items()
    }
    for file in texts:
        if file.exists():
            raise ScenarioError("is there already; nothing was written", file=str(file))
    for file, text in texts.items():
        _write(file, text)
    return list(texts)


def _text(source: str, name: str) -> str:
    return (_TEMPLATE / source).read_text(encoding="utf-8").replace("NAME", name)


def _write(file: Path, text: str) -> None:
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise ScenarioError(f"cannot be written: {error.strerror}", file=str(file)) from None
