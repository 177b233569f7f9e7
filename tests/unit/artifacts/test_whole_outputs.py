"""Whole outputs of compilers: the contract that is meant is found, or they are all named."""

from __future__ import annotations

import json

import pytest

from dexsim.artifacts.library import load
from dexsim.errors import ArtifactError

ABI = [{"type": "constructor", "inputs": [], "stateMutability": "nonpayable"}]
CODE, OTHER = "600a600c", "600b600c"


def evm(code):
    """A contract as standard JSON holds it."""
    return {"abi": ABI, "evm": {"bytecode": {"object": code}, "deployedBytecode": {"object": code}}}


STANDARD = {
    "contracts": {
        "src/a.sol": {"A": evm(CODE), "IA": evm("")},
        "src/b.sol": {"B": evm(OTHER)},
    },
    "sources": {},
}
SOLC_COMBINED = {
    "contracts": {
        "a.sol:A": {"abi": json.dumps(ABI), "bin": CODE, "bin-runtime": CODE},
        "b.sol:B": {"abi": ABI, "bin": OTHER, "bin-runtime": OTHER},
    },
    "version": "0.8.30",
}
VYPER_COMBINED = {
    "src/A.vy": {"abi": ABI, "bytecode": f"0x{CODE}", "bytecode_runtime": f"0x{CODE}"},
    "src/B.vy": {"abi": ABI, "bytecode": f"0x{OTHER}", "bytecode_runtime": f"0x{OTHER}"},
    "version": "0.4.3",
}
OUTPUTS = pytest.mark.parametrize(
    "output", [STANDARD, SOLC_COMBINED, VYPER_COMBINED], ids=["standard", "solc", "vyper"]
)


@pytest.fixture
def written(tmp_path):
    """`written(fields)`: as out.json, its path."""

    def write(fields):
        file = tmp_path / "out.json"
        file.write_text(json.dumps(fields))
        return str(file)

    return write


@OUTPUTS
@pytest.mark.parametrize(("name", "code"), [("A", CODE), ("B", OTHER)])
def test_a_contract_is_chosen_by_its_name(output, name, code, written):
    artifact = load(f"{written(output)}:{name}")
    assert (artifact.name, artifact.bytecode.hex()) == (name, code)
    assert list(artifact.abi) == ABI


@OUTPUTS
def test_without_a_name_all_that_can_be_created_are_told(output, written):
    with pytest.raises(ArtifactError, match="holds several contracts: name one as .*out.json:NAME"):
        load(written(output))
    with pytest.raises(ArtifactError, match=r"has no contract 'C'.*there are .*:A, .*:B$"):
        load(f"{written(output)}:C")


def test_the_file_tells_apart_what_has_one_name(written):
    same = {"contracts": {"a.sol": {"A": evm(CODE)}, "b.sol": {"A": evm(OTHER)}}}
    with pytest.raises(ArtifactError, match=r"there are a.sol:A, b.sol:A"):
        load(f"{written(same)}:A")
    assert load(f"{written(same)}:b.sol:A").bytecode.hex() == OTHER


def test_a_single_contract_needs_no_name_and_interfaces_do_not_count(written):
    only = {"contracts": {"src/a.sol": STANDARD["contracts"]["src/a.sol"]}}
    assert load(written(only)).name == "A"


@pytest.mark.parametrize(
    "fields", [{}, {"contracts": {}}, {"contracts": {"a.sol": {"I": evm("")}}}]
)
def test_what_holds_no_contract_is_told_as_before(fields, written):
    with pytest.raises(ArtifactError, match="needs the keys 'abi' and 'bytecode'"):
        load(written(fields))
