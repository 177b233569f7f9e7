"""What a deployment left behind, as a file: `deployments/<chain id>/<plan>.json`."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

from pydantic import TypeAdapter, ValidationError

from dexsim.artifacts.artifact import Artifact
from dexsim.artifacts.library import sources_folder
from dexsim.chain.types import Address
from dexsim.errors import DeploymentError
from dexsim.market.deploying.code import code_hash
from dexsim.market.deploying.plan import GaugeFacts, Planned, PoolFacts, Step, TokenFacts


@dataclass(frozen=True, kw_only=True)
class ContractRecord:
    """A contract on the chain.

    arguments: of its constructor: integers in decimal, addresses and bytes in
    hexadecimal. bytecode_hash: keccak256 of the creation code without
    arguments. code_hash: keccak256 of the code on chain. source: the file that it was compiled
    from; "" for what ships with dexsim.
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
    block_number: int
    source: str = ""
    token: TokenFacts | None = None
    pool: PoolFacts | None = None
    gauge: GaugeFacts | None = None


@dataclass(frozen=True, kw_only=True)
class StepRecord:
    """A transaction that was mined. digest: what it did; see `digest_of`."""

    name: str
    nonce: int
    tx_hash: str
    block_number: int
    gas_used: int
    digest: str


@dataclass(frozen=True, kw_only=True)
class Sending:
    """A transaction that was about to be sent; block_number: of the newest block by then."""

    name: str
    nonce: int
    block_number: int
    digest: str


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """A plan as it was applied to one chain; complete once its last step is done.

    time: of the chain when the plan was made, seconds since 1970. sending: what was under way when
    this was written.
    """

    schema: Literal[2] = 2
    plan: str
    chain_id: int
    deployer: Address
    time: int
    complete: bool = False
    contracts: dict[str, ContractRecord] = field(default_factory=dict)
    steps: tuple[StepRecord, ...] = ()
    sending: Sending | None = None

    def before(self, step: Step, block_number: int) -> Manifest:
        """With a step about to be sent."""
        sending = Sending(
            name=step.name, nonce=step.nonce, block_number=block_number, digest=step.digest
        )
        return replace(self, sending=sending)

    def after(self, step: StepRecord, created: Planned | None, code: bytes) -> Manifest:
        """With one more step done. code: on chain at the address of what it created."""
        contracts = dict(self.contracts)
        if created is not None:
            contracts[created.name] = _contract_record(created, step, code)
        return replace(self, steps=(*self.steps, step), contracts=contracts, sending=None)

    def only(self, names: Collection[str]) -> Manifest:
        """With these steps alone."""
        return replace(
            self,
            steps=tuple(step for step in self.steps if step.name in names),
            contracts={name: one for name, one in self.contracts.items() if name in names},
            complete=self.complete and all(step.name in names for step in self.steps),
        )

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
        raise DeploymentError(f"{path}: not a manifest that this version wrote: {told}") from None


def manifests_of(folder: Path, chain_id: int, plan: str | None = None) -> list[Path]:
    """The manifests of a chain, or the one of a plan. Raises DeploymentError where there is none."""
    place = folder / str(chain_id)
    found = (
        sorted(place.glob("*.json")) if plan is None else [manifest_path(folder, chain_id, plan)]
    )
    if not found or not found[0].exists():
        what = f"{plan} is not recorded" if plan else "nothing is recorded"
        there = ", ".join(path.stem for path in sorted(place.glob("*.json"))) if plan else ""
        hint = f"; there are: {there}" if there else ""
        raise DeploymentError(f"{what} for chain {chain_id} in {place}{hint}")
    return found


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


def archive(path: Path) -> Path:
    """Put a manifest away, so that its plan begins anew; where it is then. Raises DeploymentError."""
    folder = path.parent / "archive"
    count = 1
    while (target := folder / f"{path.stem}-{count}.json").exists():
        count += 1
    try:
        folder.mkdir(exist_ok=True)
        return path.rename(target)
    except OSError as error:
        raise DeploymentError(f"{path}: cannot be put away to {target}: {error}") from None


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Nobody else applies this plan meanwhile: two at once would deploy everything twice.

    Raises DeploymentError when somebody does. The lock ends with its process, however that ends.
    """
    folder = path.parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = os.open(folder, os.O_RDONLY)  # the folder itself: no file to be left behind
    except OSError as error:
        raise DeploymentError(f"{folder}: cannot be written: {error}") from None
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(lock)
        raise DeploymentError(
            f"{folder}: another process deploys to this chain right now; wait for it"
        ) from None
    try:
        yield
    finally:
        os.close(lock)


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
        code_hash=code_hash(code),
        tx_hash=step.tx_hash,
        block_number=step.block_number,
        source=_source(artifact),
        token=created.token,
        pool=created.pool,
        gauge=created.gauge,
    )


def _source(artifact: Artifact) -> str:
    if artifact.source is None or artifact.source.parent == sources_folder():
        return ""
    return str(artifact.source)


def _told(arguments: Iterable[Any]) -> tuple[Any, ...]:
    return tuple(_told_one(argument) for argument in arguments)


def _told_one(argument: Any) -> Any:
    """As JSON that every reader keeps exactly: most of them lose digits of large numbers."""
    if isinstance(argument, (list, tuple)):
        return _told(argument)
    if isinstance(argument, bytes):
        return "0x" + argument.hex()
    return argument if isinstance(argument, bool) else str(argument)
