"""Bytecode as compilers write it into JSON: dexsim, Hardhat, Foundry, and solc's standard output."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from dexsim.errors import ArtifactError

# Solidity documentation, "Library Linking": __$34 hex digits$__, before 0.5 a padded name.
_PLACEHOLDER = re.compile(r"__\$[0-9a-fA-F]{34}\$__|__.{36}__|__[^_].{37}")


def bytecode_of(fields: Mapping[str, Any], where: str) -> bytes:
    """The creation code of an artifact's JSON.

    Raises ArtifactError when there is none, when it is empty (an interface, an
    abstract contract), no hexadecimal, or when libraries are not linked, with their names.
    """
    value = _first(fields, "bytecode")
    if value is None:
        raise ArtifactError(f"{where}: an artifact needs the keys 'abi' and 'bytecode'")
    text = _hexadecimal(value)
    if "__" in text:
        raise ArtifactError(
            f"{where}: not linked yet; it needs the address of {_libraries(fields, value, text)}"
        )
    if not text:
        raise ArtifactError(
            f"{where}: its bytecode is empty: an interface or an abstract contract cannot be created"
        )
    try:
        return bytes.fromhex(text)
    except ValueError:
        raise ArtifactError(f"{where}: its bytecode is not hexadecimal") from None


def runtime_of(fields: Mapping[str, Any]) -> bytes:
    """The code on chain, with immutables left zero; b"" where the JSON does not tell."""
    value = fields.get("runtime")
    text = _hexadecimal(_first(fields, "deployedBytecode") if value is None else value)
    try:
        return bytes.fromhex(text)
    except ValueError:
        return b""


def layout_of(fields: Mapping[str, Any]) -> Mapping[str, Any]:
    """The storage layout in dexsim's shape, which is Vyper's; solc's `storageLayout` is turned into it."""
    if "layout" in fields or "storageLayout" not in fields:
        return fields.get("layout", {})  # type: ignore[no-any-return]
    foreign = fields["storageLayout"]
    types = foreign.get("types") or {}
    variables = {}
    for entry in foreign.get("storage", ()):
        kind = types.get(entry["type"], {})
        slots = -(-int(kind.get("numberOfBytes", 32)) // 32)
        place = {"slot": int(entry["slot"]), "n_slots": slots}
        variables[entry["label"]] = {"type": kind.get("label", entry["type"]), **place}
    return {"storage_layout": variables}


def _first(fields: Mapping[str, Any], key: str) -> Any:
    """The entry itself, or that of `evm`, where solc's standard output has it."""
    if key in fields:
        return fields[key]
    evm = fields.get("evm")
    return evm.get(key) if isinstance(evm, Mapping) else None


def _hexadecimal(value: Any) -> str:
    if isinstance(value, Mapping):
        value = value.get("object", "")
    return str(value or "").removeprefix("0x")


def _libraries(fields: Mapping[str, Any], value: Any, text: str) -> str:
    """Names of the libraries by the compiler's own list, else the marks that they have left."""
    links = value.get("linkReferences") if isinstance(value, Mapping) else None
    links = links or fields.get("linkReferences") or {}
    named = [name for libraries in links.values() for name in libraries]
    return ", ".join(dict.fromkeys(named or _marks(text))) or "a library"


def _marks(text: str) -> Iterator[str]:
    for found in _PLACEHOLDER.finditer(text):
        yield found.group().strip("_$").rpartition(":")[2]
