"""Writing to the terminal: plain where it is none, quiet where nobody reads on."""

from __future__ import annotations

import os
import sys

import typer


def say(text: str = "") -> None:
    """A line on stdout. Whoever has closed the pipe (`| head`) has read enough."""
    try:
        typer.echo(text, color=_color())
    except BrokenPipeError:
        silence()


def complain(text: str) -> None:
    """A line on stderr."""
    typer.echo(text, err=True, color=_color())


def strong(text: str) -> str:
    """Text that stands out on a terminal."""
    return typer.style(text, bold=True)


def faint(text: str) -> str:
    """Text that stands back on a terminal."""
    return typer.style(text, dim=True)


def silence() -> None:
    """Let what is still written to stdout go nowhere."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)


def write_anything() -> None:
    """Let a terminal that lacks a character show its code instead of failing."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")


def _color() -> bool | None:
    """No colour where the user wants none; otherwise only on a terminal."""
    return False if os.environ.get("NO_COLOR") else None
