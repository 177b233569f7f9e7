"""Whether a chain still is what a manifest tells of it."""

from __future__ import annotations

from dataclasses import dataclass

from dexsim.market.deploying.code import code_hash
from dexsim.market.deploying.ledger import Ledger
from dexsim.market.deploying.manifest import ContractRecord, Manifest, StepRecord


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One line of an audit. problem: "" where chain and manifest agree."""

    name: str
    what: str
    problem: str = ""


def audit(manifest: Manifest, ledger: Ledger) -> list[Finding]:
    """Every contract's code and every transaction of a manifest, held against the chain."""
    found = [_contract(name, one, ledger) for name, one in manifest.contracts.items()]
    found += [_step(step, manifest, ledger) for step in manifest.steps]
    if not manifest.complete:
        last = manifest.steps[-1].name if manifest.steps else "nothing"
        problem = f"the deployment stopped after {last!r}; --apply goes on"
        found.append(Finding(name=manifest.plan, what="the plan", problem=problem))
    return found


def _contract(name: str, record: ContractRecord, ledger: Ledger) -> Finding:
    code, problem = ledger.code(record.address), ""
    if not code:
        problem = "there is no code"
    elif code_hash(code) != record.code_hash:
        problem = f"other code stands there ({len(code):,} bytes)"
    return Finding(name=name, what=record.address, problem=problem)


def _step(step: StepRecord, manifest: Manifest, ledger: Ledger) -> Finding:
    receipt = ledger.mined(bytes.fromhex(step.tx_hash[2:]))
    what = f"transaction {step.nonce} of the deployer, in block {step.block_number}"
    if receipt is None:
        return Finding(name=step.name, what=what, problem="no block holds its transaction")
    problem = ""
    if not receipt.status:
        problem = "its transaction failed"
    elif receipt.block_number != step.block_number:
        problem = f"its transaction stands in block {receipt.block_number} now"
    return Finding(name=step.name, what=what, problem=problem)
