"""A test that fails because a contract refused shows what happened, in its report."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

import pytest

TITLE = "why it reverted"
"""Heading of the section in a failing test's report."""


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[Any]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Add the explanation of a `Reverted`, wherever it stands in what failed the test."""
    report = yield
    if report.failed and call.excinfo is not None:
        text = _explained(call.excinfo.value)
        if text:
            report.sections.append((TITLE, text))
    return report


def _explained(error: BaseException) -> str:
    """What `dexsim.explain` says of an error; "" where nothing reverted, or there is no trace."""
    from dexsim.tracing import explain, refusal_behind

    refused = refusal_behind(error)
    if refused is None or refused.frame is None or refused.chain is None:
        return ""
    try:
        return explain(refused)
    except Exception as trouble:  # noqa: BLE001
        # A report must not fail: the test's own error would be lost.
        return f"could not be explained: {type(trouble).__name__}: {trouble}"
