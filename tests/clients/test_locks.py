"""What scripts/clients installs is pinned, from whichever registry a machine is set up for."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.clients.venue import CLIENTS

NPM = [CLIENTS / "javascript", CLIENTS.parent / "npm", CLIENTS / "hardhat"]


@pytest.mark.parametrize("folder", NPM, ids=lambda folder: folder.name)
def test_npm_locks_pin_content_and_name_no_registry(folder: Path) -> None:
    packages = json.loads((folder / "package-lock.json").read_text())["packages"]
    described = json.loads((folder / "package.json").read_text())
    own = packages.pop("")
    assert own["dependencies"] == described["dependencies"]
    for name, package in packages.items():
        assert package["integrity"].startswith("sha512-"), name
        assert "resolved" not in package, name


def test_the_lock_has_anvil() -> None:
    packages = json.loads((NPM[1] / "package-lock.json").read_text())["packages"]
    assert packages["node_modules/@foundry-rs/anvil-linux-amd64"]["optional"]


def test_the_python_lock_pins_versions_alone() -> None:
    lines = (CLIENTS / "python" / "requirements.lock").read_text().splitlines()
    assert lines
    for line in lines:
        assert "==" in line.split(";")[0], line
        assert "://" not in line
