"""All commands. Each imports what it needs when it is called, so that help and version are instant."""

from __future__ import annotations

from typing import Annotated

import typer

from dexsim import __version__
from dexsim.cli.check import check
from dexsim.cli.compare import compare
from dexsim.cli.compile import compile_contracts
from dexsim.cli.console import say
from dexsim.cli.deploy import deploy
from dexsim.cli.export import export
from dexsim.cli.gas import gas
from dexsim.cli.gauge import app as gauge
from dexsim.cli.node import node
from dexsim.cli.pool import app as pool
from dexsim.cli.replay import replay
from dexsim.cli.report import report
from dexsim.cli.run import run
from dexsim.cli.scenarios import new, scenarios, show
from dexsim.cli.token import app as token
from dexsim.cli.trace import trace
from dexsim.cli.verify import verify

app = typer.Typer(
    name="dexsim",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for command in (run, compare, scenarios, show, new, verify, report):
    app.command()(command)
app.command(short_help="Tell what a transaction of a saved run did.")(trace)
app.command(short_help="Execute recorded swaps on the pool contract.")(replay)
app.command(short_help="Plan a deployment; --apply sends it.")(deploy)
app.command("compile", short_help="Compile contracts; --out writes what other tools want.")(
    compile_contracts
)
app.command(short_help="Write a deployment's addresses for other tools.")(export)
app.command(short_help="Judge a pool of your own, property by property.")(check)
app.command(short_help="Measure gas, beside Uniswap v2.")(gas)
app.command(short_help="Run a local chain over JSON-RPC.")(node)
for name, group in {"pool": pool, "token": token, "gauge": gauge}.items():
    app.add_typer(group, name=name)


def _tell_version(asked: bool) -> None:
    if asked:
        say(f"dexsim {__version__}")
        raise typer.Exit


@app.callback()
def dexsim(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_tell_version, is_eager=True, help="Print the version."),
    ] = False,
) -> None:
    """Simulate automated-market-maker exchanges on real bytecode, exact to the wei.

    Start with `dexsim run sandwich`.

    Exit codes: 0 done; 1 the chain or a check refused; 2 your input; 3 a fault in dexsim;
    130 interrupted.
    """
