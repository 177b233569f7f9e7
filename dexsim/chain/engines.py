"""Engines by name."""

from __future__ import annotations

import os
from functools import cache
from importlib.util import find_spec

from dexsim.chain.engine import Engine
from dexsim.errors import EngineError

FORK = "cancun"
"""The hard fork that the contracts are compiled for."""

CHAIN_ID = 1337

CHOICE = "DEXSIM_ENGINES"


def engine_names() -> list[str]:
    """The engines that can be opened here, the preferred one first.

    Those that are installed, or of them the ones that the environment variable DEXSIM_ENGINES
    names, separated by commas, in its order. Raises EngineError where it names another.
    """
    installed = ["revm", "pyevm"] if _is_revm_installed() else ["pyevm"]
    wanted = [name.strip() for name in os.environ.get(CHOICE, "").split(",") if name.strip()]
    strange = [name for name in wanted if name not in installed]
    if strange:
        raise EngineError(f"{CHOICE} names {strange[0]!r}; installed: {', '.join(installed)}")
    return wanted or installed


@cache
def _is_revm_installed() -> bool:
    return find_spec("dexsim_revm") is not None


def open_engine(name: str = "auto", *, fork: str = FORK, chain_id: int = CHAIN_ID) -> Engine:
    """A new, empty engine.

    name: "auto" for the fastest installed, or one of `engine_names()`.
    Raises EngineError naming the engines there are.
    """
    names = engine_names()
    chosen = names[0] if name == "auto" else name
    if chosen not in names:
        how = "; revm comes with `pip install ./engine`" if name == "revm" else ""
        raise EngineError(f"no engine {name!r}; installed: {', '.join(['auto', *names])}{how}")
    if chosen == "revm":
        from dexsim.chain.revm import Revm

        return Revm(chain_id=chain_id, fork=fork)
    from dexsim.chain.pyevm import PyEvm

    return PyEvm(chain_id=chain_id, fork=fork)
