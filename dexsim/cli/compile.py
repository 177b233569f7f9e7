"""`dexsim compile`: contracts as ABI, bytecode and all that other tools want of them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dexsim.cli.console import say

if TYPE_CHECKING:
    from dexsim.artifacts.artifact import Artifact

CODE_LIMIT = 24_576  # bytes: EIP-170


def compile_contracts(
    contracts: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[CONTRACT]...",
            help="Names of dexsim's contracts, or Vyper files; default: all of dexsim's.",
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            help="Write ABI, bytecode, layout, standard JSON and init-code hash here.",
        ),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace DIR, whatever it holds.")] = False,
) -> None:
    """Compile contracts; with --out write a folder for each.

    DIR/NAME has contract.json, abi.json, bytecode.txt, runtime.txt, layout.json, init-code-hash.txt
    and standard-input.json, from which Vyper makes the same code.
    """
    from dexsim.artifacts.export import write_artifacts

    artifacts = [_artifact(name) for name in contracts or _all()]
    _check_names(artifacts)
    _tell(artifacts)
    if out is not None:
        write_artifacts(artifacts, out, force=force)
        say(f"written: {out}")


def _all() -> list[str]:
    from dexsim.artifacts.library import SHIPPED

    return sorted(path.stem for path in SHIPPED.glob("*.json"))


def _artifact(name: str) -> Artifact:
    from dexsim.artifacts.library import load, shipped

    is_file = "/" in name or Path(name).suffix != ""
    return load(name) if is_file else shipped(name)


def _check_names(artifacts: list[Artifact]) -> None:
    from dexsim.errors import ScenarioError

    names = [each.name for each in artifacts]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise ScenarioError(f"two contracts are called {twice}: compile them apart", key="CONTRACT")


def _tell(artifacts: list[Artifact]) -> None:
    width = max(len(each.name) for each in artifacts) + 2
    say(f"{'contract':{width}}{'bytes':>8}  of the limit  init-code hash")
    for each in artifacts:
        size = each.bytes_on_chain
        share = f"{100 * size / CODE_LIMIT:.1f} %"
        say(f"{each.name:{width}}{size:>8,}{share:>14}  0x{each.init_code_hash.hex()}")
