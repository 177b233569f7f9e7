"""The options of pytest, by entry point. Nothing heavy is imported before one of them is used.

PYTEST_DONT_REWRITE: there are no asserts here.
"""

from __future__ import annotations

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """The options."""
    group = parser.getgroup("dexsim", "contracts on dexsim's chain")
    group.addoption(
        "--dexsim-engine",
        metavar="NAME",
        help="run tests with the `chain` fixture on this engine alone (default: on all there are)",
    )
    group.addoption(
        "--dexsim-gas",
        metavar="FILE",
        help="write the gas of what each test sends to FILE, or hold it against what stands there",
    )
    group.addoption(
        "--dexsim-gas-tolerance",
        metavar="PERCENT",
        help="changes of gas up to so many percent are no failure (default: 0)",
    )
    group.addoption(
        "--dexsim-gas-update",
        action="store_true",
        help="write the gas of this run to the file of --dexsim-gas",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Refuse options that make no sense, and begin to measure where that is asked for."""
    _check_engine(config.getoption("dexsim_engine"))
    file = config.getoption("dexsim_gas")
    tolerance = config.getoption("dexsim_gas_tolerance")
    update = config.getoption("dexsim_gas_update")
    if file is None:
        for given, option in (
            (tolerance, "--dexsim-gas-tolerance"),
            (update, "--dexsim-gas-update"),
        ):
            if given:
                raise pytest.UsageError(f"{option} needs --dexsim-gas=FILE")
        return
    from dexsim.testing.gas_session import GasSession

    session = GasSession.opened(config.invocation_params.dir / file, tolerance, update=update)
    config.pluginmanager.register(session, "dexsim-gas")


def _check_engine(name: str | None) -> None:
    if name is None:
        return
    from dexsim.chain.engines import engine_names

    names = engine_names()
    if name not in names:
        raise pytest.UsageError(
            f"--dexsim-engine: no engine {name!r}; there are: {', '.join(names)}"
        )
