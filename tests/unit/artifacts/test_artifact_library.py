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


@pytest.mark.parametrize(
    ("line", "module", "folder"),
    [
        ("import absent", "absent", "."),
        ("from lib import absent", "lib.absent", "."),
        ("from . import absent", "absent", "."),
        ("from ..lib import absent", "lib.absent", ".."),
    ],
)
def test_an_import_that_is_not_there_is_told_with_where_it_was_sought(
    contract: Path, line: str, module: str, folder: str
) -> None:
    contract.write_text(SOURCE.replace("import part", line))
    with pytest.raises(ArtifactError) as refused:
        load(contract)
    sought = (contract.parent / folder).resolve()
    assert str(refused.value) == f"{contract}:2: module {module} not found; looked in {sought}"


def test_a_module_that_an_import_lacks_is_told_at_the_import(contract: Path) -> None:
    part = contract.parent / "part.vy"
    part.write_text(PART.replace("\n", "\nimport absent\n", 1))
    with pytest.raises(ArtifactError) as refused:
        load(contract)
    assert str(refused.value) == f"{part}:2: module absent not found; looked in {part.parent}"


def test_the_compilers_hint_on_a_builtin_module_stays(contract: Path) -> None:
    (contract.parent / "face.vyi").write_text("# pragma version ~=0.4.3\n")  # sought as .vy first
    contract.write_text(SOURCE.replace("part", "face\nfrom ethereum.ercs import ERC20", 1))
    with pytest.raises(ArtifactError, match=r"module ethereum.ercs.ERC20 not found; try .*IERC20"):
        load(contract)


def test_the_compilers_hint_on_an_old_name_follows_the_folders(contract: Path) -> None:
    contract.write_text(SOURCE.replace("import part", "from vyper.interfaces import ERC20"))
    with pytest.raises(ArtifactError, match=r"looked in .*; try renaming .vyper.interfaces"):
        load(contract)


def test_a_text_that_imports_is_told_to_be_a_file(
    contract: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(contract.parent)
    with pytest.raises(ArtifactError) as refused:
        load(SOURCE)
    assert str(refused.value) == (
        "source text, line 2: module part not found: "
        "source text cannot import modules beside a file; give the file's path instead"
    )


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


def test_a_text_with_line_breaks_is_source_itself(contract: Path) -> None:
    source = "# pragma version ~=0.4.3\n@external\ndef answer() -> uint256:\n    return 42\n"
    (contract.parent / "same.vy").write_text(source)
    made = load(source)
    assert (made.name, made.bytecode) == ("source", load(contract.parent / "same.vy").bytecode)
    assert made.source is not None
    assert made.source.read_text() == source
    assert load(source.replace("42", "43")).bytecode != made.bytecode
    with pytest.raises(ArtifactError, match=r"source\.vy:3: "):
        load(source.replace("uint256", "unit256"))


def test_a_text_is_compiled_without_a_cache_too(
    contract: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DEXSIM_CACHE", "/dev/null/cache")
    assert load("# pragma version ~=0.4.3\nx: public(uint256)\n").bytecode


LINKS = {"src/Curve.sol": {"Curve": [{"start": 1, "length": 20}], "Fee": []}}
HOLE = "__$" + "ab" * 17 + "$__"


@pytest.mark.parametrize(
    ("fields", "names"),
    [
        ({"bytecode": f"0x60{HOLE}00", "linkReferences": LINKS}, "Curve, Fee"),
        ({"bytecode": {"object": f"60{HOLE}", "linkReferences": LINKS}}, "Curve, Fee"),
        ({"evm": {"bytecode": {"object": HOLE, "linkReferences": LINKS}}}, "Curve, Fee"),
        ({"bytecode": f"60{HOLE}00{HOLE}"}, "ab" * 17),
        ({"bytecode": "60" + "__Old.sol:OldLib".ljust(40, "_")}, "OldLib"),
    ],
)
def test_libraries_that_are_not_linked_are_named(
    tmp_path: Path, fields: dict[str, object], names: str
) -> None:
    (tmp_path / "Pool.json").write_text(json.dumps({"abi": [], **fields}))
    with pytest.raises(ArtifactError, match=rf"Pool\.json: not linked yet; .* address of {names}$"):
        load(tmp_path / "Pool.json")


@pytest.mark.parametrize(
    "fields",
    [
        {"contractName": "Pool", "bytecode": "0x6001", "deployedBytecode": "0x6002"},
        {"bytecode": {"object": "0x6001"}, "deployedBytecode": {"object": "0x6002"}},
        {"evm": {"bytecode": {"object": "6001"}, "deployedBytecode": {"object": "6002"}}},
        {"bytecode": "6001", "runtime": "0x6002", "compiler": {"name": "solc"}},
    ],
)
def test_code_is_found_where_compilers_write_it(tmp_path: Path, fields: dict[str, object]) -> None:
    (tmp_path / "Pool.json").write_text(json.dumps({"abi": [], **fields}))
    made = load(tmp_path / "Pool.json")
    assert (made.name, made.bytecode, made.runtime) == ("Pool", b"\x60\x01", b"\x60\x02")


def test_a_storage_layout_of_solidity_is_read(tmp_path: Path) -> None:
    kinds = {
        "t_map": {"label": "mapping(address => uint256)", "numberOfBytes": "32"},
        "t_pair": {"label": "struct Pair", "numberOfBytes": "64"},
    }
    storage = [
        {"label": "balanceOf", "slot": "3", "type": "t_map"},
        {"label": "pair", "slot": "4", "type": "t_pair"},
    ]
    layout = {"storage": storage, "types": kinds}
    fields = {"abi": [], "bytecode": "6001", "storageLayout": layout}
    (tmp_path / "Token.json").write_text(json.dumps(fields))
    assert load(tmp_path / "Token.json").layout == {
        "storage_layout": {
            "balanceOf": {"type": "mapping(address => uint256)", "slot": 3, "n_slots": 1},
            "pair": {"type": "struct Pair", "slot": 4, "n_slots": 2},
        }
    }


def test_compiled_json_of_other_tools_is_read(tmp_path: Path) -> None:
    file = tmp_path / "Other.json"
    file.write_text(
        json.dumps({"contractName": "Other", "abi": [], "bytecode": {"object": "6001"}})
    )
    assert load(file) == Artifact(name="Other", abi=(), bytecode=b"\x60\x01")
