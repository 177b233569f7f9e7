"""What a deployment left behind, as a file: `deployments/<chain id>/<plan>.json`."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

from eth_hash.auto import keccak
from pydantic import TypeAdapter, ValidationError

from dexsim.chain.types import Address
from dexsim.errors import DeploymentError
from dexsim.market.deploying.plan import Plan, Planned


@dataclass(frozen=True, kw_only=True)
class ContractRecord:
    """A contract on the chain.

    arguments: of its constructor: integers in decimal, addresses and bytes in
    hexadecimal. bytecode_hash: keccak256 of the creation code without
    arguments. code_hash: keccak256 of the code on chain.
    """

    address: Address
    artifact: str
    form: Literal["contract", "blueprint"]
    arguments: tuple[Any, ...]
    compiler: str
    evm_version: str
    bytecode_hash: str
    code_hash: str
    tx_hash: str
    block_number: int | None


@dataclass(frozen=True, kw_only=True)
class StepRecord:
    """A transaction that was mined."""

    name: str
    tx_hash: str
    block_number: int | None
    gas_used: int


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """A plan as it was applied to one chain; complete once its last step is done."""

    schema: Literal[1] = 1
    plan: str
    chain_id: int
    deployer: Address
    first_nonce: int
    complete: bool = False
    contracts: dict[str, ContractRecord] = field(default_factory=dict)
    steps: tuple[StepRecord, ...] = ()

    @classmethod
    def of(cls, plan: Plan, chain_id: int) -> Manifest:
        """Of a plan that nothing has been sent of yet."""
        return cls(
            plan=plan.name,
            chain_id=chain_id,
            deployer=plan.deployer,
            first_nonce=plan.first_nonce,
        )

    def after(self, step: StepRecord, created: Planned | None, code: bytes) -> Manifest:
        """With one more step done. code: on chain at the address of what it created."""
        contracts = dict(self.contracts)
        if created is not None:
            contracts[created.name] = _contract_record(created, step, code)
        return replace(self, steps=(*self.steps, step), contracts=contracts)

    def to_json(self) -> str:
        """Readable JSON."""
        return json.dumps(asdict(self), indent=2) + "\n"


_ADAPTER = TypeAdapter(Manifest)


def manifest_path(folder: Path, chain_id: int, plan: str) -> Path:
    """Where the manifest of a plan on a chain is kept."""
    return folder / str(chain_id) / f"{plan}.json"


def read_manifest(path: Path) -> Manifest | None:
    """The manifest of a file, None where there is no such file. Raises DeploymentError for another."""
    try:
        return _ADAPTER.validate_json(path.read_text())
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise DeploymentError(f"{path}: cannot be read: {error}") from None
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        told = f"{place}: {first['msg']}" if place else first["msg"]
        raise DeploymentError(f"{path}: not a manifest that dexsim wrote: {told}") from None


def write_manifest(path: Path, manifest: Manifest) -> None:
    """Write a manifest so that a crash leaves the old file or the new one. Raises DeploymentError."""
    part = path.with_suffix(f".{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with part.open("w") as file:
            file.write(manifest.to_json())
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as error:
        raise DeploymentError(f"{path}: cannot be written: {error}") from None


def _contract_record(created: Planned, step: StepRecord, code: bytes) -> ContractRecord:
    artifact = created.artifact
    return ContractRecord(
        address=created.address,
        artifact=artifact.name,
        form=created.form,
        arguments=_told(created.arguments),
        compiler=artifact.compiler,
        evm_version=artifact.evm_version,
        bytecode_hash="0x" + artifact.init_code_hash.hex(),
        code_hash="0x" + keccak(code).hex(),
        tx_hash=step.tx_hash,
        block_number=step.block_number,
    )


def _told(arguments: Iterable[Any]) -> tuple[Any, ...]:
    return tuple(_told_one(argument) for argument in arguments)


def _told_one(argument: Any) -> Any:
    """As JSON that every reader keeps exactly: most of them lose digits of large numbers."""
    if isinstance(argument, (list, tuple)):
        return _told(argument)
    if isinstance(argument, bytes):
        return "0x" + argument.hex()
    return argument if isinstance(argument, bool) else str(argument)
