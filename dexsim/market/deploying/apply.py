"""Sending a plan to a chain, step by step, and knowing it again afterwards."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from dexsim.chain.chain import Chain
from dexsim.chain.node_wire import NodeReceipt
from dexsim.chain.reader import Backend, Reader
from dexsim.chain.types import Address, Receipt
from dexsim.errors import DeploymentError
from dexsim.market.deploying.code import check_code
from dexsim.market.deploying.manifest import (
    Manifest,
    StepRecord,
    manifest_path,
    read_manifest,
    write_manifest,
)
from dexsim.market.deploying.plan import Plan, Recipe, Step


@dataclass(frozen=True, kw_only=True)
class Done:
    """A step that was mined and whose contract is there. code: of what it created."""

    step: Step
    receipt: Receipt
    code: bytes = b""


@dataclass(frozen=True, kw_only=True)
class Applied:
    """The outcome of `apply`. sent: how many transactions went out now; 0 when all stood already."""

    manifest: Manifest
    path: Path
    sent: int


def apply(
    recipe: Recipe,
    backend: Backend,
    *,
    deployer: Address,
    folder: Path,
    on_step: Callable[[Done], None] = lambda done: None,
) -> Applied:
    """Put a plan on a chain, unless its manifest says that it is there already.

    folder: of the manifests. on_step: called after each step.
    Raises DeploymentError when chain and plan or manifest disagree, Reverted
    when a contract refuses, TransactionRejected or NodeError from the node.
    """
    path = manifest_path(folder, backend.chain_id, recipe.name)
    recorded = recorded_deployment(recipe, backend, deployer=deployer, folder=folder)
    if recorded is not None:
        return Applied(manifest=recorded, path=path, sent=0)
    plan = recipe.build(deployer, backend.nonce(deployer))
    manifest = Manifest.of(plan, backend.chain_id)
    write_manifest(path, manifest)  # a folder that cannot be written stops before the first step
    for done in perform(plan, backend):
        manifest = manifest.after(_record(done, backend), done.step.creates, done.code)
        manifest = replace(manifest, complete=len(manifest.steps) == len(plan.steps))
        write_manifest(path, manifest)
        on_step(done)
    return Applied(manifest=manifest, path=path, sent=len(plan.steps))


def perform(plan: Plan, backend: Backend) -> Iterator[Done]:
    """Send the steps one after the other; each is checked before the next is sent."""
    for step in plan.steps:
        receipt = backend.send(step.transaction)
        code = b""
        if step.creates is not None:
            code = backend.code(step.creates.address)
            check_code(step.creates, code)
        yield Done(step=step, receipt=receipt, code=code)


def recorded_deployment(
    recipe: Recipe, backend: Backend, *, deployer: Address, folder: Path
) -> Manifest | None:
    """The manifest of a plan that stands complete on this chain; None when nothing is recorded.

    Raises DeploymentError when the chain was restarted, when the record stops
    in the middle, belongs to another deployer, or tells of other code.
    """
    path = manifest_path(folder, backend.chain_id, recipe.name)
    manifest = read_manifest(path)
    if manifest is None or not manifest.steps:
        return None
    _check_still_there(manifest, backend, path)
    if not manifest.complete:
        raise DeploymentError(
            f"{path}: this deployment stopped after {manifest.steps[-1].name!r}; {_begin_anew(path)} "
            "(what it created stays on the chain, unused)"
        )
    if manifest.deployer != deployer:
        raise DeploymentError(
            f"{path}: {recipe.name} was deployed by {manifest.deployer}, not by {deployer}; "
            "name that account, or another folder with --dir for a deployment of your own"
        )
    _check_same(recipe.build(manifest.deployer, manifest.first_nonce), manifest, backend, path)
    return manifest


def _check_still_there(manifest: Manifest, chain: Reader, path: Path) -> None:
    missing = [name for name, one in manifest.contracts.items() if not chain.code(one.address)]
    if missing:
        raise DeploymentError(
            f"{path}: there is no code where {', '.join(missing)} stood on chain "
            f"{manifest.chain_id}: the chain was restarted since; {_begin_anew(path)}"
        )


def _check_same(plan: Plan, manifest: Manifest, chain: Reader, path: Path) -> None:
    """That what is recorded, what is on chain and what would be deployed today are the same."""
    for name, planned in plan.contracts.items():
        recorded = manifest.contracts.get(name)
        wanted = "0x" + planned.artifact.init_code_hash.hex()
        if recorded is None or recorded.bytecode_hash != wanted:
            raise DeploymentError(
                f"{path}: {name} was deployed from another version of {planned.artifact.name}; "
                f"{_begin_anew(path)}"
            )
        check_code(replace(planned, address=recorded.address), chain.code(recorded.address))


def _begin_anew(path: Path) -> str:
    return f"to deploy anew, delete {path} or name another folder with --dir"


def _record(done: Done, backend: Backend) -> StepRecord:
    return StepRecord(
        name=done.step.name,
        tx_hash="0x" + done.receipt.tx_hash.hex(),
        block_number=_block_number(done.receipt, backend),
        gas_used=done.receipt.gas_used,
    )


def _block_number(receipt: Receipt, backend: Backend) -> int | None:
    """Only a node's receipt knows its block; in process it is the chain's last."""
    if isinstance(receipt, NodeReceipt):
        return receipt.block_number
    return backend.number if isinstance(backend, Chain) else None
