"""Artifacts as files for other tools: ABI, code, layout, standard JSON, hash of the init code."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import mkdtemp

from dexsim.artifacts.artifact import Artifact
from dexsim.artifacts.standard_json import standard_text
from dexsim.errors import ArtifactError

_MARK = "dexsim-artifacts.json"


def files_of(artifact: Artifact) -> dict[str, str]:
    """What is written of a contract, by file name. Raises ArtifactError where its sources are gone."""
    about = {
        "name": artifact.name,
        "compiler": artifact.compiler,
        "evm_version": artifact.evm_version,
        "init_code_hash": "0x" + artifact.init_code_hash.hex(),
        "bytes_of_code": len(artifact.runtime),
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
    texts = {each.name: files_of(each) for each in artifacts}

    def fill(place: Path) -> None:
        for name, files in texts.items():
            (place / name).mkdir()
            for file, text in files.items():
                (place / name / file).write_text(text, "utf-8")
        (place / _MARK).write_text(_json(index), "utf-8")

    put(folder, fill, mark=_MARK, force=force)


def put(folder: Path, fill: Callable[[Path], None], *, mark: str, force: bool) -> None:
    """Make a folder whole or not at all. mark: a file in it by which it is known as written by this.

    Raises ArtifactError as `write_artifacts` does.
    """
    if folder.exists() and not force and not _is_ours(folder, mark):
        raise ArtifactError(f"{folder} is there and holds other things; --force replaces it")
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        made = Path(mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
        try:
            made.chmod(0o755)
            fill(made)
            if folder.exists():
                shutil.rmtree(folder)
            made.rename(folder)
        finally:
            shutil.rmtree(made, ignore_errors=True)
    except OSError as error:
        raise ArtifactError(f"{folder}: cannot be written: {error.strerror}") from None


def _is_ours(folder: Path, mark: str) -> bool:
    return folder.is_dir() and ((folder / mark).is_file() or not any(folder.iterdir()))


def _json(value: object) -> str:
    return json.dumps(value, indent=1) + "\n"
