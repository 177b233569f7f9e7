"""`dexsim verify DIR`: execute a saved run again, and draw it again."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dexsim.cli.console import complain, say
from dexsim.cli.ending import REFUSED
from dexsim.cli.options import Engine

if TYPE_CHECKING:
    from dexsim.results.run import Run
    from dexsim.results.verify import Verdict


def verify(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A folder that `run` wrote.")],
    engine: Engine = "auto",
) -> None:
    """Execute a saved run again and compare.

    The same transactions must give the same digest and state root, on any engine and machine.

    Apart from that, tells whether drawing again from the saved scenario and seed gives the same
    orders and prices; on another machine it need not, and that is no failure.
    """
    from dexsim.results.run import Run
    from dexsim.results.verify import verify as execute_again

    saved = Run.load(folder)
    verdicts = execute_again(saved, engine=engine)
    for verdict in verdicts:
        say(_told(verdict))
    failed = [verdict for verdict in verdicts if not verdict.holds]
    if failed:
        complain(f"error: {folder} does not verify: {failed[0].arm}: {failed[0].trouble}")
        raise typer.Exit(REFUSED)
    say(f"drawn again: {_drawn_again(saved, folder, engine)}")


def _told(verdict: Verdict) -> str:
    if not verdict.holds:
        return f"{verdict.arm}: DIFFERS: {verdict.trouble}"
    return f"{verdict.arm}: same digest {verdict.digest[:16]}, same state root {verdict.state_root[:16]}"


def _drawn_again(saved: Run, folder: Path, engine: str) -> str:
    """Whether the saved scenario and seed give the same orders and prices here, in words."""
    from dexsim.cli.progress import progress
    from dexsim.cli.redraw import first_difference
    from dexsim.errors import DexsimError
    from dexsim.results.run import SCENARIO
    from dexsim.scenario.reading import load
    from dexsim.scenario.run import run
    from dexsim.scenario.settings import arms_of

    try:
        described = load(folder / SCENARIO)
        total = sum(scenario.blocks for scenario in arms_of(described).values())
        with progress(total) as on_block:
            again = run(described, seed=saved.manifest["seed"], engine=engine, progress=on_block)
    except DexsimError as error:
        return f"not possible here: {error}"
    difference = first_difference(saved, again)
    return f"DIFFERENT here: {difference}" if difference else "the same orders and prices"
