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
        silence()
        return DONE
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else FAULT
    except Exception as error:  # noqa: BLE001
        return _told(error)
    if code == INTERRUPTED:
        complain("interrupted")
    return int(code)


def _told(error: Exception) -> int:
    """Tell an error and give its exit code."""
    if isinstance(error, ScenarioError):
        _tell(error.problem, {"key": error.key, "in": error.file})
        return INPUT
    if isinstance(error, DexsimError):
        _tell(str(error))
        ours = isinstance(error, ArtifactError | EngineError) and not isinstance(error, NodeError)
        return INPUT if ours else REFUSED
    if isinstance(error, OSError):
        _tell(error.strerror or str(error), {"in": str(error.filename or "")})
        return REFUSED
    usage = getattr(error, "format_message", None)
    if usage is not None:
        _tell_usage(error, usage())
        return INPUT
    return _fault(error)


def _tell(problem: str, about: dict[str, str] | None = None) -> None:
    lines = [f"error: {problem}"]
    lines += [f"  {label}: {text}" for label, text in (about or {}).items() if text]
    complain("\n".join(lines))
    if os.environ.get("DEXSIM_DEBUG"):
        traceback.print_exc()


def _tell_usage(error: Exception, message: str) -> None:
    """An option or argument that typer refuses; with no arguments at all, typer has shown the help."""
    context = getattr(error, "ctx", None)
    if not message or type(error).__name__ == "NoArgsIsHelpError":
        complain(message)
        return
    command = context.command_path if context is not None else "dexsim"
    _tell(message[0].lower() + message[1:].rstrip("."), {"see": f"{command} --help"})


def _fault(error: Exception) -> int:
    if os.environ.get("DEXSIM_DEBUG"):
        traceback.print_exc()
    complain(
        f"error: a fault in dexsim, not in your input: {type(error).__name__}: {error}\n"
        "  see: DEXSIM_DEBUG=1 shows where; please report it with the command that you ran"
    )
    return FAULT
