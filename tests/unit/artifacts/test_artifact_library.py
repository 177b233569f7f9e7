"""Artifacts from files: compiled once, cached, and clear words for what is wrong."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from dexsim.artifacts import compiler
from dexsim.artifacts.artifact import Artifact
from dexsim.artifacts.library import load
from dexsim.errors import ArtifactError

SOURCE = """# pragma version ~=0.4.3
import part

@external
def answer() -> uint256:
    return part._number()
"""
PART = """# pragma version ~=0.4.3

@internal
def _number() -> uint256:
    return 42
"""


@pytest.fixture
def contract(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DEXSIM_CACHE", str(tmp_path / "cache"))
    (tmp_path / "part.vy").write_text(PART)
    file = tmp_path / "whole.vy"
    file.write_text(SOURCE)
    return file


def forbid_compiling(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(path: Path) -> Artifact:
        raise AssertionError(f"{path} is compiled again")

    monkeypatch.setattr(compiler, "compile_file", fail)


def test_a_source_is_compiled_once(contract: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = load(contract)
    forbid_compiling(monkeypatch)
    assert load(contract) == first


@pytest.mark.parametrize("changed", ["whole.vy", "part.vy"])
def test_a_changed_source_or_import_is_compiled_again(contract: Path, changed: str) -> None:
    before = load(contract)
    file = contract.parent / changed
    file.write_text(file.read_text().replace("42", "43").replace("answer", "reply"))
    assert load(contract).bytecode != before.bytecode


def test_a_damaged_cache_is_compiled_again(contract: Path) -> None:
    first = load(contract)
    for entry in (contract.parent / "cache").iterdir():
        entry.write_text("{")
    assert load(contract) == first


def test_a_cache_that_cannot_be_written_does_no_harm(
    contract: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DEXSIM_CACHE", "/dev/null/cache")
    assert load(contract).bytecode


def test_a_compiler_error_names_file_line_and_message(contract: Path) -> None:
    contract.write_text(SOURCE.replace("part._number()", "nothing"))
    with pytest.raises(ArtifactError, match=r"whole\.vy:6: 'nothing' has not been declared"):
        load(contract)


def test_a_compiler_error_in_an_import_names_that_file(contract: Path) -> None:
    (contract.parent / "part.vy").write_text(PART.replace("42", "fortytwo"))
    with pytest.raises(ArtifactError, match=r"part\.vy:5: "):
        load(contract)


def test_a_syntax_error_names_the_line(contract: Path) -> None:
    contract.write_text(SOURCE.replace("def answer()", "def answer(("))
    with pytest.raises(ArtifactError, match=r"whole\.vy:\d+: "):
        load(contract)


def test_a_pragma_that_this_compiler_is_not_for_is_told(contract: Path) -> None:
    contract.write_text(SOURCE.replace("~=0.4.3", "==0.3.9"))
    with pytest.raises(
        ArtifactError, match=r"whole\.vy:1: needs Vyper ==0\.3\.9, and 0\.4\.\d+ is installed$"
    ):
        load(contract)


def test_an_import_that_is_not_there_is_told(contract: Path) -> None:
    (contract.parent / "part.vy").unlink()
    with pytest.raises(ArtifactError, match="part"):
        load(contract)


@pytest.mark.parametrize(
    ("name", "content", "complaint"),
    [
        ("absent.vy", None, "no such file"),
        ("pool.sol", "contract Pool {}", "expected Vyper source"),
        ("broken.json", "{", "not JSON"),
        ("empty.json", "{}", "needs the keys 'abi' and 'bytecode'"),
        ("linked.json", '{"abi": [], "bytecode": "0x60__Lib__"}', "not linked yet"),
        ("garbled.json", '{"abi": [], "bytecode": "0x6g"}', "not hexadecimal"),
        ("interface.json", '{"abi": [], "bytecode": "0x"}', "bytecode is empty"),
    ],
)
def test_what_is_no_contract_is_refused_by_name(
    tmp_path: Path, name: str, content: str | None, complaint: str
) -> None:
    if content is not None:
        (tmp_path / name).write_text(content)
    with pytest.raises(ArtifactError, match=f"{name}.*{complaint}"):
        load(tmp_path / name)


def test_compiled_json_of_other_tools_is_read(tmp_path: Path) -> None:
    file = tmp_path / "Other.json"
    file.write_text(
        json.dumps({"contractName": "Other", "abi": [], "bytecode": {"object": "6001"}})
    )
    assert load(file) == Artifact(name="Other", abi=(), bytecode=b"\x60\x01")
