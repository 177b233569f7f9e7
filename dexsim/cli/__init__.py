"""The command line: `dexsim COMMAND`. See `dexsim --help`."""

from __future__ import annotations

from collections.abc import Sequence


def main(args: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; `dexsim.cli.ending` tells what each means."""
    from dexsim.cli.app import app
    from dexsim.cli.ending import exit_code

    return exit_code(app, args)
