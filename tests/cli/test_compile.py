"""`dexsim compile`: what other tools get, and that Vyper makes the same code of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from dexsim.artifacts.library import SHIPPED, shipped
from tests.cli.conftest import Ended

Command = Callable[..., Ended]
MINE = "# pragma version ~=0.4.3\nx: public(uint256)\n"


def compiled_again(standard_input: dict[str, Any], name: str) -> str:
    """The bytecode that the compiler makes of a standard JSON input."""
    from vyper.cli.vyper_json import compile_json

    output = compile_json(json.loads(json.dumps(standard_input)))
    assert "errors" not in output or not output["errors"]
    contract: dict[str, Any] = output["contracts"][f"{name}.vy"][name]
    bytecode: str = contract["evm"]["bytecode"]["object"]
    return bytecode


def test_all_contracts_are_written_whole(dexsim: Command, tmp_path: Path) -> None:
    out = tmp_path / "out"
    ended = dexsim("compile", "--out", str(out))
    assert (ended.code, ended.err) == (0, "")
    names = sorted(path.stem for path in SHIPPED.glob("*.json"))
    assert sorted(path.name for path in out.iterdir() if path.is_dir()) == names
    for name in names:
        artifact = shipped(name)
        folder = out / name
        assert json.loads((folder / "abi.json").read_text()) == list(artifact.abi)
        assert (folder / "bytecode.txt").read_text() == f"0x{artifact.bytecode.hex()}\n"
        assert (folder / "runtime.txt").read_text() == f"0x{artifact.runtime.hex()}\n"
        assert json.loads((folder / "layout.json").read_text()) == artifact.layout
        hash_of_init_code = f"0x{artifact.init_code_hash.hex()}"
        assert (folder / "init-code-hash.txt").read_text() == f"{hash_of_init_code}\n"
        told = json.loads((folder / "contract.json").read_text())
        assert (told["init_code_hash"], told["bytes_of_code"]) == (
            *(hash_of_init_code, len(artifact.runtime)),
        )
        assert hash_of_init_code in ended.out


@pytest.mark.parametrize("name", ["pool", "router", "gauge", "weth"])
def test_the_standard_input_compiles_to_the_same_code(
    dexsim: Command, tmp_path: Path, name: str
) -> None:
    dexsim("compile", name, "--out", str(tmp_path / "out"))
    told = json.loads((tmp_path / "out" / name / "standard-input.json").read_text())
    assert compiled_again(told, name) == f"0x{shipped(name).bytecode.hex()}"
    told["sources"][f"{name}.vy"]["content"] += "\nfound: uint256\n@deploy\ndef __init__(): pass\n"
    with pytest.raises(Exception, match=r"."):
        assert compiled_again(told, name) == f"0x{shipped(name).bytecode.hex()}"


def test_a_contract_of_ones_own_is_compiled(dexsim: Command, tmp_path: Path) -> None:
    (tmp_path / "mine.vy").write_text(MINE)
    ended = dexsim("compile", "./mine.vy", "--out", "out")
    assert ended.code == 0
    told = json.loads((tmp_path / "out" / "mine" / "standard-input.json").read_text())
    written = (tmp_path / "out" / "mine" / "bytecode.txt").read_text().strip()
    assert compiled_again(told, "mine") == written


def test_without_out_nothing_is_written(dexsim: Command, here: Path) -> None:
    before = set(here.iterdir())
    ended = dexsim("compile", "pool")
    size = len(shipped("pool").runtime)
    assert f"{size:,}" in ended.out
    assert f"{100 * size / 24_576:.1f} %" in ended.out
    assert f"0x{shipped('pool').init_code_hash.hex()}" in ended.out
    assert set(here.iterdir()) == before


def test_a_second_time_replaces_and_other_things_are_left_alone(
    dexsim: Command, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    assert dexsim("compile", "pool", "--out", str(out)).code == 0
    assert dexsim("compile", "weth", "--out", str(out)).code == 0
    assert {path.name for path in out.iterdir()} == {"weth", "dexsim-artifacts.json"}
    (tmp_path / "precious").mkdir()
    (tmp_path / "precious" / "thesis.txt").write_text("words")
    ended = dexsim("compile", "weth", "--out", str(tmp_path / "precious"))
    assert ended.code == 2
    assert "holds other things; --force" in ended.err
    assert (tmp_path / "precious" / "thesis.txt").read_text() == "words"
    assert dexsim("compile", "weth", "--out", str(tmp_path / "precious"), "--force").code == 0
    assert not (tmp_path / "precious" / "thesis.txt").exists()


@pytest.mark.parametrize(
    ("text", "arguments", "told"),
    [
        ("", ["pol"], "no contract 'pol' ships with dexsim; there are: batch_auction"),
        ("", ["none.vy"], "none.vy: no such file"),
        ("x: uint", ["mine.vy"], "mine.vy:1"),
        ("x: uint256", ["mine.vy", "./mine.vy"], "two contracts are called mine"),
    ],
)
def test_what_cannot_be_compiled_is_told_and_nothing_is_written(
    dexsim: Command, tmp_path: Path, text: str, arguments: list[str], told: str
) -> None:
    (tmp_path / "mine.vy").write_text(text)
    ended = dexsim("compile", *arguments, "--out", str(tmp_path / "out"))
    assert ended.code == 2
    assert told in ended.err
    assert not (tmp_path / "out").exists()


def test_a_folder_that_cannot_be_made_is_told(dexsim: Command, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    ended = dexsim("compile", "weth", "--out", str(tmp_path / "file" / "out"))
    assert ended.code == 2
    assert "cannot be written" in ended.err
