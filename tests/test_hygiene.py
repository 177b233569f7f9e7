"""Small and clear: sizes of files and functions, names that are no names, what must not be written."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from statistics import median, quantiles

import pytest

import dexsim

PACKAGE = Path(dexsim.__file__).parent
# What `dexsim new --pool` writes is its reader's own.
TEMPLATE = PACKAGE / "testing" / "template"
FILES = sorted(file for file in PACKAGE.rglob("*.py") if TEMPLATE not in file.parents)
ROOT = Path(__file__).resolve().parents[1]


def code_lines(node: ast.AST, source: list[str]) -> int:
    """Lines of a function that hold code: no docstring, comment or blank."""
    assert isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    body = node.body[1:] if ast.get_docstring(node) is not None else node.body
    if not body:
        return 1
    lines = source[body[0].lineno - 1 : node.end_lineno]
    return 1 + sum(bool(line.strip()) and not line.strip().startswith("#") for line in lines)


def functions() -> dict[str, int]:
    """Code lines of every function in the package."""
    sizes = {}
    for file in FILES:
        text = file.read_text()
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                name = f"{file.relative_to(PACKAGE)}:{node.lineno} {node.name}"
                sizes[name] = code_lines(node, text.split("\n"))
    return sizes


def test_no_function_is_longer_than_fifty_lines_of_code() -> None:
    assert [name for name, size in functions().items() if size > 50] == []


def test_functions_are_a_few_lines_long() -> None:
    sizes = list(functions().values())
    assert median(sizes) < 10
    assert quantiles(sizes, n=10)[-1] < 30


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.relative_to(PACKAGE).as_posix())
def test_a_file_has_one_purpose_and_says_it(file: Path) -> None:
    text = file.read_text()
    assert text.count("\n") <= 500
    assert file.stem not in {"utils", "helpers", "misc", "common"}
    assert ast.get_docstring(ast.parse(text)), "a module says what it is for"


def test_every_public_function_and_class_has_a_docstring() -> None:
    missing = []
    for file in FILES:
        for node in ast.parse(file.read_text()).body:
            public = isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name[0] != "_"
            if public and not ast.get_docstring(node):  # type: ignore[arg-type]
                missing.append(f"{file.relative_to(PACKAGE)}: {node.name}")  # type: ignore[attr-defined]
    assert missing == []


def test_nothing_is_left_undone_in_the_sources() -> None:
    undone = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b|NotImplementedError")
    sources = [*FILES, *PACKAGE.rglob("*.vy")]
    assert [file.name for file in sources if undone.search(file.read_text())] == []


@pytest.mark.skipif(
    not (ROOT / ".git").exists(), reason="no checkout here: nothing to look through"
)
def test_no_path_of_a_machine_stands_in_the_project() -> None:
    home = re.compile(r"/(home|root|Users)/\w|(?<![\w.])/(work|tmp)/[a-z]")
    kinds = {".py", ".pyi", ".rs", ".vy", ".vyi", ".md", ".toml", ".json", ""}
    skip = {".git", ".venv", "build", "dist", "node_modules", "target"}
    found = [
        file.relative_to(ROOT).as_posix()
        for file in ROOT.rglob("*")
        if file.is_file()
        and file.suffix in kinds
        and not any(part in skip or part.startswith(".") for part in file.relative_to(ROOT).parts)
        and file != Path(__file__)
        and home.search(file.read_text(errors="replace"))
    ]
    assert found == []
