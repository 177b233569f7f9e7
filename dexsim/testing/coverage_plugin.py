"""Coverage of Vyper sources in pytest, and the gas profile, by entry point; light until asked for.

PYTEST_DONT_REWRITE: there are no asserts here.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """The options."""
    group = parser.getgroup("dexsim", "contracts on dexsim's chain")
    group.addoption(
        "--dexsim-coverage",
        action="append",
        nargs="?",
        const="text",
        metavar="text|lcov:FILE",
        help="which statements and branches of the Vyper sources below the root ran: "
        "as a table at the end, or as lcov in FILE; can be given twice",
    )
    group.addoption(
        "--dexsim-coverage-source",
        action="append",
        metavar="DIR",
        help="with --dexsim-coverage: tell of the Vyper sources in DIR alone, those too "
        "that no test ran; can be given twice",
    )
    group.addoption(
        "--dexsim-profile",
        action="store_true",
        help="show at the end at which lines and in which calls the transactions' gas went",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Begin to look on where that is asked for."""
    wanted = config.getoption("dexsim_coverage")
    for kind in wanted or ():
        if kind != "text" and not (kind.startswith("lcov:") and kind != "lcov:"):
            raise pytest.UsageError(
                f"--dexsim-coverage: expected text or lcov:FILE, not {kind!r} "
                "(write --dexsim-coverage=text before a path)"
            )
    sources = _folders(config, config.getoption("dexsim_coverage_source") or ())
    if sources and not wanted:
        raise pytest.UsageError("--dexsim-coverage-source needs --dexsim-coverage")
    if wanted:
        from dexsim.testing.coverage_session import CoverageSession

        config.pluginmanager.register(
            CoverageSession(config, wanted, sources), "dexsim-coverage-session"
        )
    if config.getoption("dexsim_profile"):
        from dexsim.testing.profile_session import ProfileSession

        config.pluginmanager.register(ProfileSession(config), "dexsim-profile-session")


def _folders(config: pytest.Config, names: Iterable[str]) -> list[Path]:
    """Folders as they are meant from where pytest was started."""
    folders = [config.invocation_params.dir / name for name in names]
    for name, folder in zip(names, folders, strict=True):
        if not folder.is_dir():
            raise pytest.UsageError(f"--dexsim-coverage-source: no folder {name!r}")
    return folders
