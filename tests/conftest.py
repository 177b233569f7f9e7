"""What all tests share: dexsim's own fixtures, and long sets that run only when asked for."""

from __future__ import annotations

import pytest

pytest_plugins = ["dexsim.testing", "pytester"]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--long", action="store_true", help="run the long sets too")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--long"):
        return
    skip = pytest.mark.skip(reason="a long set: ./scripts/check --long")
    for item in items:
        # Not by its keywords: a folder of that name above the tests is one of them.
        if item.get_closest_marker("long") is not None:
            item.add_marker(skip)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """What the state machines tried, and what of it the contracts accepted."""
    reports = terminalreporter.getreports("passed") + terminalreporter.getreports("failed")
    tables = [
        text for each in reports for name, text in each.user_properties if name == "acceptance"
    ]
    if tables:
        terminalreporter.section("state machines")
    for text in tables:
        terminalreporter.write_line(f"{text}\n")
