"""`dexsim report DIR`: the HTML report of a saved run."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dexsim.cli.console import say


def report(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A folder that `run` wrote.")],
) -> None:
    """Write the HTML report of a saved run anew."""
    from dexsim.report.html import REPORT, html_report
    from dexsim.results.run import Run

    text = html_report(Run.load(folder))
    target, part = folder / REPORT, folder / f".{REPORT}.part"
    try:
        part.write_text(text, "utf-8")
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
    say(f"written: {target}")
