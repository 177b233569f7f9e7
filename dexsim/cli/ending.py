"""How a command ends.

    0    done
    1    the chain or a check refused: accounts do not close, a run does not verify,
         a contract reverts, a plan and a chain disagree, a node or a disk fails
    2    the user's input: a scenario, an option, an engine that is not there
    3    a fault in dexsim; DEXSIM_DEBUG=1 shows where
    130  interrupted (Ctrl-C)

What went wrong is one block on stderr that begins with `error:`.
"""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Sequence

import typer

from dexsim.cli.console import complain, silence, write_anything
from dexsim.errors import ArtifactError, DexsimError, EngineError, NodeError, ScenarioError

DONE, REFUSED, INPUT, FAULT, INTERRUPTED = 0, 1, 2, 3, 130


def exit_code(app: typer.Typer, args: Sequence[str] | None) -> int:
    """Run a command; tell what went wrong."""
    write_anything()
    try:
        code = app(args=args, prog_name="dexsim", standalone_mode=False) or DONE
        sys.stdout.flush()
    except (KeyboardInterrupt, typer.Abort):
        code = INTERRUPTED
    except BrokenPipeError:
        return _unread()
    except SystemExit as stop:
        if isinstance(stop.__context__, BrokenPipeError):
            return _unread()
        raise
    except Exception as error:  # noqa: BLE001
        return _told(error, sys.argv[1:] if args is None else args)
    if code == INTERRUPTED:
        complain("interrupted")
    return int(code)


def _unread() -> int:
    """Nobody reads our output any more: they have what they wanted."""
    silence()
    return DONE


def _told(error: Exception, typed: Sequence[str]) -> int:
    """Tell an error and give its exit code. typed: the command, of which no key is repeated."""
    if isinstance(error, DexsimError):
        _tell(str(error), typed)
        inputs = isinstance(error, ScenarioError | ArtifactError | EngineError)
        return INPUT if inputs and not isinstance(error, NodeError) else REFUSED
    if isinstance(error, OSError):
        _tell(f"{error.filename}: {error.strerror}" if error.filename else str(error), typed)
        return REFUSED
    usage = getattr(error, "format_message", None)
    if usage is not None:
        _tell_usage(error, usage(), typed)
        return INPUT
    return _fault(error, typed)


def _tell(problem: str, typed: Sequence[str]) -> None:
    told = f"error: {problem}"
    if os.environ.get("DEXSIM_DEBUG"):
        told += f"\n{traceback.format_exc()}"
    complain(_without_keys(told, typed))


def _without_keys(told: str, typed: Sequence[str]) -> str:
    """A complaint that does not repeat a private key which somebody typed in the wrong place."""
    if "trace" in typed[:1]:  # what looks like a key there is a transaction's hash
        return told
    from dexsim.chain.keys import without_keys

    return without_keys(told, typed)


def _tell_usage(error: Exception, message: str, typed: Sequence[str]) -> None:
    """An option or argument that typer refuses; with no arguments at all, typer has shown the help."""
    context = getattr(error, "ctx", None)
    if not message or type(error).__name__ == "NoArgsIsHelpError":
        complain(message)
        return
    command = context.command_path if context is not None else "dexsim"
    _tell(f"{message[0].lower()}{message[1:].rstrip('.')}; see {command} --help", typed)


def _fault(error: Exception, typed: Sequence[str]) -> int:
    _tell(
        f"a fault in dexsim, not in your input: {type(error).__name__}: {error}\n"
        "  see: DEXSIM_DEBUG=1 shows where; please report it with the command that you ran",
        typed,
    )
    return FAULT
