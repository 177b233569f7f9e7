"""`dexsim trace DIR TX`: what a transaction of a saved run did, and why it reverted."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dexsim.cli.console import say, strong
from dexsim.cli.options import Engine

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dexsim.results.run import Run
    from dexsim.results.transactions import Found
    from dexsim.tracing import Call, Witness


def trace(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A folder that `run` wrote.")],
    tx: Annotated[
        str | None,
        typer.Argument(
            metavar="TX", help="BLOCK:POSITION, or the beginning of a hash.", show_default=False
        ),
    ] = None,
    *,
    arm: Annotated[
        str, typer.Option(metavar="NAME", help="Look in this arm alone.", show_default=False)
    ] = "",
    reverted: Annotated[
        bool, typer.Option("--reverted", help="List the transactions that reverted.")
    ] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON object, nothing else.")
    ] = False,
    engine: Engine = "auto",
) -> None:
    """Tell what a transaction of a saved run did.

    Executes the run again up to the transaction. Shows every call with its arguments, amounts in
    tokens, gas, events (•) and changed storage variables (◦); of one that reverted also why, with
    the line of source.
    """
    from dexsim.errors import ScenarioError
    from dexsim.results.run import Run
    from dexsim.results.transactions import find
    from dexsim.results.transactions import reverted as failed

    if reverted == (tx is not None):
        raise ScenarioError("name a transaction, BLOCK:POSITION or its hash, or ask for --reverted")
    saved = Run.load(folder)
    if tx is None:
        _list(failed(saved, arm), as_json)
    else:
        _meet_contracts(saved, folder)
        _explain(saved, find(saved, tx, arm), engine, as_json)


def _list(found: Iterable[Found], as_json: bool) -> None:
    import json

    rows = [_about(each) for each in found]
    if as_json:
        say(json.dumps({"reverted": rows}, indent=2))
        return
    for row in rows:
        place = f"{row['arm']} {row['block']}:{row['position']}"
        say(f"{place:<16} {row['hash'][:12]}  {row['agent']}: {row['what']}: {row['reason']}")
    if not rows:
        say("no transaction reverted")


def _about(found: Found) -> dict[str, Any]:
    arm, row = found
    return {
        "arm": arm.name,
        "block": row["block"],
        "position": row["position"],
        "hash": row["tx_hash"],
        "agent": row["agent"],
        "what": row["what"],
        "status": row["status"],
        "reason": "" if row["status"] else row["reason"] or "no reason given",
        "gas_used": row["gas_used"],
        "gas_limit": row["gas_limit"],
    }


def _meet_contracts(saved: Run, folder: Path) -> None:
    """Read the contracts that travel with the run, so that their code is known when it is met."""
    from contextlib import suppress

    from dexsim.artifacts.library import load
    from dexsim.errors import ArtifactError

    for name in saved.files:
        if name.endswith((".vy", ".json")):
            with suppress(ArtifactError):  # a module may be no contract by itself
                load(folder / name)


def _explain(saved: Run, found: Found, engine: str, as_json: bool) -> None:
    import json

    from dexsim.results.replay import moment_before, names_of_people
    from dexsim.tracing import Witness, as_object, decode_tree

    arm, row = found
    moment = moment_before(arm, row, engine)
    witness = Witness(moment.chain, names=names_of_people(arm))
    call = decode_tree(moment.trace(), witness)
    if as_json:
        say(json.dumps(_about(found) | as_object(call, witness), indent=2))
    else:
        _tell(found, call, witness)


def _tell(found: Found, call: Call, witness: Witness) -> None:
    from shutil import get_terminal_size

    from dexsim.tracing import explanation

    about = _about(found)
    say(strong(f"{about['arm']}, block {about['block']}, position {about['position']}"))
    say(f"{about['hash']}")
    ended = f"reverted: {about['reason']}" if about["reason"] else "succeeded"
    say(f"{about['agent']}: {about['what']} {ended}")
    say(
        f"gas {about['gas_used']:,} of {about['gas_limit']:,}, the transaction's own costs included"
    )
    say()
    for line in explanation(call, witness, width=get_terminal_size().columns):
        say(strong(line) if "✗" in line or line.startswith("  > ") else line)
