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


DRAWN = ("prices", "orders")
"""Tables of what was drawn: equal wherever NumPy's streams are."""

NOT_COMPARED = "tables: NOT compared; only transactions, receipts and the state were"


def verify(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A folder that `run` wrote.")],
    engine: Engine = "auto",
) -> None:
    """Execute a saved run again and compare.

    The same transactions must give the same digest and state root, on any engine and machine.

    Apart from that, tells whether drawing again from the saved scenario and seed gives the same
    orders and prices; on another machine it need not, and that is no failure. Where it does,
    every row of every table, and what run.json says of the arms, must be as recorded.
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
    again = _draw_again(saved, folder, engine)
    if again is not None:
        _compare_tables(saved, again, folder)


def _told(verdict: Verdict) -> str:
    if not verdict.holds:
        return f"{verdict.arm}: DIFFERS: {verdict.trouble}"
    return f"{verdict.arm}: same digest {verdict.digest[:16]}, same state root {verdict.state_root[:16]}"


def _draw_again(saved: Run, folder: Path, engine: str) -> Run | None:
    """The run from its saved scenario and seed; None where that cannot be, which is said."""
    from dexsim.cli.progress import progress
    from dexsim.errors import DexsimError
    from dexsim.results.run import SCENARIO
    from dexsim.scenario.reading import load
    from dexsim.scenario.run import run
    from dexsim.scenario.settings import arms_of

    try:
        obstacle = saved.manifest.get("cannot_be_drawn_again")
        if obstacle:
            say(f"drawn again: not possible: {obstacle}")
            say(NOT_COMPARED)
            return None
        described = load(folder / SCENARIO)
        total = sum(scenario.blocks for scenario in arms_of(described).values())
        with progress(total) as on_block:
            return run(described, seed=saved.manifest["seed"], engine=engine, progress=on_block)
    except DexsimError as error:
        say(f"drawn again: not possible here: {error}")
        say(NOT_COMPARED)
        return None


def _compare_tables(saved: Run, again: Run, folder: Path) -> None:
    """Say whether the drawing is the same; where it is, every row of every table has to be."""
    from dexsim.cli.redraw import first_difference, manifest_difference

    if again.digest != saved.digest:
        difference = first_difference(saved, again, DRAWN) or "another digest"
        say(f"drawn again: DIFFERENT here: {difference}")
        say(NOT_COMPARED)
        return
    changed = first_difference(saved, again, saved.tables) or manifest_difference(saved, again)
    if changed:
        complain(f"error: {folder} does not verify: what happened is as recorded, but {changed}")
        raise typer.Exit(REFUSED)
    say("drawn again: the same orders and prices")
    say("tables: every row as recorded")
