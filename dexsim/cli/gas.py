"""`dexsim gas`: what transactions cost, beside Uniswap v2 and the committed snapshot."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dexsim.cli.console import complain, say
from dexsim.cli.ending import REFUSED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dexsim.gas.rows import Row
    from dexsim.gas.snapshot import Snapshot


def gas(
    words: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="NAME",
            help="Only flows with one of these in their name: swap, pool.mint, router, tokens.",
            show_default=False,
        ),
    ] = None,
    contracts: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            help="Also measure pool.vy, factory.vy, router.vy and weth.vy of this folder.",
        ),
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the figures as one JSON object, nothing else.")
    ] = False,
) -> None:
    """Measure what transactions cost in gas, beside the same ones on Uniswap v2.

    Whole transactions, each in a block of its own and from the same beginning. Where one does not
    cost what the committed snapshot says, that is told, and the exit code is 1.
    """
    from dexsim.gas.flows.catalogue import select
    from dexsim.gas.kits import shipped_kit
    from dexsim.gas.measure import measure, measure_folder
    from dexsim.gas.rows import rows
    from dexsim.gas.snapshot import read

    flows, snapshot = select(words or []), read()
    yours = measure_folder(contracts, flows) if contracts else None
    found = rows(flows, snapshot, measure(shipped_kit(), flows), yours)
    _tell(found, snapshot, as_json)
    _end([row.difference for row in found if not row.is_recorded], snapshot)


def _tell(rows: Sequence[Row], snapshot: Snapshot, as_json: bool) -> None:
    from dexsim.cli.gas_table import gas_table

    say(_json(rows, snapshot) if as_json else "\n".join(gas_table(rows, snapshot)))


def _json(rows: Sequence[Row], snapshot: Snapshot) -> str:
    import json

    fields = {
        "fork": snapshot.fork,
        "compiler": snapshot.compiler,
        "snapshot": snapshot.digest,
        "changed": not all(row.is_recorded for row in rows),
        "flows": [row.as_object() for row in rows],
    }
    return json.dumps(fields, indent=2)


def _end(differences: Sequence[str], snapshot: Snapshot) -> None:
    if differences:
        complain(
            "\n  ".join(
                [
                    f"error: not as in gas snapshot {snapshot.digest}; "
                    "run scripts/gas and write a sentence in CHANGELOG.md",
                    *differences,
                ]
            )
        )
        raise typer.Exit(REFUSED)
