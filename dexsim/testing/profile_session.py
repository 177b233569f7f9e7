"""The gas profile of a whole run of pytest, its workers (pytest-xdist) included.

PYTEST_DONT_REWRITE: there are no asserts here.
"""

from __future__ import annotations

from contextlib import ExitStack
from typing import Any

import pytest

from dexsim.chain.watching import watching
from dexsim.profiling import Profile, as_text

_SENT = "dexsim_profile"


class ProfileSession:
    """Adds up gas; at the end tells it, or in a worker sends it to the controller."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._profile = Profile()
        self._watch = ExitStack()
        self._watch.enter_context(watching(self._profile))

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """Take what a worker has added up."""
        sent = getattr(node, "workeroutput", {}).get(_SENT)
        if sent is not None:
            self._profile.add(Profile.from_json(sent))

    def pytest_sessionfinish(self) -> None:
        """In a worker: send it."""
        self._watch.close()
        output = getattr(self._config, "workeroutput", None)
        if output is not None:
            output[_SENT] = self._profile.to_json()

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        """The tables."""
        terminalreporter.section("gas of Vyper sources")
        terminalreporter.write_line(as_text(self._profile))
