"""Engines by name."""

from __future__ import annotations

from dexsim.chain.engine import Engine
from dexsim.errors import EngineError

FORK = "cancun"
"""The hard fork that the contracts are compiled for."""

CHAIN_ID = 1337


def engine_names() -> list[str]:
    """The engines that can be opened here, the preferred one first."""
    return ["pyevm"]


def open_engine(name: str = "auto", *, fork: str = FORK, chain_id: int = CHAIN_ID) -> Engine:
    """A new, empty engine.

    name: "auto" for the fastest installed, or one of `engine_names()`.
    Raises EngineError naming the engines there are.
    """
    names = engine_names()
    chosen = names[0] if name == "auto" else name
    if chosen not in names:
        raise EngineError(f"no engine {name!r}; installed: {', '.join(['auto', *names])}")
    from dexsim.chain.pyevm import PyEvm

    return PyEvm(chain_id=chain_id, fork=fork)
