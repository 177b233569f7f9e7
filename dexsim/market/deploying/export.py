"""A deployment as other tools read it: TypeScript constants, a token list, input for verification.

All of it follows from the manifest and from the artifacts: no chain is asked. Sources: the token
list schema (tokenlists.org), and Vyper's standard JSON input.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from dexsim.artifacts.artifact import Artifact
from dexsim.artifacts.library import load, shipped
from dexsim.artifacts.standard_json import standard_input
from dexsim.artifacts.whole_folder import put
from dexsim.errors import ArtifactError, DeploymentError
from dexsim.market.deploying.manifest import ContractRecord, Manifest

_Artifacts = Mapping[str, Artifact | None]


@dataclass(frozen=True, kw_only=True)
class Exported:
    """What was written. unknown: contracts whose sources are not at hand, so that there is neither
    ABI nor input for verification of them. unlisted: tokens that no token list may hold.
    """

    files: tuple[str, ...]
    unknown: tuple[str, ...]
    unlisted: tuple[str, ...]


def write_export(manifest: Manifest, folder: Path, *, force: bool = False) -> Exported:
    """Write `addresses.ts`, `tokenlist.json` and `verification/` into a folder, whole or not at all.

    Without tokens there is no token list: its schema wants one at least. Raises DeploymentError for
    a deployment that is not complete, ArtifactError for a folder that cannot be written.
    """
    _check(manifest)
    artifacts = {name: artifact_of(one) for name, one in manifest.contracts.items()}
    listed = {name: one for name, one in _tokens(manifest).items() if _is_listable(one)}
    texts = {"addresses.ts": typescript(manifest, artifacts)}
    if listed:
        texts["tokenlist.json"] = _json(token_list(manifest))
    texts |= _verifications(manifest, artifacts)
    put(folder, texts, force=force)
    return Exported(
        files=tuple(dict.fromkeys(re.sub("/.*", "/", path) for path in texts)),
        unknown=tuple(name for name, artifact in artifacts.items() if artifact is None),
        unlisted=tuple(name for name in _tokens(manifest) if name not in listed),
    )


def _check(manifest: Manifest) -> None:
    if not manifest.complete:
        raise DeploymentError(
            f"{manifest.plan} is not deployed completely: dexsim deploy --apply goes on"
        )
    for name in (manifest.plan, *manifest.contracts):
        if not re.fullmatch(r"[\w-][\w. -]*", name):
            raise DeploymentError(f"the manifest is damaged: {name!r} is no name of a plan's")


def _verifications(manifest: Manifest, artifacts: _Artifacts) -> dict[str, str]:
    """By file; a blueprint is not executed, and nobody verifies it."""
    return {
        f"verification/{name}.json": _json(verification(manifest, name, artifact))
        for name, artifact in artifacts.items()
        if artifact is not None and manifest.contracts[name].form == "contract"
    }


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


def typescript(manifest: Manifest, artifacts: _Artifacts) -> str:
    """Chain id, addresses by name, and ABIs by artifact, as constants that viem and ethers take."""
    addresses = {name: one.address for name, one in manifest.contracts.items()}
    names, abis = _abis(artifacts)
    constants = {
        "chainId": manifest.chain_id,
        "addresses": addresses,
        "tokens": _tokens(manifest),
        "pools": _pools(manifest),
        "artifacts": names,
        "abis": abis,
    }
    parts = [
        f"// {manifest.plan} on chain {manifest.chain_id}, deployed by {manifest.deployer}.",
        *(
            f"export const {name} = {_literal(value)} as const;"
            for name, value in constants.items()
        ),
    ]
    return "\n\n".join(parts) + "\n"


def _abis(artifacts: _Artifacts) -> tuple[dict[str, str], dict[str, list[Any]]]:
    """Under which name every contract's ABI is, and the ABIs: two artifacts may be called the same."""
    names: dict[str, str] = {}
    abis: dict[str, list[Any]] = {}
    for name, artifact in artifacts.items():
        if artifact is not None:
            abi = list(artifact.abi)
            plain = abis.setdefault(artifact.name, abi) == abi
            names[name] = artifact.name if plain else f"{artifact.name} of {name}"
            abis[names[name]] = abi
    return names, dict(sorted(abis.items()))


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
    tokens = [one for one in _tokens(manifest).values() if _is_listable(one)]
    return {
        "name": _words(f"dexsim {manifest.plan} {manifest.chain_id}")[:30],
        "timestamp": datetime.fromtimestamp(manifest.time, UTC).strftime("%Y-%m-%dT%H:%M:%S+00:00"),
        "version": {"major": 1, "minor": 0, "patch": 0},
        "tokens": [{"chainId": manifest.chain_id, **facts} for facts in tokens],
    }


def _words(name: str) -> str:
    """A name of letters, digits, _ and spaces: all that a list's may have."""
    return re.sub(r"[^A-Za-z0-9_]", " ", name)


def _is_listable(facts: Mapping[str, Any]) -> bool:
    """Whether the schema takes a token: a list with one that it does not take is refused whole."""
    name, symbol = facts["name"], facts["symbol"]
    return re.fullmatch(r"[ \S]{0,60}", name) is not None and (
        re.fullmatch(r"\S{0,20}", symbol) is not None
    )


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
