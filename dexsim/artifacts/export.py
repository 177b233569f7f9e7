"""Artifacts as files for other tools: ABI, code, layout, standard JSON, hash of the init code."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from dexsim.artifacts.artifact import Artifact
from dexsim.artifacts.standard_json import standard_text
from dexsim.artifacts.whole_folder import put

_INDEX = "dexsim-artifacts.json"


def files_of(artifact: Artifact) -> dict[str, str]:
    """What is written of a contract, by file name. Raises ArtifactError where its sources are gone."""
    about = {
        "name": artifact.name,
        "compiler": artifact.compiler,
        "evm_version": artifact.evm_version,
        "init_code_hash": "0x" + artifact.init_code_hash.hex(),
        "bytes_of_code": artifact.bytes_on_chain,
        "sources": dict(sorted(artifact.sources.items())),
    }
    return {
        "contract.json": _json(about),
        "abi.json": _json(list(artifact.abi)),
        "bytecode.txt": f"0x{artifact.bytecode.hex()}\n",
        "runtime.txt": f"0x{artifact.runtime.hex()}\n",
        "init-code-hash.txt": f"0x{artifact.init_code_hash.hex()}\n",
        "layout.json": _json(artifact.layout),
        "standard-input.json": standard_text(artifact),
    }


def write_artifacts(artifacts: Sequence[Artifact], folder: Path, *, force: bool = False) -> None:
    """Write a folder for each contract into a folder; all of them, or nothing.

    force: replace a folder that something else is in. Raises ArtifactError for a folder that cannot
    be written, or that holds what this has not written.
    """
    index = {each.name: "0x" + each.init_code_hash.hex() for each in artifacts}
    texts = {
        f"{each.name}/{file}": text for each in artifacts for file, text in files_of(each).items()
    }
    put(folder, {**texts, _INDEX: _json(index)}, force=force)


def _json(value: object) -> str:
    return json.dumps(value, indent=1) + "\n"
