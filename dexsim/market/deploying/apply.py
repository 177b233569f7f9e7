"""Sending what is left of a plan, step by step, each written down before and after."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from dexsim.chain.node_wire import NodeReceipt
from dexsim.chain.types import Address
from dexsim.errors import DeploymentError, NodeError
from dexsim.market.deploying.code import check_code
from dexsim.market.deploying.ledger import Ledger
from dexsim.market.deploying.manifest import (
    Manifest,
    StepRecord,
    alone,
    manifest_path,
    read_manifest,
    write_manifest,
)
from dexsim.market.deploying.plan import Recipe, Step
from dexsim.market.deploying.standing import Standing, carried_out, standing

WAITING_SECONDS = 60
_POLL_SECONDS = 0.2


@dataclass(frozen=True, kw_only=True)
class Done:
    """A step that was mined and whose contract is there.

    code: of what it created. sent: False for one that an earlier, interrupted run had sent.
    """

    step: Step
    receipt: NodeReceipt
    code: bytes = b""
    sent: bool = True


@dataclass(frozen=True, kw_only=True)
class Applied:
    """The outcome of `apply`. sent: how many transactions went out now; 0 when all stood already."""

    manifest: Manifest
    path: Path
    sent: int


def apply(
    recipe: Recipe,
    ledger: Ledger,
    *,
    deployer: Address,
    folder: Path,
    gas_limits: Mapping[str, int] | None = None,
    on_step: Callable[[Done], None] = lambda done: None,
    waiting_seconds: float = WAITING_SECONDS,
) -> Applied:
    """Carry out what is left of a plan; nothing that stands is deployed again.

    folder: of the manifests. gas_limits: of steps, by name. on_step: called after each step.
    waiting_seconds: for transactions of the deployer that wait for a block already.
    Raises DeploymentError when chain and plan or manifest disagree, Reverted
    when a contract refuses, TransactionRejected or NodeError from the node.
    """
    path = manifest_path(folder, ledger.chain_id, recipe.name)
    with alone(path):
        recorded = read_manifest(path)
        if recorded is not None:  # what waits may be a step of an earlier run
            _let_pass(ledger, deployer, waiting_seconds)
        found = standing(recipe, ledger, deployer=deployer, manifest=recorded)
        if not found.remaining and recorded == replace(found.manifest, complete=True):
            return Applied(manifest=recorded, path=path, sent=0)
        _let_pass(ledger, deployer, waiting_seconds)
        return _carry_on(found, ledger, path, gas_limits or {}, on_step)


def _carry_on(
    found: Standing,
    ledger: Ledger,
    path: Path,
    gas_limits: Mapping[str, int],
    on_step: Callable[[Done], None],
) -> Applied:
    manifest, sent = found.manifest, 0
    write_manifest(path, manifest)  # a folder that cannot be written stops before the first step
    for step in found.remaining:
        manifest = _known_before(manifest, step, ledger)
        write_manifest(path, manifest)
        done = carry_out(_with_gas(step, gas_limits), ledger, since=_since(manifest))
        manifest = manifest.after(_record(done), step.creates, done.code)
        write_manifest(path, manifest)
        sent += done.sent
        on_step(done)
    manifest = replace(manifest, complete=True, sending=None)
    write_manifest(path, manifest)
    return Applied(manifest=manifest, path=path, sent=sent)


def _known_before(manifest: Manifest, step: Step, ledger: Ledger) -> Manifest:
    """With the step under way; one that was so already keeps the block from which to look for it."""
    under_way = manifest.sending
    if under_way and (under_way.name, under_way.nonce) == (step.name, step.nonce):
        return manifest
    return manifest.before(step, ledger.number)


def _since(manifest: Manifest) -> int:
    return manifest.sending.block_number if manifest.sending else 0


def _with_gas(step: Step, limits: Mapping[str, int]) -> Step:
    limit = limits.get(step.name)
    if limit is None:
        return step
    return replace(step, transaction=replace(step.transaction, gas_limit=limit))


def carry_out(step: Step, ledger: Ledger, *, since: int = 0) -> Done:
    """Have a step mined, unless it is, and check what it created. since: a block before it.

    Raises DeploymentError when another transaction has taken its nonce.
    """
    sender = step.transaction.sender
    receipt, sent = None, ledger.nonce(sender) <= step.nonce
    if sent:
        tip = ledger.tip
        receipt = ledger.send(replace(step.transaction, max_priority_fee_per_gas=tip))
    else:
        receipt = ledger.mined_as(sender, step.nonce, since=since)
        if receipt is None or not carried_out(receipt, step.digest):
            raise DeploymentError(
                f"{step.name}: nonce {step.nonce} of {sender} went to another transaction meanwhile; "
                "nothing is lost: look at the plan again (the remaining addresses differ now) and --apply"
            )
    code = b""
    if step.creates is not None:
        code = ledger.code(step.creates.address)
        check_code(step.creates, code)
    return Done(step=step, receipt=receipt, code=code, sent=sent)


def perform(steps: tuple[Step, ...], ledger: Ledger) -> Iterator[Done]:
    """Carry out steps one after the other, writing nothing down."""
    for step in steps:
        yield carry_out(step, ledger)


def _let_pass(ledger: Ledger, deployer: Address, seconds: float) -> None:
    """Wait until no transaction of the deployer waits for a block: one may be ours."""
    end = time.monotonic() + seconds
    while (pending := ledger.pending_nonce(deployer)) > (mined := ledger.nonce(deployer)):
        if time.monotonic() > end:
            raise NodeError(
                f"{pending - mined} transactions of {deployer} wait for a block since {seconds:.0f} s: "
                "nothing is sent behind them; let the chain mine, then --apply again"
            )
        time.sleep(_POLL_SECONDS)


def _record(done: Done) -> StepRecord:
    return StepRecord(
        name=done.step.name,
        nonce=done.step.nonce,
        tx_hash="0x" + done.receipt.tx_hash.hex(),
        block_number=done.receipt.block_number,
        gas_used=done.receipt.gas_used,
        digest=done.step.digest,
    )
