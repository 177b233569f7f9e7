"""pytest fixtures for contracts: `pytest_plugins = ["dexsim.testing"]` in your conftest.py.

The options are there without it, by entry point; that import has to be light, so that what
stands here is loaded when it is first used. PYTEST_DONT_REWRITE: there are no asserts here.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dexsim.testing.decree import deal
    from dexsim.testing.events import expect_events
    from dexsim.testing.expectations import Refusal, reverts
    from dexsim.testing.machines import run_machine
    from dexsim.testing.playing import play

pytest_plugins = ["dexsim.testing.fixtures", "dexsim.testing.examples", "dexsim.testing.reporting"]

_HOMES = {
    "Refusal": "expectations",
    "deal": "decree",
    "expect_events": "events",
    "play": "playing",
    "reverts": "expectations",
    "run_machine": "machines",
}

__all__ = ["Refusal", "deal", "expect_events", "play", "reverts", "run_machine"]

if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        """A public name, loaded when it is first used."""
        if name not in _HOMES:
            raise AttributeError(f"module 'dexsim.testing' has no attribute {name!r}")
        return getattr(import_module(f"dexsim.testing.{_HOMES[name]}"), name)
