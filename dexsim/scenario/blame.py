"""When somebody's own agent fails: say which, where in its file, and in which block."""

from __future__ import annotations

import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from dexsim.errors import DexsimError, ScenarioError
from dexsim.market.adapted import AdapterFault

_OURS = Path(__file__).resolve().parent.parent


@contextmanager
def blamed_on(name: str, agent: object, *, block: int) -> Iterator[None]:
    """Turn what an agent raises into a ScenarioError that names its file and line, and the block.

    dexsim's own errors keep their words; a fault in dexsim's own code is not
    blamed on anybody.
    """
    try:
        yield
    except AdapterFault:
        raise  # its key says whose it is
    except ScenarioError as error:
        if not _ours(agent):
            error.problem += f" ({_where(error, block)})"
        raise error.within(f"agents.{name}") from error
    except DexsimError as error:
        raise ScenarioError(_told(error, block), key=f"agents.{name}") from error
    except (Exception, SystemExit) as error:
        if _ours(agent):
            raise
        raise ScenarioError(_told(error, block), key=f"agents.{name}") from error


def _ours(agent: object) -> bool:
    return type(agent).__module__.split(".")[0] == "dexsim" and not hasattr(agent, "__plugin__")


def _told(error: BaseException, block: int) -> str:
    """The error in one line: type, message, where in the user's file, which block."""
    return f"raised {type(error).__name__} {_where(error, block)}: {error}"


def _where(error: BaseException, block: int) -> str:
    """Which block, and where in the user's file, as far as the error has been there."""
    place = ""
    for frame in traceback.extract_tb(error.__traceback__):
        if not Path(frame.filename).is_relative_to(_OURS):
            place = f", at {frame.filename}:{frame.lineno}"
    return ("while it was set up" if block == 0 else f"in block {block}") + place
