"""Small suites of somebody else's, run by pytest inside of pytest."""

from __future__ import annotations

from collections.abc import Callable
from importlib.metadata import entry_points
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

Suite = Callable[..., pytest.RunResult]


@pytest.fixture
def suite(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Suite:
    """`suite(code, *options)`: the code as test_it.py in a folder with dexsim's fixtures, run."""
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.setenv("DEXSIM_ENGINES", "pyevm")  # however many are installed here
    monkeypatch.delenv("PYTEST_ADDOPTS", raising=False)
    pytester.makeini("[pytest]\nfilterwarnings = error\naddopts = -p no:cacheprovider\n")
    pytester.makeconftest('pytest_plugins = ["dexsim.testing"]\n')
    installed = entry_points(group="pytest11", name="dexsim")
    by_hand = [] if installed else ["-p", "dexsim.testing.plugin"]

    def run(code: str, *options: str) -> pytest.RunResult:
        (pytester.path / "test_it.py").write_text(code)
        return pytester.runpytest(*by_hand, *options)

    return run
