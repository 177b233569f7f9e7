"""A deployment as other tools read it: TypeScript constants, a token list, input for verification.

All of it follows from the manifest and from the artifacts: no chain is asked. Sources: the token
list schema (tokenlists.org), and Vyper's standard JSON input.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from dexsim.artifacts.artifact import Artifact
from dexsim.artifacts.export import put
from dexsim.artifacts.library import load, shipped
from dexsim.artifacts.standard_json import standard_input
from dexsim.errors import ArtifactError, DeploymentError
from dexsim.market.deploying.manifest import ContractRecord, Manifest

_MARK = "addresses.ts"


def write_export(manifest: Manifest, folder: Path, *, force: bool = False) -> list[str]:
    """Write `addresses.ts`, `tokenlist.json` and `verification/` into a folder, whole or not at all.

    The names of contracts that cannot be verified, because their sources are not at hand. Raises
    DeploymentError for a deployment that is not complete, ArtifactError for a folder that cannot
    be written.
    """
    if not manifest.complete:
        raise DeploymentError(
            f"{manifest.plan} is not deployed completely: dexsim deploy --apply goes on"
        )
    artifacts = {name: artifact_of(one) for name, one in manifest.contracts.items()}
    texts = {
        "addresses.ts": typescript(manifest, artifacts),
        "tokenlist.json": _json(token_list(manifest)),
    }
    unverified = []
    for name, record in manifest.contracts.items():
        if record.form == "blueprint":
            continue
        artifact = artifacts[name]
        if artifact is None:
            unverified.append(name)
        else:
            texts[f"verification/{name}.json"] = _json(verification(manifest, name, artifact))
    put(folder, lambda place: _fill(place, texts), mark=_MARK, force=force)
    return unverified


def _fill(place: Path, texts: dict[str, str]) -> None:
    (place / "verification").mkdir()
    for name, text in texts.items():
        (place / name).write_text(text, "utf-8")


def artifact_of(record: ContractRecord) -> Artifact | None:
    """The artifact of a deployed contract: what ships today, or the source that was named.

    None where neither makes the code that was deployed.
    """
    for find in (shipped, load):
        try:
            artifact = find(record.source or record.artifact)
        except ArtifactError:
            continue
        if "0x" + artifact.init_code_hash.hex() == record.bytecode_hash:
            return artifact
    return None


# --- TypeScript ---------------------------------------------------------------------------


def typescript(manifest: Manifest, artifacts: dict[str, Artifact | None]) -> str:
    """Chain id, addresses by name, and ABIs by artifact, as constants that viem and ethers take."""
    addresses = {name: one.address for name, one in manifest.contracts.items()}
    known = {each.name: list(each.abi) for each in artifacts.values() if each is not None}
    parts = [
        f"// {manifest.plan} on chain {manifest.chain_id}, deployed by {manifest.deployer}.",
        f"export const chainId = {manifest.chain_id} as const;",
        f"export const addresses = {_literal(addresses)} as const;",
        f"export const tokens = {_literal(_tokens(manifest))} as const;",
        f"export const pools = {_literal(_pools(manifest))} as const;",
        f"export const abis = {_literal(dict(sorted(known.items())))} as const;",
    ]
    return "\n\n".join(parts) + "\n"


def _tokens(manifest: Manifest) -> dict[str, dict[str, Any]]:
    return {
        name: {
            "address": one.address,
            "name": one.token.name,
            "symbol": one.token.symbol,
            "decimals": one.token.decimals,
        }
        for name, one in manifest.contracts.items()
        if one.token is not None
    }


def _pools(manifest: Manifest) -> dict[str, dict[str, Any]]:
    return {
        name: {
            "address": one.address,
            "pair": one.pool.pair,
            "feeBps": one.pool.fee_bps,
            "router": manifest.contracts[one.pool.router].address,
        }
        for name, one in manifest.contracts.items()
        if one.pool is not None
    }


def _literal(value: object) -> str:
    """JSON is TypeScript, but for two line breaks that older readers take for the end of a line."""
    text = json.dumps(value, indent=2)
    return text.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


# --- the token list -----------------------------------------------------------------------


def token_list(manifest: Manifest) -> dict[str, Any]:
    """The deployment's tokens, as wallets and interfaces read them."""
    return {
        "name": f"dexsim {manifest.plan} {manifest.chain_id}"[:30],
        "timestamp": datetime.fromtimestamp(manifest.time, UTC).strftime("%Y-%m-%dT%H:%M:%S+00:00"),
        "version": {"major": 1, "minor": 0, "patch": 0},
        "tokens": [{"chainId": manifest.chain_id, **facts} for facts in _tokens(manifest).values()],
    }


# --- verification ------------------------------------------------------------------------------


def verification(manifest: Manifest, name: str, artifact: Artifact) -> dict[str, Any]:
    """What a block explorer asks for to verify a contract's code."""
    record = manifest.contracts[name]
    return {
        "chainId": manifest.chain_id,
        "address": record.address,
        "contract": f"{_file(artifact)}:{artifact.name}",
        "compiler": record.compiler,
        "evmVersion": record.evm_version,
        "constructorArguments": constructor_arguments(record, artifact),
        "standardInput": standard_input(artifact),
    }


def constructor_arguments(record: ContractRecord, artifact: Artifact) -> str:
    """The arguments of a constructor as they stand behind the creation code, in hexadecimal."""
    constructor = artifact.interface.constructor
    kinds = [part.type for part in constructor.inputs]
    values = [_read(kind, told) for kind, told in zip(kinds, record.arguments, strict=True)]
    return "0x" + constructor.encode_arguments(values).hex()


def _file(artifact: Artifact) -> str:
    return artifact.source.name if artifact.source is not None else f"{artifact.name}.vy"


def _read(kind: str, told: Any) -> Any:
    """An argument as manifests write it, as the ABI takes it."""
    from eth_abi.grammar import BasicType, TupleType, parse

    parsed = parse(kind)
    if parsed.is_array:
        return [_read(parsed.item_type.to_type_str(), each) for each in told]
    if isinstance(parsed, TupleType):
        pairs = zip(parsed.components, told, strict=True)
        return tuple(_read(part.to_type_str(), each) for part, each in pairs)
    assert isinstance(parsed, BasicType)
    if parsed.base in {"uint", "int"}:
        return int(told)
    return bytes.fromhex(told[2:]) if parsed.base == "bytes" else told


def _json(value: object) -> str:
    return json.dumps(value, indent=1) + "\n"
