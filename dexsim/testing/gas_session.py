"""`--dexsim-gas`: what each test sends is measured, and held against a file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator, Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import pytest

from dexsim.chain.types import Receipt
from dexsim.testing.examples import is_property
from dexsim.testing.gas_changes import (
    Comparison,
    Figures,
    compare,
    read_figures,
    write_figures,
)
from dexsim.testing.stages import shelf_of

_REPORTED = "dexsim_gas"
_FIGURES = pytest.StashKey[Mapping[str, int]]()
_CHOOSING = ("keyword", "markexpr", "deselect", "lf", "stepwise")


class GasSession:
    """The plugin of one session; under pytest-xdist, of the controller and of every worker.

    Only the test itself is measured, not its fixtures; and no Hypothesis test, because its
    examples differ from run to run. A test that does not pass says nothing.
    """

    def __init__(
        self, file: Path, known: Figures | None, tolerance: Decimal, *, update: bool
    ) -> None:
        self._file = file
        self._known = known
        self._tolerance = tolerance
        self._update = update or known is None
        self._measured: dict[str, Mapping[str, int]] = {}
        self._met: set[str] = set()
        self._disputed: set[str] = set()
        self._comparison: Comparison | None = None
        self._written = 0

    @classmethod
    def opened(cls, file: Path, tolerance: str | None, *, update: bool) -> GasSession:
        """A session that compares with a file, or writes it when asked to or where there is none.

        Raises pytest.UsageError for a tolerance that is no percentage and a file that is no snapshot.
        """
        try:
            return cls(file, read_figures(file), _percent(tolerance), update=update)
        except ValueError as error:
            raise pytest.UsageError(str(error)) from None

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Iterator[None]:
        """Listen while the test runs."""
        shelf = shelf_of(item.config)
        shelf.tape = None if is_property(item) else []
        try:
            return (yield)
        finally:
            item.stash[_FIGURES] = named(shelf.tape or ())
            shelf.tape = None

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, item: pytest.Item) -> Generator[None, Any, Any]:
        """Give the figures to the report, which travels from a worker to the controller."""
        report = yield
        if report.when == "setup":
            setattr(report, _REPORTED, [name_of_test(item), None])
        if report.when == "call" and report.passed:
            setattr(report, _REPORTED, [name_of_test(item), item.stash[_FIGURES]])
        return report

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Collect the figures."""
        test, figures = getattr(report, _REPORTED, ("", None))
        self._met.add(test)
        if figures is not None and self._measured.setdefault(test, figures) != figures:
            self._disputed.add(test)

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Compare or write; a change beyond the tolerance, or engines that disagree, fail the session."""
        if hasattr(session.config, "workerinput"):
            return
        known = self._known or {}
        gone = self._gone(known, session)
        self._comparison = compare(known, self._measured, gone, self._tolerance)
        if self._update:
            kept = {test: known[test] for test in known if test not in gone}
            self._written = write_figures(self._file, {**kept, **self._measured})
        failed = self._disputed or (self._comparison.beyond and not self._update)
        if failed and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def _gone(self, known: Figures, session: pytest.Session) -> set[str]:
        """Known tests that are no more: their file is gone, or was run whole without them."""
        ran = {_file_of(test) for test in self._met} if _is_whole(session) else set()
        root = session.config.rootpath
        return {
            test
            for test in known
            if test not in self._met
            and (_file_of(test) in ran or not (root / _file_of(test)).exists())
        }

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        """Tell what has changed."""
        if self._comparison is None:
            return
        terminalreporter.section(f"gas, {self._file.name}")
        for line in (*self._comparison.lines(), *self._verdict(self._comparison)):
            terminalreporter.line(line)

    def _verdict(self, found: Comparison) -> Iterator[str]:
        for test in sorted(self._disputed):
            yield f"engines disagree on the gas of {test}"
        if self._update:
            yield f"{_counted(self._written)} written to {self._file.name}"
        elif found.beyond:
            yield (
                f"{found.beyond} of {_counted(found.figures)} changed by more than "
                f"{found.tolerance} %; --dexsim-gas-update accepts them"
            )
        else:
            yield f"{_counted(found.figures)}, none changed by more than {found.tolerance} %"


def named(receipts: Sequence[Receipt]) -> dict[str, int]:
    """Gas by what was sent: "token.transfer", "token.transfer #2", in the order of sending."""
    seen: Counter[str] = Counter()
    figures = {}
    for receipt in receipts:
        what = receipt.transaction.what or ("a call" if receipt.transaction.to else "a creation")
        seen[what] += 1
        figures[f"{what} #{seen[what]}" if seen[what] > 1 else what] = receipt.gas_used
    return figures


def name_of_test(item: pytest.Item) -> str:
    """A test's name without the engine that it runs on: gas is the same on all of them."""
    call = getattr(item, "callspec", None)
    engine = call.params.get("dexsim_engine") if call else None
    if call is None or engine is None:
        return item.nodeid
    parts = call.id.split("-")
    parts.remove(engine)
    plain = item.nodeid.removesuffix(f"[{call.id}]")
    return f"{plain}[{'-'.join(parts)}]" if parts else plain


def _counted(figures: int) -> str:
    return f"{figures} figure" if figures == 1 else f"{figures} figures"


def _file_of(test: str) -> str:
    return test.partition("::")[0]


def _is_whole(session: pytest.Session) -> bool:
    """Whether every test of the files that were run was meant to run."""
    options = session.config.option
    chosen = any(getattr(options, name, None) for name in _CHOOSING)
    stopped = bool(session.shouldstop or session.shouldfail)
    return not chosen and not stopped and not any("::" in arg for arg in session.config.args)


def _percent(text: str | None) -> Decimal:
    try:
        tolerance = Decimal(text or 0)
    except InvalidOperation:
        tolerance = Decimal(-1)
    if not tolerance.is_finite() or tolerance < 0:
        raise ValueError(f"--dexsim-gas-tolerance: expected percent, as 0.5, not {text!r}")
    return tolerance
