"""What is installed is whole, wherever it is installed."""

from __future__ import annotations

import os
import re
from importlib.metadata import metadata, requires
from pathlib import Path

import pytest

import dexsim
from dexsim.artifacts.library import SHIPPED, sources_folder

PACKAGE = Path(dexsim.__file__).resolve().parent
ROOT = Path(__file__).resolve().parents[1]


@pytest.mark.skipif("DEXSIM_EXPECTED_AT" not in os.environ, reason="only when a wheel is tested")
def test_the_tests_run_on_the_wheel() -> None:
    assert Path(os.environ["DEXSIM_EXPECTED_AT"]).resolve() == PACKAGE


def test_sources_and_artifacts_of_the_contracts_are_there() -> None:
    sources = {path.stem for path in sources_folder().glob("*.vy")}
    assert {path.stem for path in SHIPPED.glob("*.json")} <= sources
    assert (sources_folder() / "interfaces").is_dir()


def test_types_are_announced() -> None:
    assert (PACKAGE / "py.typed").is_file()


def test_the_distribution_has_the_packages_version() -> None:
    assert metadata("dexsim-evm")["Version"] == dexsim.__version__


@pytest.mark.parametrize("name", ["web3", "py-evm", "eth-tester", "vyper"])
def test_what_was_promised_is_a_base_dependency(name: str) -> None:
    base = [line for line in requires("dexsim-evm") or [] if "extra ==" not in line]
    assert any(re.match(rf"{name}\b", line) for line in base)


@pytest.mark.skipif(not (ROOT / "requirements.lock").exists(), reason="no checkout here: no locks")
def test_the_demo_and_the_checks_are_locked_to_the_same_versions() -> None:
    demo = set((ROOT / "requirements.lock").read_text().splitlines())
    check = set((ROOT / "requirements-test.lock").read_text().splitlines())
    assert demo < check
    pinned = re.compile(r"^[\w.\-\[\]]+==\S+( ; .*)?$")
    assert [line for line in check if not pinned.match(line)] == []
