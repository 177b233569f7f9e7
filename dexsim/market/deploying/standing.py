"""What of a plan stands on a chain already: the manifest's word against the chain's.

The manifest is written before and after every transaction, so that it never tells too little: a
step that it calls under way was sent or was not, and the chain knows by the sender's nonce.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from dexsim.chain.node_wire import NodeReceipt
from dexsim.chain.types import Address
from dexsim.errors import DeploymentError
from dexsim.market.deploying.code import check_code, code_hash
from dexsim.market.deploying.ledger import Ledger
from dexsim.market.deploying.manifest import ContractRecord, Manifest, Sending, StepRecord
from dexsim.market.deploying.plan import Ground, Plan, Recipe, Step, digest_of


@dataclass(frozen=True, kw_only=True)
class Standing:
    """A plan on a chain, as far as it is carried out.

    manifest: what was done and still stands. lost: steps that were done and that the chain has
    undone since. waiting: transactions of the deployer that no block holds yet.
    """

    plan: Plan
    manifest: Manifest
    lost: tuple[str, ...] = ()
    waiting: int = 0

    @property
    def done(self) -> Mapping[str, StepRecord]:
        """What was carried out, by the steps' names."""
        return {step.name: step for step in self.manifest.steps}

    @property
    def remaining(self) -> tuple[Step, ...]:
        """What is still to be sent, in order."""
        return tuple(step for step in self.plan.steps if step.name not in self.done)


def standing(
    recipe: Recipe, ledger: Ledger, *, deployer: Address, manifest: Manifest | None
) -> Standing:
    """What is done of a plan, and what is left. Changes nothing.

    Raises DeploymentError for another deployer's record, a restarted chain, other code at a
    recorded address, or a plan that says something else than what was sent.
    """
    if manifest is None:
        manifest = Manifest(
            plan=recipe.name, chain_id=ledger.chain_id, deployer=deployer, time=ledger.timestamp
        )
    if manifest.deployer != deployer:
        raise DeploymentError(
            f"{recipe.name} was deployed by {manifest.deployer}, not by {deployer}; name that account, "
            "or another folder with --dir for a deployment of your own"
        )
    waiting = max(0, ledger.pending_nonce(deployer) - ledger.nonce(deployer))
    kept, lost = surviving(manifest, ledger)
    taken = {step.name: step.nonce for step in kept.steps}
    if kept.sending is not None and _has_arrived(kept.sending, deployer, ledger):
        taken[kept.sending.name] = kept.sending.nonce
    plan = _plan(recipe, kept, ledger, taken)
    found = Standing(plan=plan, manifest=kept, lost=lost, waiting=waiting)
    _check_same(found, ledger)
    return found


def _plan(recipe: Recipe, manifest: Manifest, ledger: Ledger, taken: Mapping[str, int]) -> Plan:
    following = max(taken.values(), default=-1) + 1
    nonce = max(ledger.nonce(manifest.deployer), following)
    return recipe.build(
        Ground(deployer=manifest.deployer, nonce=nonce, time=manifest.time, taken=taken)
    )


def _has_arrived(sending: Sending, deployer: Address, ledger: Ledger) -> bool:
    """Whether a step that was under way stands in a block. If not, it takes the next nonce: its own."""
    receipt = ledger.mined_as(deployer, sending.nonce, since=sending.block_number)
    return carried_out(receipt, sending.digest)


def carried_out(receipt: NodeReceipt | None, digest: str) -> bool:
    """Whether a receipt is that of a step, and the step succeeded."""
    return receipt is not None and receipt.status and digest_of(receipt.transaction) == digest


# --- what is recorded ---------------------------------------------------------------


def surviving(manifest: Manifest, ledger: Ledger) -> tuple[Manifest, tuple[str, ...]]:
    """The manifest up to the first step that the chain has undone, and the steps from there on.

    Raises DeploymentError where nothing of it stands any more, or other code does.
    """
    states = {name: _state(one, ledger) for name, one in manifest.contracts.items()}
    if states and "stands" not in states.values():
        raise DeploymentError(
            f"chain {manifest.chain_id} was restarted since {manifest.plan} was deployed: none of its "
            f"contracts stands at its address any more ({', '.join(states)}); "
            "--fresh puts the old record away and deploys again"
        )
    other = [name for name, state in states.items() if state == "other"]
    if other:
        raise DeploymentError(
            f"the code of {', '.join(other)} is not what was deployed there; --fresh puts the record "
            "away and deploys everything again"
        )
    kept: list[str] = []
    for step in manifest.steps:
        if not _still_done(step, states, ledger):
            break
        kept.append(step.name)
    lost = tuple(step.name for step in manifest.steps[len(kept) :])
    if not lost:
        return manifest, ()
    return replace(manifest.only(kept), sending=None, complete=False), lost


def _state(record: ContractRecord, ledger: Ledger) -> str:
    code = ledger.code(record.address)
    if not code:
        return "missing"
    return "stands" if code_hash(code) == record.code_hash else "other"


def _still_done(step: StepRecord, states: Mapping[str, str], ledger: Ledger) -> bool:
    if step.name in states:
        return states[step.name] == "stands"
    return ledger.mined(bytes.fromhex(step.tx_hash[2:])) is not None


def _check_same(found: Standing, ledger: Ledger) -> None:
    """That what was sent is what the plan says today."""
    steps = {step.name: step for step in found.plan.steps}
    for name, record in found.done.items():
        step = steps.get(name)
        if step is None or step.digest == record.digest:
            continue
        raise DeploymentError(
            f"{name}: {_difference(step, found.manifest)}; give what has changed another name, or "
            "--fresh puts the record away and deploys everything again"
        )
    for name, contract in found.manifest.contracts.items():
        planned = found.plan.contracts.get(name)
        if planned is not None:
            check_code(planned, ledger.code(contract.address))


def _difference(step: Step, manifest: Manifest) -> str:
    recorded = manifest.contracts.get(step.name)
    if recorded is None or step.creates is None:
        return "the plan says something else now than what was sent"
    if recorded.bytecode_hash != "0x" + step.creates.artifact.init_code_hash.hex():
        return f"was deployed from another version of {step.creates.artifact.name}"
    return "was deployed with other arguments than the plan has now"
