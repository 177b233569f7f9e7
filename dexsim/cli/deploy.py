"""`dexsim deploy PLAN`: show what a deployment would do; with --apply, do it; with --check, look."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dexsim.cli.keys import KeyEnv, Keystore, PasswordFile, Sender, sender_of, signer_of

if TYPE_CHECKING:
    from dexsim.chain.node import Node
    from dexsim.chain.types import Address
    from dexsim.market.deploying.plan import Recipe

_EMBEDDED_BALANCE = 10_000 * 10**18


def deploy(
    *,
    plan: Annotated[
        str | None,
        typer.Argument(
            metavar="[PLAN]", help="exchange, incentives, tokens, or a TOML file of your own."
        ),
    ] = None,
    rpc: Annotated[
        str | None,
        typer.Option("--rpc", metavar="URL", help="The node; without it, a dry run in process."),
    ] = None,
    sender: Sender = None,
    keystore: Keystore = None,
    password_file: PasswordFile = None,
    key_env: KeyEnv = None,
    apply: Annotated[
        bool, typer.Option("--apply", help="Send it. Without this nothing is sent.")
    ] = False,
    check: Annotated[
        bool,
        typer.Option(
            "--check", help="Compare chain and manifest: of PLAN, or of all that stand in DIR."
        ),
    ] = False,
    fresh: Annotated[
        bool,
        typer.Option(
            "--fresh", help="Put the manifest away and begin anew, as after the chain's restart."
        ),
    ] = False,
    fund: Annotated[
        list[str] | None,
        typer.Option(
            "--fund",
            metavar="ADDR",
            help="Give this account tokens to try things with, once all stands. Repeatable.",
        ),
    ] = None,
    folder: Annotated[
        Path, typer.Option("--dir", metavar="DIR", help="Where the manifests are kept.")
    ] = Path("deployments"),
    chain_id: Annotated[
        int | None,
        typer.Option(
            "--chain-id", metavar="N", help="Confirms a chain that is not known as local."
        ),
    ] = None,
    public: Annotated[
        bool,
        typer.Option(
            "--i-know-this-is-a-public-chain", help="Allows a public network; needs --chain-id too."
        ),
    ] = False,
) -> None:
    """Plan a deployment; with --apply send it, check the code on chain and write the manifest.

    The manifest is DIR/<chain id>/<plan>.json. A second --apply sends nothing; after an interruption
    it goes on where the first one stopped. dexsim show PLAN prints a plan to start your own from.
    """
    from dexsim.errors import ScenarioError

    signing = {"keystore": keystore, "password_file": password_file, "key_env": key_env}
    if check:
        _check(plan, rpc, folder, chain_id, public, [apply, fresh, fund, sender, *signing.values()])
        return
    if plan is None:
        raise ScenarioError("name a plan: exchange, incentives, tokens, or a TOML file", key="PLAN")
    from dexsim.chain.address import checksum
    from dexsim.cli.console import say
    from dexsim.market.deploying.networks import check_instructions
    from dexsim.market.deploying.reading import recipe

    chosen = recipe(plan)
    signer = signer_of(keystore, password_file, key_env)
    receivers = [checksum(each) for each in fund or []]
    if rpc is None:
        _dry_run(chosen, sender or (signer.address if signer else None), said=apply or fresh)
        return
    node = _node(rpc, chain_id, public)
    check_instructions(node.chain_id, node.missing_instructions())
    deployer = sender_of(node, sender, signer)
    _on_node(chosen, node, deployer, folder, apply=apply, fresh=fresh)
    if receivers and apply:
        _fund(chosen, node, deployer, folder, receivers)
    elif receivers:
        say(f"--apply gives tokens to {', '.join(receivers)} as well.")


def _node(url: str, chain_id: int | None, public: bool) -> Node:
    from dexsim.chain.node import Node
    from dexsim.market.deploying.networks import check_network

    node = Node.connect(url)
    check_network(node.chain_id, chain_id, public=public)
    return node


def _dry_run(recipe: Recipe, sender: str | None, *, said: bool) -> None:
    from dexsim.chain.address import checksum
    from dexsim.chain.chain import Chain
    from dexsim.cli.console import say
    from dexsim.cli.deploy_telling import tell_plan
    from dexsim.errors import ScenarioError
    from dexsim.market.deploying.estimate import estimate
    from dexsim.market.deploying.ledger import Embedded
    from dexsim.market.funding import DEPLOYER

    if said:
        raise ScenarioError(
            "--apply needs a node to send to (--rpc URL): the embedded chain ends with this command",
            key="--apply",
        )
    chain = Chain()
    deployer = checksum(sender) if sender else DEPLOYER.address
    chain.set_balance(deployer, _EMBEDDED_BALANCE)
    tell_plan(recipe, estimate(recipe, Embedded(chain), deployer))
    say("Dry run on the embedded chain: nothing was sent. --rpc URL --apply sends it to a node.")


def _on_node(
    recipe: Recipe, node: Node, deployer: Address, folder: Path, *, apply: bool, fresh: bool
) -> None:
    from dexsim.cli.console import say
    from dexsim.cli.deploy_telling import tell_addresses, tell_plan
    from dexsim.market.deploying.estimate import estimate
    from dexsim.market.deploying.manifest import manifest_path, read_manifest

    path = manifest_path(folder, node.chain_id, recipe.name)
    recorded = None if fresh else read_manifest(path)
    planned = estimate(recipe, node, deployer, recorded)
    if recorded is not None and recorded.complete and not planned.remaining:
        tell_addresses(recorded)
        say(f"Stands on chain {node.chain_id} already, by {path}: nothing was sent.")
        return
    tell_plan(recipe, planned)
    if fresh and path.exists():
        say(f"{path} is put away before anything is sent.")
    if not apply:
        say("Nothing was sent; --apply sends it.")
        return
    planned.check_funds()
    _send(recipe, node, deployer, path, planned.gas_limits, fresh=fresh)


def _send(
    recipe: Recipe,
    node: Node,
    deployer: Address,
    path: Path,
    gas_limits: dict[str, int],
    *,
    fresh: bool,
) -> None:
    from dexsim.cli.console import complain, say
    from dexsim.cli.deploy_telling import tell_addresses, tell_step
    from dexsim.errors import DexsimError
    from dexsim.market.deploying.apply import apply
    from dexsim.market.deploying.manifest import archive

    if fresh and path.exists():
        say(f"put away: {archive(path)}")
    try:
        applied = apply(
            recipe,
            node,
            deployer=deployer,
            folder=path.parent.parent,
            gas_limits=gas_limits,
            on_step=tell_step,
        )
    except (DexsimError, KeyboardInterrupt):
        if path.exists():
            again = "--apply without --fresh" if fresh else "--apply"
            complain(f"What was done stands in {path}: {again} goes on from there.")
        raise
    tell_addresses(applied.manifest)
    say(
        f"{applied.sent} transactions sent, the code on chain is the plan's; written: {applied.path}"
    )


def _fund(
    recipe: Recipe, node: Node, giver: Address, folder: Path, receivers: list[Address]
) -> None:
    from dexsim.cli.giving import give_to_newcomers
    from dexsim.cli.working import Desk
    from dexsim.market.deploying.book import open_book

    book = open_book(folder, node.chain_id, node, recipe.name)
    give_to_newcomers(Desk(node, book), receivers, giver)


def _check(
    plan: str | None,
    rpc: str | None,
    folder: Path,
    chain_id: int | None,
    public: bool,
    others: list[object],
) -> None:
    from dexsim.cli.deploy_telling import tell_audit
    from dexsim.errors import DeploymentError, ScenarioError
    from dexsim.market.deploying.audit import audit
    from dexsim.market.deploying.manifest import manifests_of, read_manifest

    if any(others):
        raise ScenarioError("only looks: it goes with PLAN, --rpc and --dir", key="--check")
    if rpc is None:
        raise ScenarioError("needs the node to look at: --rpc URL", key="--check")
    node = _node(rpc, chain_id, public)
    differing = 0
    for path in manifests_of(folder, node.chain_id, plan and Path(plan).stem):
        manifest = read_manifest(path)
        assert manifest is not None
        differing += tell_audit(path, audit(manifest, node))
    if differing:
        raise DeploymentError(
            f"chain {node.chain_id} and the manifests differ in {differing} places"
        )
