"""`dexsim replay CSV`: recorded swaps, executed on the pool contract."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dexsim.cli.console import complain, say
from dexsim.cli.ending import REFUSED
from dexsim.cli.options import Engine


def replay(
    file: Annotated[
        Path, typer.Argument(metavar="CSV", help="Recorded swaps; docs/replay.md has the columns.")
    ],
    *,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON object, nothing else.")
    ] = False,
    engine: Engine = "auto",
) -> None:
    """Execute recorded swaps on the pool contract, from the recorded reserves.

    Each row is exact to the wei, or explained by name, or a mismatch; then the exit code is 1.
    Below stand the attacks that the detector finds in the rows.
    """
    from dexsim.conformance.recorded_swaps import read, swap_records
    from dexsim.conformance.recorded_telling import as_object, lines, mismatches
    from dexsim.conformance.recorded_verdicts import Replayer
    from dexsim.results.mev import detect

    rows = read(file)
    verdicts = Replayer(engine).judge(rows)
    attacks = detect(swap_records(rows))
    if as_json:
        import json

        say(json.dumps(as_object(verdicts, attacks), indent=2))
    else:
        say("\n".join(lines(verdicts, attacks)))
    if wrong := mismatches(verdicts):
        complain(f"error: {wrong} of {len(rows)} rows are no swaps of a pool: see MISMATCH")
        raise typer.Exit(REFUSED)
