"""maturin, after a look whether this machine's Rust is recent enough.

An old cargo cannot even read this crate's manifest and says so in words that help nobody.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import maturin
from maturin import *  # noqa: F403 - the hooks of PEP 517 that are not here

MANIFEST = Path(__file__).with_name("Cargo.toml")
HOW = "install a recent one from https://rustup.rs, or leave dexsim-revm away: dexsim works without it"


def build_wheel(*args: object, **kwargs: object) -> str:
    """PEP 517's hook."""
    check_rust()
    return maturin.build_wheel(*args, **kwargs)


def build_editable(*args: object, **kwargs: object) -> str:
    """PEP 660's hook."""
    check_rust()
    return maturin.build_editable(*args, **kwargs)


def prepare_metadata_for_build_wheel(*args: object, **kwargs: object) -> str:
    """PEP 517's hook: the first that pip calls."""
    check_rust()
    return maturin.prepare_metadata_for_build_wheel(*args, **kwargs)


prepare_metadata_for_build_editable = prepare_metadata_for_build_wheel


def check_rust() -> None:
    """End with a message unless cargo and rustc are there and recent enough."""
    wanted = minimum_rust(MANIFEST.read_text())
    if shutil.which("cargo") is None or shutil.which("rustc") is None:
        sys.exit(
            f"error: dexsim-revm needs cargo and Rust {wanted} or newer, neither is here: {HOW}"
        )
    told = subprocess.run(
        ["rustc", "--version"], check=False, capture_output=True, text=True
    ).stdout
    found = re.search(r"(\d+)\.(\d+)", told)
    if found is None or tuple(map(int, found.groups())) < tuple(map(int, wanted.split("."))):
        here = told.strip() or "one that does not tell its version"
        sys.exit(f"error: dexsim-revm needs Rust {wanted} or newer, here is {here}: {HOW}")


def minimum_rust(manifest: str) -> str:
    """The `rust-version` that the manifest states."""
    stated = re.search(r'^rust-version = "([\d.]+)"', manifest, re.MULTILINE)
    assert stated is not None, "Cargo.toml states no rust-version"
    return stated.group(1)
