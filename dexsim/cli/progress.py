"""The progress bar of a run, on stderr, and only on a terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Progress

OnBlock = Callable[[str, int, int], None]
OnHistory = Callable[[str, int, int], None]


@contextmanager
def progress(total: int, *, quiet: bool = False) -> Iterator[OnBlock | None]:
    """A bar over so many blocks of all arms; what it gives is to be told of every block.

    Nothing is shown, and None is given, when quiet or when stderr is no terminal.
    """
    if quiet or not sys.stderr.isatty():
        yield None
        return
    with _bar("blocks") as bar:
        task = bar.add_task("setting up", total=total)
        earlier: dict[str, int] = {}

        def on_block(arm: str, block: int, blocks: int) -> None:
            before = sum(ended for name, ended in earlier.items() if name != arm)
            earlier[arm] = blocks
            bar.update(task, description=arm, completed=before + block)

        yield on_block


@contextmanager
def histories(*, quiet: bool = False) -> Iterator[OnHistory | None]:
    """A bar that is told what is done, how much of it, and how much there is."""
    if quiet or not sys.stderr.isatty():
        yield None
        return
    with _bar("histories") as bar:
        task = bar.add_task("setting up", total=None)

        def on_history(name: str, done: int, total: int) -> None:
            bar.update(task, description=name, completed=done, total=total)

        yield on_history


@contextmanager
def seeds_done(total: int, *, quiet: bool = False) -> Iterator[Callable[[int], None] | None]:
    """A bar that is told how many seeds are done."""
    if quiet or not sys.stderr.isatty():
        yield None
        return
    with _bar("seeds") as bar:
        task = bar.add_task("all arms", total=total)
        yield lambda done: bar.update(task, completed=done)


def _bar(unit: str) -> Progress:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
    from rich.progress import TimeRemainingColumn as TimeLeft

    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn(f"{unit},"),
        TimeLeft(),
        TextColumn("left"),
    )
    return Progress(*columns, console=Console(stderr=True), transient=True)
