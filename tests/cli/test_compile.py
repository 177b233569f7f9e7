"""`dexsim compile`: what other tools get, and that Vyper makes the same code of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from dexsim.artifacts.library import SHIPPED, shipped
from tests.cli.conftest import Ended
from tests.deploying.setting import INCENTIVES, applied, embedded

Command = Callable[..., Ended]
MINE = "# pragma version ~=0.4.3\ncompiled_here: public(uint256)\n"


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
            *(hash_of_init_code, artifact.bytes_on_chain),
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


@pytest.mark.parametrize("level", ["none", "gas", "codesize"])
def test_a_pragma_of_ones_own_is_in_the_standard_input(
    dexsim: Command, tmp_path: Path, level: str
) -> None:
    shift = "@external\ndef f(a: uint256) -> uint256:\n    return a * 3 + 2 ** 250\n"
    (tmp_path / "mine.vy").write_text(
        f"compiled_here: public(uint256)  # pragma optimize {level}\n{shift}"
    )
    assert dexsim("compile", "mine.vy", "--out", "out").code == 0
    told = json.loads((tmp_path / "out" / "mine" / "standard-input.json").read_text())
    written = (tmp_path / "out" / "mine" / "bytecode.txt").read_text().strip()
    assert told["settings"]["optimize"] == level
    assert compiled_again(told, "mine") == written


def test_modules_beside_and_above_are_in_the_standard_input(
    dexsim: Command, tmp_path: Path
) -> None:
    for name, number in (("above", 2), ("below/beside", 3)):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        text = f"@internal\ndef some() -> uint256:\n    return {number}\n"
        (tmp_path / f"{name}.vy").write_text(text)
    (tmp_path / "below" / "mine.vy").write_text(
        "from .. import above\nimport beside\n"
        "@external\ndef f() -> uint256:\n    return above.some() + beside.some()\n"
    )
    assert dexsim("compile", "below/mine.vy", "--out", "out").code == 0
    told = json.loads((tmp_path / "out" / "mine" / "standard-input.json").read_text())
    assert set(told["sources"]) == {"../above.vy", "beside.vy", "mine.vy"}
    written = (tmp_path / "out" / "mine" / "bytecode.txt").read_text().strip()
    assert compiled_again(told, "mine") == written


def test_the_size_told_is_that_of_the_code_on_chain(tmp_path: Path) -> None:
    ledger = embedded()
    contracts = applied(ledger, tmp_path, INCENTIVES).manifest.contracts
    for name, one in contracts.items():
        if one.form == "contract":
            on_chain = len(ledger.code(one.address))
            assert shipped(one.artifact).bytes_on_chain == on_chain, name


def test_without_out_nothing_is_written(dexsim: Command, here: Path) -> None:
    before = set(here.iterdir())
    ended = dexsim("compile", "pool")
    size = shipped("pool").bytes_on_chain
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
    written = {path.name for path in out.iterdir()}
    assert written == {"weth", "dexsim-artifacts.json", ".written-by-dexsim"}
    (tmp_path / "precious").mkdir()
    (tmp_path / "precious" / "thesis.txt").write_text("words")
    ended = dexsim("compile", "weth", "--out", str(tmp_path / "precious"))
    assert ended.code == 2
    assert "holds other things (thesis.txt); --force" in ended.err
    assert (tmp_path / "precious" / "thesis.txt").read_text() == "words"
    assert dexsim("compile", "weth", "--out", str(tmp_path / "precious"), "--force").code == 0
    assert not (tmp_path / "precious" / "thesis.txt").exists()


@pytest.mark.parametrize(
    ("text", "arguments", "told"),
    [
        ("", ["pol"], "no contract 'pol' ships with dexsim; there are: batch_auction"),
        ("", ["none.vy"], "none.vy: no such file"),
        ("x: uint", ["mine.vy"], "mine.vy:1"),
        (
            "\n# pragma evm-version paris",
            ["mine.vy"],
            "mine.vy:2: compiler settings indicate evm-v",
        ),
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
