"""`dexsim check`: a verdict on somebody's own pool, property by property."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dexsim.cli.console import complain, say
from dexsim.cli.ending import REFUSED

if TYPE_CHECKING:
    from dexsim.conformance.candidate import Candidate
    from dexsim.conformance.verdict import Report

_FILE = "Vyper source or compiled JSON"


def check(
    pool: Annotated[str, typer.Argument(metavar="POOL", help=f"The pool: {_FILE}.")],
    adapter: Annotated[
        str | None,
        typer.Option(metavar="FILE.py:CLASS", help="How a pool of any shape is used; see README."),
    ] = None,
    sets: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            metavar="amm|xyk",
            help="Which properties: of any automated market maker, or of a constant-product pair "
            "as Uniswap v2's. Default: both; with an adapter amm. Can be given twice.",
        ),
    ] = None,
    only: Annotated[
        list[str] | None,
        typer.Option("--property", metavar="ID", help="Only this one; can be repeated."),
    ] = None,
    factory: Annotated[
        str | None, typer.Option(metavar="FILE", help=f"Instead of dexsim's factory: {_FILE}.")
    ] = None,
    router: Annotated[
        str | None, typer.Option(metavar="FILE", help=f"Instead of dexsim's router: {_FILE}.")
    ] = None,
    token: Annotated[
        str | None, typer.Option(metavar="FILE", help=f"Instead of dexsim's token: {_FILE}.")
    ] = None,
    fee_bps: Annotated[
        int, typer.Option(min=0, max=1000, help="What a pair keeps of an input, in 1/100 %.")
    ] = 30,
    effort: Annotated[
        float, typer.Option(min=0.01, help="So many times the usual number of histories.")
    ] = 1.0,
    seed: Annotated[int, typer.Option(help="Other histories.")] = 1,
    out: Annotated[
        Path,
        typer.Option(metavar="DIR", help="Where scripts that replay what was found are written."),
    ] = Path("counterexamples"),
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the verdicts as one JSON object, nothing else.")
    ] = False,
) -> None:
    """Judge a pool: random histories on real bytecode try to break each of its promises.

    What breaks one is shown as short as it was found, and written as a script that does it again.
    Exit code 0: every property was checked and kept; 1: one was broken, or could not be checked.
    """
    from dexsim.cli.progress import histories
    from dexsim.conformance.candidate import Candidate
    from dexsim.conformance.checking import check as judge

    candidate = Candidate(
        pool=pool, adapter=adapter, factory=factory, router=router, token=token, fee_bps=fee_bps
    )
    with histories(quiet=as_json) as on_history:
        report = judge(
            candidate,
            sets=sets or (),
            only=only or (),
            effort=effort,
            seed=seed,
            on_history=on_history,
        )
    _tell(report, as_json)
    _keep(report, candidate, out)
    if not report.is_clean:
        raise typer.Exit(REFUSED)


def _tell(report: Report, as_json: bool) -> None:
    import json

    say(json.dumps(report.as_object(), indent=2) if as_json else str(report))


def _keep(report: Report, candidate: Candidate, folder: Path) -> None:
    from dexsim.conformance.replaying import write_scripts
    from dexsim.conformance.verdict import BROKEN

    for file in write_scripts(report.of(BROKEN), candidate, folder):
        complain(f"written: {file}")
