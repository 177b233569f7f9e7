"""A long set is what is marked as one, wherever the tests lie."""

from __future__ import annotations

from pathlib import Path

import pytest

TESTS = """
import pytest

def test_short(): pass

@pytest.mark.long
def test_long(): pass
"""


@pytest.mark.parametrize(("asked", "passed", "skipped"), [([], 1, 1), (["--long"], 2, 0)])
def test_a_folder_of_that_name_makes_no_test_long(
    pytester: pytest.Pytester, asked: list[str], passed: int, skipped: int
) -> None:
    pytester.makeini("[pytest]\nmarkers = long: a long set")
    pytester.makeconftest(Path(__file__).with_name("conftest.py").read_text())
    folder = pytester.mkpydir("long")
    (folder / "test_both.py").write_text(TESTS)
    pytester.runpytest_subprocess(*asked).assert_outcomes(passed=passed, skipped=skipped)
