"""Outputs of compilers that hold many contracts: one is chosen, by its name where there are several.

solc and vyper: standard JSON (`contracts[file][name]`) and combined JSON (solc: "file:name" -> `abi`,
`bin`, `bin-runtime`; vyper: "file" -> `abi`, `bytecode`, `bytecode_runtime`).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from dexsim.errors import ArtifactError

Fields = Mapping[str, Any]


def chosen(fields: Fields, name: str, where: str) -> Fields:
    """The fields of one contract: of these themselves where they are one's.

    Raises ArtifactError where a name is needed, or there is no such contract.
    """
    if "abi" in fields:
        return fields
    found = {label: each for label, each in _contracts(fields) if _has_code(each)}
    if not found:
        raise ArtifactError(f"{where}: an artifact needs the keys 'abi' and 'bytecode'")
    fitting = {
        label: each
        for label, each in found.items()
        if name in {"", label, label.rpartition(":")[2]}
    }
    if len(fitting) == 1:
        ((label, only),) = fitting.items()
        return {"name": label.rpartition(":")[2], **only}
    problem = f"has no contract {name!r}" if not fitting else "holds several contracts"
    told = ", ".join(sorted(fitting or found))
    raise ArtifactError(f"{where} {problem}: name one as {where}:NAME; there are {told}")


def _contracts(fields: Fields) -> Iterator[tuple[str, Fields]]:
    """(label, fields as an artifact has them): labels are "file:name", or a name alone."""
    contracts = fields.get("contracts")
    if isinstance(contracts, Mapping):
        for file, inside in contracts.items():
            if not isinstance(inside, Mapping):
                continue
            if "abi" in inside:
                yield file, _combined(inside)
            else:
                yield from ((f"{file}:{name}", each) for name, each in inside.items())
        return
    for file, inside in fields.items():
        if isinstance(inside, Mapping) and "abi" in inside:
            stem = file.rpartition("/")[2].removesuffix(".vy")
            yield f"{file}:{stem}", _combined(inside)


def _combined(entry: Fields) -> Fields:
    abi = entry["abi"]
    return {
        "abi": json.loads(abi) if isinstance(abi, str) else abi,
        "bytecode": entry.get("bin", entry.get("bytecode", "")),
        "deployedBytecode": entry.get("bin-runtime", entry.get("bytecode_runtime", "")),
    }


def _has_code(entry: Fields) -> bool:
    """Whether it can be created: no interface, no abstract contract."""
    if "abi" not in entry:
        return False
    evm = entry.get("evm")
    code = entry.get("bytecode") or (evm.get("bytecode") if isinstance(evm, Mapping) else None)
    return bool(code.get("object") if isinstance(code, Mapping) else code)
