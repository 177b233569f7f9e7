"""Reports of failing tests: why a contract refused; and no insides of dexsim, unless they failed."""

from __future__ import annotations

import contextlib
from collections.abc import Generator
from pathlib import Path
from types import TracebackType
from typing import Any

import pytest

import dexsim

_PACKAGE = Path(dexsim.__file__).parent
_WITH = Path(contextlib.__file__)
TITLE = "why it reverted"
"""Heading of the section in a failing test's report."""


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[Any]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Add the explanation of a `Reverted`, wherever it stands in what failed the test."""
    if call.excinfo is not None and not item.config.getoption("fulltrace", False):
        _end_at_the_test(call.excinfo)
    report = yield
    if report.failed and call.excinfo is not None:
        text = _explained(call.excinfo.value)
        if text:
            report.sections.append((TITLE, text))
    return report


def _end_at_the_test(excinfo: pytest.ExceptionInfo[BaseException]) -> None:
    """Of what dexsim says to its user, show the line that it is said to; `--full-trace` shows all."""
    entries = excinfo.traceback
    if not entries or not _is_inside(entries[-1]) or not _is_said(entries[-1]):
        return
    outside = [n for n, entry in enumerate(entries) if not _is_inside(entry)]
    if outside and not _is_of_pytest(entries[outside[-1]]):
        excinfo.traceback = type(entries)(_beginning(excinfo.tb, outside[-1] + 1))


def _beginning(tb: TracebackType, length: int) -> TracebackType:
    """A traceback's first entries; the error itself keeps all of them, for debuggers."""
    rest = _beginning(tb.tb_next, length - 1) if tb.tb_next and length > 1 else None
    return TracebackType(rest, tb.tb_frame, tb.tb_lasti, tb.tb_lineno)


def _is_said(entry: Any) -> bool:
    """Whether somebody meant to raise there; what went wrong by itself is to be seen whole."""
    return str(entry.statement).lstrip().startswith("raise ")


def _is_inside(entry: Any) -> bool:
    path = Path(entry.path)
    return path.is_relative_to(_PACKAGE) or path == _WITH


def _is_of_pytest(entry: Any) -> bool:
    return bool({"_pytest", "pluggy"} & set(Path(entry.path).parts))


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
