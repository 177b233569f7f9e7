"""`dexsim export PLAN`: a deployment's addresses as TypeScript, token list and verification input."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dexsim.cli.console import say

if TYPE_CHECKING:
    from dexsim.market.deploying.manifest import Manifest


def export(
    plan: Annotated[
        str, typer.Argument(metavar="PLAN", help="A deployed plan's name, or a manifest's file.")
    ],
    out: Annotated[Path, typer.Option(metavar="DIR", help="Where to write.")],
    folder: Annotated[
        Path, typer.Option("--dir", metavar="DIR", help="Where the manifests are kept.")
    ] = Path("deployments"),
    chain_id: Annotated[
        int | None,
        typer.Option(
            "--chain-id", metavar="N", help="Which chain; default: the only one in the folder."
        ),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace DIR, whatever it holds.")] = False,
) -> None:
    """Write what other tools want of a deployment: no node is asked.

    addresses.ts has chain id, addresses and ABIs as constants; tokenlist.json the tokens as wallets
    read them; verification/NAME.json what a block explorer verifies a contract's code with.
    """
    from dexsim.market.deploying.export import write_export

    manifest = _manifest(plan, folder, chain_id)
    done = write_export(manifest, out, force=force)
    say(f"written: {out}: {', '.join(done.files)}")
    if done.unknown:
        names = ", ".join(done.unknown)
        say(f"neither ABI nor input to verify {names}: the sources that made them are not here")
    if done.unlisted:
        say(f"not in tokenlist.json: {', '.join(done.unlisted)}: wallets take shorter names only")


def _manifest(plan: str, folder: Path, chain_id: int | None) -> Manifest:
    from dexsim.errors import ScenarioError
    from dexsim.market.deploying.manifest import manifests_of, read_manifest

    if plan.endswith(".json"):
        path = Path(plan)
    else:
        path = manifests_of(folder, _chain(folder) if chain_id is None else chain_id, plan)[0]
    manifest = read_manifest(path)
    if manifest is None:
        raise ScenarioError("there is no such manifest", file=plan)
    return manifest


def _chain(folder: Path) -> int:
    """The only chain in a folder of manifests. Raises ScenarioError where there are more, or none."""
    from dexsim.errors import ScenarioError

    chains = sorted(int(path.name) for path in folder.glob("*") if path.name.isdecimal())
    if not chains:
        raise ScenarioError(f"nothing is deployed: there is no manifest in {folder}", key="--dir")
    if len(chains) > 1:
        raise ScenarioError(
            f"there are several chains in {folder}: {', '.join(map(str, chains))}; say which",
            key="--chain-id",
        )
    return chains[0]
