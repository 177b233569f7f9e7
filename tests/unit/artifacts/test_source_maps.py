"""Source maps: where an instruction comes from, and the cache that keeps them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from dexsim.artifacts import compiler, library
from dexsim.artifacts.library import artifact_of_code, load, source_map_of
from dexsim.artifacts.source_map import SourceMap, Span
from dexsim.errors import ArtifactError

SOURCE = """# pragma version ~=0.4.3
import part

total: uint256

@deploy
def __init__(start: uint256):
    self.total = start

@external
def grow(by: uint256) -> uint256:
    if by > 3:
        self.total += by
    else:
        self.total = part._number()
    return self.total
"""
PART = """# pragma version ~=0.4.3

@internal
def _number() -> uint256:
    return 42
"""


@pytest.fixture
def contract(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DEXSIM_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(library, "_maps", {})
    (tmp_path / "part.vy").write_text(PART)
    file = tmp_path / "whole.vy"
    file.write_text(SOURCE)
    return file


def forget() -> None:
    """As in a new process."""
    library._maps.clear()


def forbid_compiling(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(path: Path, **_: object) -> SourceMap:
        raise AssertionError(f"{path} is compiled again")

    monkeypatch.setattr(compiler, "map_sources", fail)


def entries(contract: Path) -> list[Path]:
    return list((contract.parent / "cache").glob("whole-map-*.json"))


def test_functions_and_statements_are_those_of_the_files(contract: Path) -> None:
    found = source_map_of(load(contract))
    files = {file.path.name: file for file in found.files.values()}
    assert set(files) == {"whole.vy", "part.vy"}
    whole = files["whole.vy"]
    assert [(each.name, each.external) for each in whole.functions] == [
        ("__init__", True),
        ("grow", True),
    ]
    (number,) = files["part.vy"].functions
    assert (number.name, number.external) == ("_number", False)
    grow = whole.functions[1]
    kinds = [(each.kind, each.span.line) for each in grow.all_statements()]
    assert kinds == [("If", 12), ("AugAssign", 13), ("Assign", 15), ("Return", 16)]
    # Of the compound statement its head alone.
    assert grow.statements[0].span.end_line == 12


def test_every_line_that_does_something_has_instructions(contract: Path) -> None:
    found = source_map_of(load(contract))
    number = {file.path.name: key for key, file in found.files.items()}
    runtime = {(span.file, span.line) for span in found.runtime.spans.values()}
    assert {(number["whole.vy"], line) for line in (12, 13, 15, 16)} <= runtime
    assert (number["part.vy"], 5) in runtime
    assert (number["whole.vy"], 8) not in runtime
    created = {(span.file, span.line) for span in found.creation.spans.values()}
    assert (number["whole.vy"], 8) in created
    assert "safeadd" in found.runtime.checks.values()


def test_a_span_lies_in_the_function_of_its_own_file(contract: Path) -> None:
    found = source_map_of(load(contract))
    number = {file.path.name: key for key, file in found.files.items()}
    inner = found.function_at(Span(number["part.vy"], 5, 4, 5, 13))
    assert inner is not None
    assert inner.name == "_number"
    assert found.function_at(Span(number["whole.vy"], 4, 0, 4, 5)) is None


def test_the_span_near_a_position_is_the_last_one_before_it(contract: Path) -> None:
    runtime = source_map_of(load(contract)).runtime
    first, second = sorted(runtime.spans)[:2]
    assert runtime.span_near(first - 1) is None
    assert runtime.span_near(second - 1) == runtime.spans[first]
    assert runtime.span_near(second) == runtime.spans[second]


def test_a_map_is_compiled_once_and_read_back_as_it_was(
    contract: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = source_map_of(load(contract))
    forget()
    forbid_compiling(monkeypatch)
    again = source_map_of(load(contract))
    assert again is not first
    assert again == first
    assert source_map_of(load(contract)) is again


@pytest.mark.parametrize(
    "damage",
    [
        lambda text: "",
        lambda text: "{",
        lambda text: "[]",
        lambda text: json.dumps(json.loads(text) | {"runtime": {"spans": {"x": [1]}}}),
        lambda text: text.replace('"sha256":"', '"sha256":"00'),
        lambda text: text.replace("part.vy", "gone.vy"),
    ],
)
def test_a_damaged_entry_is_compiled_again(contract: Path, damage: object) -> None:
    first = source_map_of(load(contract))
    (entry,) = entries(contract)
    good = entry.read_text()
    entry.write_text(damage(good))  # type: ignore[operator]
    forget()
    assert source_map_of(load(contract)) == first
    assert entry.read_text() == good


@pytest.mark.parametrize("changed", ["whole.vy", "part.vy"])
def test_a_source_that_has_changed_since_is_refused(contract: Path, changed: str) -> None:
    artifact = load(contract)
    source_map_of(artifact)
    file = contract.parent / changed
    file.write_text(file.read_text() + "\n# more\n")
    with pytest.raises(ArtifactError, match=rf"{changed} has changed since whole was compiled"):
        source_map_of(artifact)


def test_a_source_that_is_gone_is_refused(contract: Path) -> None:
    artifact = load(contract)
    contract.unlink()
    with pytest.raises(ArtifactError, match=r"whole\.vy: cannot be read"):
        source_map_of(artifact)


def test_a_map_of_other_code_is_refused(contract: Path) -> None:
    bytecode = load(contract).bytecode
    assert compiler.map_sources(contract, bytecode=bytecode).files
    with pytest.raises(ArtifactError, match="another code"):
        compiler.map_sources(contract, bytecode=bytecode[:-1])


def test_a_home_that_cannot_be_written_does_no_harm(
    contract: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DEXSIM_CACHE", "/dev/null/cache")
    assert source_map_of(load(contract)).files


def test_code_on_chain_tells_its_artifact_even_behind_arguments_and_immutables(
    contract: Path,
) -> None:
    artifact = load(contract)
    assert artifact_of_code(artifact.bytecode + (7).to_bytes(32, "big")) == artifact
    assert artifact_of_code(artifact.runtime + bytes(32)) == artifact
    assert artifact_of_code(artifact.runtime[:-1]) is None
    assert artifact_of_code(b"") is None


def test_an_artifact_that_comes_again_as_json_keeps_its_source(contract: Path) -> None:
    artifact = load(contract)
    written = contract.with_suffix(".json")
    written.write_text(artifact.to_json())
    assert load(written).source == contract


def test_an_artifact_of_unknown_source_has_no_map(contract: Path) -> None:
    written = contract.with_name("other.json")
    written.write_text('{"abi": [], "bytecode": "0x6001600255"}')
    with pytest.raises(ArtifactError, match="the source of other is not known"):
        source_map_of(load(written))
