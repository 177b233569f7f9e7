"""Code that came from several copies of one source is shown by a copy that is still there."""

from __future__ import annotations

import json
from pathlib import Path

from dexsim.artifacts.library import artifact_of_code, load

SOURCE = "# pragma version ~=0.4.3\n\ncopies: public(uint256)\n"


def test_a_copy_that_is_gone_is_not_the_source(tmp_path, monkeypatch):
    monkeypatch.setenv("DEXSIM_CACHE", str(tmp_path / "cache"))
    kept, gone = tmp_path / "kept.vy", tmp_path / "gone.vy"
    for file in (kept, gone):
        file.write_text(SOURCE)
        code = load(file).bytecode
    gone.unlink()
    assert artifact_of_code(code).source == kept


def test_code_that_is_met_again_without_its_layout_keeps_it(tmp_path: Path) -> None:
    made = load("# met again\nheld_here: public(uint256)\n")
    fields = {"abi": list(made.abi), "bytecode": {"object": "0x" + made.bytecode.hex()}}
    (tmp_path / "Again.json").write_text(json.dumps(fields))
    again = load(tmp_path / "Again.json")
    assert not again.layout
    found = artifact_of_code(made.bytecode)
    assert found is not None
    assert found.layout == made.layout
