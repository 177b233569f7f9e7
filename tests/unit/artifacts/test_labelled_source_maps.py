"""Source maps: put right, they are maps of the very code that ships."""

from __future__ import annotations

from pathlib import Path

import pytest

from dexsim.artifacts import compiler
from dexsim.artifacts.library import sources_folder


@pytest.mark.parametrize("name", ["gauge", "pool", "router"])
def test_right_origins_change_no_bytecode(name: str) -> None:
    formats = ["bytecode", "bytecode_runtime"]
    file = sources_folder() / f"{name}.vy"
    plain, _ = compiler._compile(file, formats)
    labelled, _ = compiler._compile(file, formats, labels=True)
    assert labelled == plain


def test_a_parameter_is_read_by_the_statement_that_reads_it(tmp_path: Path) -> None:
    file = tmp_path / "subject.vy"
    file.write_text(
        "@external\ndef go(n: uint256) -> uint256:\n    assert n + 1 == 2\n    return n\n"
    )
    spans = compiler.map_sources(file).runtime.spans
    lines = [spans[position].line for position in sorted(spans)]
    body = [line for line in lines if line > 2]
    assert set(body) == {3, 4}
    assert body == sorted(body)
