"""A compiled contract as a value, and its JSON form."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from eth_hash.auto import keccak

from dexsim.artifacts.abi import Interface
from dexsim.artifacts.foreign import bytecode_of, layout_of, runtime_of
from dexsim.artifacts.whole_outputs import chosen
from dexsim.errors import ArtifactError

_BLUEPRINT_PREAMBLE = bytes.fromhex("fe7100")  # ERC-5202: version 0, no data section


@dataclass(frozen=True, kw_only=True)
class Artifact:
    """A compiled contract.

    abi: the JSON ABI. bytecode: the creation code, without constructor
    arguments. runtime: the code on chain without Vyper's immutables, which stand behind it;
    solc's stand within it, and are zero here.
    compiler: its name and version. sources: SHA-256 of every source file that
    went in, by path relative to the contract's folder.
    layout: storage, transient and immutable slots as the compiler tells them.
    source: the file that it was compiled from, where that is known; no part of its identity.
    """

    name: str
    abi: tuple[Mapping[str, Any], ...]
    bytecode: bytes
    runtime: bytes = b""
    compiler: str = ""
    evm_version: str = ""
    sources: Mapping[str, str] = field(default_factory=dict)
    layout: Mapping[str, Any] = field(default_factory=dict)
    source: Path | None = field(default=None, compare=False, repr=False)

    @cached_property
    def init_code_hash(self) -> bytes:
        """keccak256 of the creation code: what CREATE2 addresses are computed from (EIP-1014)."""
        return bytes(keccak(self.bytecode))

    @cached_property
    def interface(self) -> Interface:
        """The ABI, looked up by name."""
        return Interface(self.abi)

    @property
    def bytes_on_chain(self) -> int:
        """Size of the code on chain, which EIP-170 limits: Vyper keeps immutables behind the code."""
        return len(self.runtime) + immutable_bytes(self.layout.get("code_layout", {}))

    @property
    def blueprint_bytecode(self) -> bytes:
        """Creation code that deploys this contract's creation code as a blueprint (ERC-5202)."""
        body = _BLUEPRINT_PREAMBLE + self.bytecode
        return b"\x61" + len(body).to_bytes(2, "big") + bytes.fromhex("3d81600a3d39f3") + body

    def to_json(self) -> str:
        """The artifact as stable, readable JSON."""
        fields = {
            "name": self.name,
            "compiler": self.compiler,
            "evm_version": self.evm_version,
            "sources": dict(sorted(self.sources.items())),
            "abi": list(self.abi),
            "layout": self.layout,
            "bytecode": "0x" + self.bytecode.hex(),
            "runtime": "0x" + self.runtime.hex(),
        }
        return json.dumps(fields, indent=1) + "\n"

    @classmethod
    def from_json(cls, text: str, *, where: str = "artifact", contract: str = "") -> Artifact:
        """Read an artifact: dexsim's own JSON, or any with `abi` and `bytecode` as compilers write them.

        contract: which one, in the whole output of a compiler that holds several.
        Raises ArtifactError naming `where` and what is missing.
        """
        try:
            fields = json.loads(text)
        except json.JSONDecodeError as error:
            raise ArtifactError(f"{where}: not JSON: {error}") from None
        if not isinstance(fields, dict):
            raise ArtifactError(f"{where}: an artifact needs the keys 'abi' and 'bytecode'")
        fields = chosen(fields, contract, where)
        compiler = fields.get("compiler", "")
        return cls(
            name=fields.get("name") or fields.get("contractName") or Path(where).stem,
            abi=tuple(fields["abi"]),
            bytecode=bytecode_of(fields, where),
            runtime=runtime_of(fields),
            compiler=compiler if isinstance(compiler, str) else "",
            evm_version=fields.get("evm_version", ""),
            sources=fields.get("sources", {}),
            layout=layout_of(fields),
        )


def immutable_bytes(layout: Mapping[str, Any]) -> int:
    """How many bytes of immutables a code layout speaks of; imported modules nest in it."""
    return sum(
        entry["length"] if _is_immutable(entry) else immutable_bytes(entry)
        for entry in layout.values()
    )


def _is_immutable(entry: Mapping[str, Any]) -> bool:
    return isinstance(entry.get("length"), int)
