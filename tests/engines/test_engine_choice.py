"""Which engines there are, and what is said where one is missing or cannot be built."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest

from dexsim.chain.engines import engine_names, open_engine
from dexsim.errors import EngineError

ROOT = Path(__file__).resolve().parents[2]
BACKEND = ROOT / "engine" / "build_backend.py"


def test_the_environment_chooses_among_the_engines(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DEXSIM_ENGINES", raising=False)
    installed = engine_names()
    assert "pyevm" in installed
    monkeypatch.setenv("DEXSIM_ENGINES", "pyevm")
    assert engine_names() == ["pyevm"]
    assert open_engine("auto").name == "pyevm"
    monkeypatch.setenv("DEXSIM_ENGINES", f" {', '.join(reversed(installed))} ,")
    assert engine_names() == installed[::-1]
    monkeypatch.setenv("DEXSIM_ENGINES", "")
    assert engine_names() == installed


def test_an_engine_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEXSIM_ENGINES", "pyevm,turbo")
    with pytest.raises(EngineError, match="DEXSIM_ENGINES names 'turbo'; installed: "):
        engine_names()


def test_revm_that_is_missing_is_told_how_to_be_had(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEXSIM_ENGINES", "pyevm")
    with pytest.raises(EngineError, match=r"no engine 'revm'; installed: auto, pyevm; .*\./engine"):
        open_engine("revm")


def test_naming_engines_loads_none_of_them() -> None:
    program = (
        "import sys\nfrom dexsim.chain.engines import engine_names\nengine_names()\n"
        "print([name for name in ('eth', 'dexsim_revm', 'numpy') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], check=True, capture_output=True, text=True
    )
    assert done.stdout.strip() == "[]"


# --- building it -----------------------------------------------------------------

needs_source = pytest.mark.skipif(
    not BACKEND.exists(), reason="no checkout: the engine's source is not here"
)


def program(folder: Path, name: str, says: str) -> None:
    """A program that says something."""
    (folder / name).write_text(f"#!/bin/sh\necho '{says}'\n")
    (folder / name).chmod(0o755)


@pytest.fixture
def check_rust(monkeypatch: pytest.MonkeyPatch) -> object:
    """The backend's check, on a path with nothing on it; maturin need not be there."""
    monkeypatch.setitem(sys.modules, "maturin", type(sys)("maturin"))
    spec = importlib.util.spec_from_file_location("build_backend", BACKEND)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.check_rust


@needs_source
@pytest.mark.parametrize(
    ("cargo", "rustc", "told"),
    [
        (None, None, "Rust 1.91 or newer, neither is here"),
        ("cargo 1.95.0", None, "Rust 1.91 or newer, neither is here"),
        ("cargo 0.66.0", "rustc 1.63.0", "Rust 1.91 or newer, here is rustc 1.63.0"),
        ("cargo 1.90.0", "rustc 1.90.0 (1159e78c4)", "here is rustc 1.90.0"),
        ("cargo 1.95.0", "", "one that does not tell its version"),
        ("cargo 1.91.0", "rustc 1.91.0", ""),
        ("cargo 2.0.0", "rustc 2.0.0", ""),
    ],
)
def test_an_old_rust_is_told_what_is_needed(
    check_rust: object,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    cargo: str | None,
    rustc: str | None,
    told: str,
) -> None:
    for name, says in (("cargo", cargo), ("rustc", rustc)):
        if says is not None:
            program(tmp_path, name, says)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert callable(check_rust)
    if not told:
        check_rust()
        return
    with pytest.raises(SystemExit, match=told) as caught:
        check_rust()
    assert "dexsim works without it" in str(caught.value)


@needs_source
def test_the_script_says_loudly_that_there_is_no_engine(tmp_path: Path) -> None:
    program(tmp_path, "rustc", "rustc 1.63.0")
    program(tmp_path, "cargo", "cargo 0.66.0")
    done = subprocess.run(
        ["bash", str(ROOT / "scripts" / "engine")],
        cwd=ROOT,
        env={**os.environ, "PATH": f"{tmp_path}:/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 3
    assert (
        "NO FAST ENGINE: engine/ needs cargo and Rust 1.91 or newer, here is Rust 1.63.0"
        in done.stderr
    )
