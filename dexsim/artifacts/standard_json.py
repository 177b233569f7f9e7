"""A contract as Vyper's standard JSON input: what a block explorer verifies code with.

Source: "Compiling a contract: Input JSON Description" of the Vyper documentation.
"""

from __future__ import annotations

import hashlib
import json
import re
import tokenize
from io import StringIO
from typing import Any

from dexsim.artifacts.artifact import Artifact
from dexsim.errors import ArtifactError

_OUTPUTS = ["abi", "evm.bytecode", "evm.deployedBytecode", "layout"]
_OPTIMIZE = re.compile(r"#\s*pragma\s+optimize\s+(\w+)")


def standard_input(artifact: Artifact) -> dict[str, Any]:
    """What compiles to the artifact's very code. Raises ArtifactError where its sources are not there."""
    main = _main(artifact)
    texts = _texts(artifact)
    return {
        "language": "Vyper",
        "sources": {name: {"content": text} for name, text in texts.items()},
        "settings": {
            "evmVersion": artifact.evm_version,
            "optimize": _optimize(texts[main]),
            "bytecodeMetadata": False,
            "search_paths": ["."],
            "outputSelection": {main: _OUTPUTS},
        },
    }


def standard_text(artifact: Artifact) -> str:
    """The same as JSON text."""
    return json.dumps(standard_input(artifact), indent=1, sort_keys=True) + "\n"


def _main(artifact: Artifact) -> str:
    """The file among its sources that the artifact was compiled from."""
    if artifact.source is None or artifact.source.name not in artifact.sources:
        raise ArtifactError(
            f"{artifact.name}: its Vyper source is not known, and standard JSON is made of sources"
        )
    return artifact.source.name


def _texts(artifact: Artifact) -> dict[str, str]:
    assert artifact.source is not None
    texts = {}
    for name, digest in sorted(artifact.sources.items()):
        file = artifact.source.parent / name
        try:
            raw = file.read_bytes()
        except OSError as error:
            raise ArtifactError(f"{file}: cannot be read: {error.strerror}") from None
        if hashlib.sha256(raw).hexdigest() != digest:
            raise ArtifactError(f"{file} has changed since {artifact.name} was compiled")
        texts[name] = raw.decode("utf-8")
    return texts


def _optimize(source: str) -> str:
    """What a contract's pragma asks for: the compiler refuses settings that say another thing."""
    for token in tokenize.generate_tokens(StringIO(source).readline):
        found = _OPTIMIZE.match(token.string) if token.type == tokenize.COMMENT else None
        if found:
            return found[1]
    return "gas"  # the compiler's own choice
