"""`dexsim deploy PLAN`: show what a deployment would do; with --apply, do it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from rich.console import Console

    from dexsim.chain.node import Node
    from dexsim.chain.types import Address
    from dexsim.market.deploying.apply import Applied, Done
    from dexsim.market.deploying.estimate import Estimate
    from dexsim.market.deploying.manifest import Manifest
    from dexsim.market.deploying.plan import Recipe

_EMBEDDED_BALANCE = 10_000 * 10**18
_WIDTH = 80  # of the plan's table: an address cut short is of no use


def deploy(
    *,
    plan: Annotated[str, typer.Argument(metavar="PLAN", help="The plan, for example: exchange.")],
    rpc: Annotated[
        str | None,
        typer.Option("--rpc", metavar="URL", help="The node; without it, a dry run in process."),
    ] = None,
    sender: Annotated[
        str | None,
        typer.Option(
            "--from",
            metavar="ADDR",
            help="Who deploys; default: the node's first unlocked account.",
        ),
    ] = None,
    apply: Annotated[
        bool, typer.Option("--apply", help="Send it. Without this nothing is sent.")
    ] = False,
    folder: Annotated[
        Path, typer.Option("--dir", metavar="DIR", help="Where the manifests are kept.")
    ] = Path("deployments"),
    chain_id: Annotated[
        int | None,
        typer.Option(
            "--chain-id", metavar="N", help="Confirms a chain that is not known as local."
        ),
    ] = None,
) -> None:
    """Plan a deployment; with --apply send it, check the code on chain and write the manifest.

    The manifest is DIR/<chain id>/<plan>.json. A second --apply on the same chain sends nothing.
    """
    from rich.console import Console

    from dexsim.market.deploying.recipes import recipe

    chosen = recipe(plan)
    console = Console(soft_wrap=True)
    console.width = max(console.width, _WIDTH)
    if rpc is None:
        _dry_run(console, chosen, sender, apply)
    else:
        _on_node(
            console,
            chosen,
            url=rpc,
            sender=sender,
            apply=apply,
            folder=folder,
            said_chain_id=chain_id,
        )


def _dry_run(console: Console, recipe: Recipe, sender: str | None, apply: bool) -> None:
    from dexsim.chain.address import checksum
    from dexsim.chain.chain import Chain
    from dexsim.errors import ScenarioError
    from dexsim.market.deploying.estimate import estimate
    from dexsim.market.deployment import DEPLOYER

    if apply:
        raise ScenarioError(
            "--apply needs a node to send to (--rpc URL): the embedded chain ends with this command",
            key="--apply",
        )
    chain = Chain()
    deployer = checksum(sender) if sender else DEPLOYER.address
    chain.set_balance(deployer, _EMBEDDED_BALANCE)
    _show_plan(console, recipe, estimate(recipe, chain, deployer))
    console.print("Dry run on the embedded chain: nothing was sent.")


def _on_node(
    console: Console,
    recipe: Recipe,
    *,
    url: str,
    sender: str | None,
    apply: bool,
    folder: Path,
    said_chain_id: int | None,
) -> None:
    from dexsim.chain.node import Node
    from dexsim.market.deploying.apply import recorded_deployment
    from dexsim.market.deploying.manifest import manifest_path
    from dexsim.market.deploying.networks import check_network

    node = Node.connect(url)
    check_network(node.chain_id, said_chain_id)
    deployer = _deployer(node, sender)
    recorded = recorded_deployment(recipe, node, deployer=deployer, folder=folder)
    if recorded is not None:
        _show_addresses(console, recorded)
        path = manifest_path(folder, node.chain_id, recipe.name)
        console.print(f"Stands on chain {node.chain_id} already, by {path}: nothing was sent.")
    else:
        _plan_or_apply(console, recipe, node, deployer=deployer, apply=apply, folder=folder)


def _plan_or_apply(
    console: Console, recipe: Recipe, node: Node, *, deployer: Address, apply: bool, folder: Path
) -> None:
    from dexsim.market.deploying.estimate import estimate

    planned = estimate(recipe, node, deployer)
    _show_plan(console, recipe, planned)
    if not apply:
        console.print("Nothing was sent; --apply sends it.")
        return
    planned.check_funds()
    applied = _apply(console, recipe, node, deployer, folder)
    _show_addresses(console, applied.manifest)
    console.print(
        f"{applied.sent} transactions sent, the code on chain is the plan's; written: {applied.path}"
    )


def _apply(
    console: Console, recipe: Recipe, node: Node, deployer: Address, folder: Path
) -> Applied:
    from dexsim.market.deploying.apply import apply

    def tell(done: Done) -> None:
        created = done.step.creates
        where = f"{created.address}, code as planned" if created else "done"
        console.print(
            f"  {done.step.name}: {where}, {done.receipt.gas_used:,} gas", highlight=False
        )

    return apply(recipe, node, deployer=deployer, folder=folder, on_step=tell)


def _deployer(node: Node, sender: str | None) -> Address:
    from dexsim.chain.address import checksum
    from dexsim.errors import ScenarioError

    unlocked = node.accounts()
    if sender is None and not unlocked:
        raise ScenarioError(f"{node.where} holds no unlocked account to deploy from", key="--from")
    deployer = checksum(sender) if sender else unlocked[0]
    if deployer not in unlocked:
        raise ScenarioError(
            f"{node.where} does not hold the key of {deployer}; unlocked there: "
            f"{', '.join(unlocked) or 'none'}",
            key="--from",
        )
    return deployer


def _show_plan(console: Console, recipe: Recipe, planned: Estimate) -> None:
    from rich.table import Table

    console.print(f"{recipe.name}: {recipe.about}", highlight=False)
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False)
    for column in ("step", "contract", "predicted address"):
        table.add_column(column, no_wrap=True)
    table.add_column("gas", justify="right", no_wrap=True)
    for step, gas in zip(planned.plan.steps, planned.gas, strict=True):
        made = step.creates
        contract, address = (made.artifact.name, made.address) if made else ("", "")
        table.add_row(step.name, contract, address, f"{gas:,}")
    console.print(table)
    for name, value in _totals(planned).items():
        console.print(f"{name:10} {value}", highlight=False)


def _totals(planned: Estimate) -> dict[str, str]:
    from dexsim.units import format_wei

    return {
        "chain id": str(planned.chain_id),
        "deployer": planned.plan.deployer,
        "nonce": str(planned.plan.first_nonce),
        "balance": format_wei(planned.balance, digits=6),
        "gas": f"{planned.total_gas:,} (estimated by running the plan in process)",
        "cost": f"{format_wei(planned.cost)} at {format_wei(planned.gas_price, 9)} gwei per gas",
    }


def _show_addresses(console: Console, manifest: Manifest) -> None:
    for name, contract in manifest.contracts.items():
        console.print(f"{name:15} {contract.address}", highlight=False)
