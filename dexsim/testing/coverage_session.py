"""Coverage over a whole run of pytest, its workers (pytest-xdist) included.

PYTEST_DONT_REWRITE: there are no asserts here.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest

from dexsim.chain.watching import watching
from dexsim.coverage import FileCoverage, Visits, as_lcov, as_text, coverage_of

_SENT = "dexsim_coverage"


class CoverageSession:
    """Notes what runs; at the end tells it, or in a worker sends it to the controller."""

    def __init__(
        self, config: pytest.Config, wanted: Sequence[str], sources: Sequence[Path] = ()
    ) -> None:
        self._config = config
        self._wanted = wanted
        self._sources = sources
        self._visits = Visits()
        self._watch = ExitStack()
        self._watch.enter_context(watching(self._visits))

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """Take what a worker has noted."""
        sent = getattr(node, "workeroutput", {}).get(_SENT)
        if sent is not None:
            self._visits.add(Visits.from_json(sent))

    def pytest_sessionfinish(self) -> None:
        """In a worker: send it. Else: write the files."""
        self._watch.close()
        output = getattr(self._config, "workeroutput", None)
        if output is not None:
            output[_SENT] = self._visits.to_json()
            return
        for kind in self._wanted:
            if kind.startswith("lcov:"):
                file = self._config.invocation_params.dir / kind.removeprefix("lcov:")
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(as_lcov(self._found[0], self._config.rootpath))

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        """The table."""
        files, left_out = self._found
        terminalreporter.section("coverage of Vyper sources")
        if "text" in self._wanted:
            text = as_text(files, self._config.rootpath) if files else "no Vyper source ran"
            terminalreporter.write_line(text)
        for why in left_out:
            terminalreporter.write_line(f"left out: {why}")

    @cached_property
    def _found(self) -> tuple[tuple[FileCoverage, ...], tuple[str, ...]]:
        return coverage_of(self._visits, self._config.rootpath, self._sources)
