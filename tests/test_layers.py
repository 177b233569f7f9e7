"""The house's rooms: who may import whom, and who may import what from outside."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import dexsim

PACKAGE = Path(dexsim.__file__).parent
FILES = sorted(PACKAGE.rglob("*.py"))

HEAVY = ("numpy", "pyarrow", "pydantic", "eth", "vyper", "web3", "polars", "pandas", "eth_abi")


def loaded_by(statement: str) -> set[str]:
    """Top-level modules in a fresh interpreter after a statement."""
    program = f"{statement}\nimport sys; print(*{{name.split('.')[0] for name in sys.modules}})"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    return set(done.stdout.split())


def test_importing_dexsim_loads_nothing_heavy() -> None:
    assert not loaded_by("import dexsim") & set(HEAVY)


def test_importing_the_command_line_loads_nothing_heavy() -> None:
    assert not loaded_by("import dexsim.cli") & set(HEAVY)


def test_a_run_compiles_nothing() -> None:
    run = (
        "from dexsim.scenario.run import run\n"
        "from tests.scenarios import small\n"
        "run(small.scenario(blocks=1))"
    )
    root = Path(__file__).resolve().parents[1]
    assert "vyper" not in loaded_by(f"import sys; sys.path.insert(0, {str(root)!r})\n{run}")


def imports(file: Path) -> set[str]:
    """Everything that a file imports, deferred imports included."""
    found = set()
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
    return found


@pytest.mark.parametrize(
    ("foreign", "room"),
    [
        ("vyper", "artifacts/compiler.py"),
        ("eth", "chain/pyevm/"),
        ("trie", "chain/pyevm/"),
        ("web3", "chain/node"),
        ("eth_tester", "chain/node"),
        ("pyarrow", "results/"),
        ("polars", "results/"),
    ],
)
def test_a_foreign_library_is_imported_in_its_room_alone(foreign: str, room: str) -> None:
    guests = {
        file.relative_to(PACKAGE).as_posix()
        for file in FILES
        if any(name.split(".")[0] == foreign for name in imports(file))
    }
    assert all(guest.startswith(room) for guest in guests), guests
