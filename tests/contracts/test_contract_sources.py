"""What every source in contracts/ keeps to."""

from __future__ import annotations

import re
import warnings

import pytest

from dexsim.artifacts.compiler import compile_file
from dexsim.artifacts.library import shipped, sources_folder

CONTRACTS = sources_folder()
SOURCES = sorted(CONTRACTS.rglob("*.vy"))
ALL = [*SOURCES, *sorted(CONTRACTS.rglob("*.vyi"))]
# A module that uses another one is compiled by who initializes both.
ALONE = [path for path in SOURCES if not re.search(r"^uses:", path.read_text(), re.M)]
CODE_LIMIT = 24_576


def name(path):
    return path.relative_to(CONTRACTS).as_posix()


@pytest.mark.parametrize("path", ALONE, ids=name)
def test_it_compiles_without_a_warning_and_fits(path):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        artifact = compile_file(path)
    assert len(artifact.runtime) <= CODE_LIMIT
    assert len(artifact.bytecode) + 3 <= CODE_LIMIT, "too long for a blueprint"


@pytest.mark.parametrize("path", ALL, ids=name)
def test_it_names_its_licence_and_one_pragma(path):
    text = path.read_text()
    assert re.findall(r"^# *pragma .*$", text, re.M) == ["# pragma version ~=0.4.3"]
    assert "SPDX-License-Identifier: MIT" in text


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_every_external_function_says_what_it_does(path):
    for block in re.split(r"\n{3,}", path.read_text()):
        if block.startswith(("@external", "@deploy")):
            body = block.split(":\n    ", 1)[1]
            assert body.startswith('"""\n    @'), block.splitlines()[1]


def externals(path):
    """Every external function of a file: its name, its inputs' names, whether it answers, its NatSpec."""
    for block in re.split(r"\n{3,}", path.read_text()):
        if block.startswith("@external"):
            told = re.search(r'def (\w+)\((.*?)\)( ->.*?)?:\n    """\n(.*?)"""', block, re.S)
            assert told, f"{block.splitlines()[:3]} has no NatSpec"
            yield told[1], re.findall(r"(\w+): ", told[2]), bool(told[3]), told[4]


@pytest.mark.parametrize("path", [path for path in SOURCES if path.parent == CONTRACTS], ids=name)
def test_natspec_tells_every_input_and_the_answer(path):
    found = 0
    for function, inputs, answers, told in externals(path):
        assert re.search(r"@notice \S", told), function
        assert re.findall(r"@param (\w+) \S", told) == inputs, function
        assert len(re.findall(r"@return \S", told)) == answers, function
        found += 1
    assert found == path.read_text().count("\n@external\n")


def reasons(path):
    return set(re.findall(r'^\s*(?:assert .*, |raise )"([^"]+)"', path.read_text(), re.M))


def test_every_reason_is_in_the_readme_and_the_readme_knows_no_other():
    told = set(
        re.findall(r"^\| `([a-z0-9]+: [^`]+)` \|", (CONTRACTS / "README.md").read_text(), re.M)
    )
    shipped = [path for path in SOURCES if path.parent == CONTRACTS]
    used = set().union(*(reasons(path) for path in shipped))
    shared = {"expired", "invalid signature", "insufficient balance", "insufficient allowance"}
    for label in ("pool", "token", "incentive", "issuer"):
        used |= {f"{label}: {why}" for why in shared}
    used |= {f"weth: {why}" for why in ("insufficient balance", "insufficient allowance")}
    assert told == used


def test_the_readme_names_the_hash_that_pool_addresses_are_computed_from():
    hashes = re.findall(r"`(0x[0-9a-f]{64})`", (CONTRACTS / "README.md").read_text())
    assert hashes == ["0x" + shipped("pool").init_code_hash.hex()]
