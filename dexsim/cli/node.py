"""`dexsim node`: a local chain over JSON-RPC, until Ctrl-C."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from dexsim.cli.console import say

if TYPE_CHECKING:
    from dexsim.devnet.server import Server

_PORT = 8545  # as dexsim.devnet.server has it, whose import is slow


def node(
    port: Annotated[
        int,
        typer.Option("--port", metavar="N", min=0, max=65_535, help="Where to listen; 0: any."),
    ] = _PORT,
) -> None:
    """Run a local chain over JSON-RPC on this machine, with ten funded accounts, until Ctrl-C.

    Each transaction is mined at once, in a block of its own. Nothing is kept when it stops.
    """
    from contextlib import closing

    from dexsim.devnet.server import Server

    with closing(Server(port=port)) as server:
        _tell(server)
        try:
            server.serve()
        except KeyboardInterrupt:  # the way to end it: no failure
            say("stopped")


def _tell(server: Server) -> None:
    from dexsim.devnet.local import ACCOUNTS, FUNDS
    from dexsim.units import format_wei

    say(f"listening on {server.url}, chain id {server.local.chain.chain_id}")
    say(f"accounts, unlocked, with {format_wei(FUNDS)} ETH each:")
    for account in ACCOUNTS:
        say(f"  {account.name:6} {account.address}")
    say("Ctrl-C stops it")
