"""A deployment in words: its plan, its steps as they are done, what stands, what an audit found."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from dexsim.cli.console import faint, say, strong

if TYPE_CHECKING:
    from rich.console import Console

    from dexsim.market.deploying.apply import Done
    from dexsim.market.deploying.audit import Finding
    from dexsim.market.deploying.estimate import Estimate
    from dexsim.market.deploying.manifest import Manifest
    from dexsim.market.deploying.plan import Recipe, Step

_WIDTH = 96  # of the plan's table: an address cut short is of no use


def tell_plan(recipe: Recipe, planned: Estimate) -> None:
    """Every step with what it creates where and its gas, and what all of it costs."""
    from rich.table import Table

    say(f"{strong(recipe.name)}: {recipe.about}" if recipe.about else strong(recipe.name))
    _tell_past(planned)
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False)
    for column in ("step", "contract", "predicted address"):
        table.add_column(column, no_wrap=True)
    table.add_column("gas", justify="right", no_wrap=True)
    for step in planned.standing.plan.steps:
        table.add_row(step.name, *_created(step), _gas(step, planned))
    _console().print(table)
    for name, value in _totals(planned).items():
        say(f"{name:10} {value}")


def _created(step: Step) -> tuple[str, str]:
    made = step.creates
    return (made.artifact.name, made.address) if made else ("", "")


def _gas(step: Step, planned: Estimate) -> str:
    return "done" if step.name in planned.standing.done else f"{planned.gas[step.name]:,}"


def _tell_past(planned: Estimate) -> None:
    """What happened before: an interruption, a reorganisation, transactions that wait."""
    found = planned.standing
    under_way = found.manifest.sending
    if found.done:
        say(f"{len(found.done)} steps stand already; {len(planned.remaining)} are left.")
    if under_way is not None:
        say(
            f"The last run was interrupted while it sent {under_way.name!r}; if it arrived, it counts."
        )
    if found.lost:
        say(
            f"The chain was reorganised: {', '.join(found.lost)} are undone and will be sent again."
        )
    if found.waiting:
        say(
            f"{found.waiting} transactions of the deployer wait for a block; --apply waits for them."
        )


def _totals(planned: Estimate) -> dict[str, str]:
    from dexsim.units import format_wei

    totals = {
        "chain id": str(planned.chain_id),
        "deployer": planned.standing.plan.deployer,
        "nonce": str(planned.nonce),
        "balance": f"{format_wei(planned.balance, digits=6)} ETH",
        "gas": f"{planned.total_gas:,} (estimated by running the plan in process)",
        "cost": f"{format_wei(planned.cost)} ETH at {format_wei(planned.gas_price, 9)} gwei per gas",
    }
    if planned.value:
        totals["wraps"] = f"{format_wei(planned.value, digits=6)} ETH, which the pools open with"
    return totals


def tell_step(done: Done) -> None:
    """A step that was just done."""
    created = done.step.creates
    where = f"{created.address}, code as planned" if created else "done"
    before = "" if done.sent else faint(" (sent by the run before)")
    say(f"  {done.step.name}: {where}, {done.receipt.gas_used:,} gas{before}")


def tell_addresses(manifest: Manifest) -> None:
    """What stands where."""
    width = max((len(name) for name in manifest.contracts), default=0) + 2
    for name, contract in manifest.contracts.items():
        pair = f"  {contract.pool.pair}" if contract.pool else ""
        say(f"{name:{width}}{contract.address}{pair}")


def tell_audit(path: Path, findings: list[Finding]) -> int:
    """Each difference between a chain and a manifest; how many there are."""
    wrong = [each for each in findings if each.problem]
    if findings and len(wrong) == len(findings):
        say(f"{path}: nothing of it stands there any more: the chain was restarted since")
        return len(wrong)
    for each in wrong:
        say(f"  {strong(each.name)} ({each.what}): {each.problem}")
    agreeing = len(findings) - len(wrong)
    say(f"{path}: {agreeing} of {len(findings)} contracts and transactions are as recorded")
    return len(wrong)


def _console() -> Console:
    from rich.console import Console

    console = Console(soft_wrap=True)
    console.width = max(console.width, _WIDTH)
    return console
