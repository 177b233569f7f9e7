"""`--dexsim-gas`: figures by test and by what it sends, written, compared, accepted."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.testing.conftest import Suite
from tests.testing.test_plugin import with_two_engines

CODE = """
from hypothesis import given, settings, strategies as st
import pytest

@pytest.fixture
def paid(chain, pool, alice):
    chain.send(pool.base.transfer(alice, to=pool, amount=1))

def test_pay(chain, pool, alice, bob, paid):
    for amount in (5, 6):
        chain.send(pool.quote.transfer(alice, to=bob, amount=amount))
    chain.send(pool.base.approve(alice, spender=bob, amount=7))

def test_read(pool):
    assert pool.lp_supply()

def test_native(chain, alice, bob):
    import dexsim as dx
    chain.send(dx.Transaction(sender=alice.address, to=bob.address))

@settings(max_examples=3, database=None)
@given(amount=st.integers(1, 9))
def test_any(chain, pool, alice, bob, amount):
    chain.send(pool.base.transfer(alice, to=bob, amount=amount))
"""
GAS = "--dexsim-gas=sub/gas.json"


@pytest.fixture
def written(suite: Suite, pytester: pytest.Pytester) -> Path:
    """The snapshot of CODE."""
    done = suite(CODE, GAS)
    done.assert_outcomes(passed=4)
    done.stdout.fnmatch_lines(["*gas, gas.json*", "4 figures written to gas.json"])
    return Path(pytester.path / "sub" / "gas.json")


def figures(file: Path) -> dict[str, Any]:
    return dict(json.loads(file.read_text()))


def test_the_first_run_writes_what_each_test_sends(written: Path) -> None:
    found = figures(written)
    assert list(found) == ["test_it.py::test_native", "test_it.py::test_pay"]
    assert found["test_it.py::test_native"] == {"a call": 21_000}
    pay = found["test_it.py::test_pay"]
    assert list(pay) == ["USDC.transfer", "USDC.transfer #2", "WETH.approve"]
    assert pay["USDC.transfer"] == pay["USDC.transfer #2"] > 21_000


def test_equal_figures_pass_and_leave_the_file_alone(written: Path, suite: Suite) -> None:
    before = written.read_text()
    written.write_text(before + "\n")
    done = suite(CODE, GAS)
    assert done.ret == 0
    done.stdout.fnmatch_lines(["4 figures, none changed by more than 0 %"])
    assert written.read_text() == before + "\n"


def changed(file: Path, by: int) -> int:
    """Change one figure of the file; what it was."""
    found = figures(file)
    was = found["test_it.py::test_pay"]["WETH.approve"]
    found["test_it.py::test_pay"]["WETH.approve"] = was + by
    file.write_text(json.dumps(found))
    return int(was)


def test_a_change_fails_the_session_with_a_table(written: Path, suite: Suite) -> None:
    was = changed(written, -100)
    done = suite(CODE, GAS)
    assert done.ret == pytest.ExitCode.TESTS_FAILED
    share = f"{100 * 100 / (was - 100):+.2f}"
    done.stdout.fnmatch_lines(
        [
            "test_it.py::test_pay",
            f"    WETH.approve  {was - 100:,} -> {was:,}  +100  {share} %  TOO MUCH",
            "1 of 4 figures changed by more than 0 %; --dexsim-gas-update accepts them",
        ],
        consecutive=True,
    )


@pytest.mark.parametrize("by", [100, -100])
def test_a_change_within_the_tolerance_is_told_and_passes(
    written: Path, suite: Suite, by: int
) -> None:
    was = changed(written, by)
    exact = 100 * 100 / (was + by)
    done = suite(CODE, GAS, f"--dexsim-gas-tolerance={exact + 0.01:.4f}")
    assert done.ret == 0
    done.stdout.fnmatch_lines([f"    WETH.approve  {was + by:,} -> {was:,}  {-by:+}  * %"])
    assert suite(CODE, GAS, f"--dexsim-gas-tolerance={exact - 0.01:.4f}").ret == 1


def test_an_update_accepts_the_change(written: Path, suite: Suite) -> None:
    before = written.read_text()
    changed(written, 9)
    done = suite(CODE, GAS, "--dexsim-gas-update")
    assert done.ret == 0
    done.stdout.fnmatch_lines(["    WETH.approve *-9 *TOO MUCH", "4 figures written to gas.json"])
    assert written.read_text() == before


def test_new_and_gone_figures_are_told_and_pass(written: Path, suite: Suite) -> None:
    code = CODE.replace("(5, 6)", "(5,)").replace("test_native", "test_coins")
    done = suite(code, GAS)
    assert done.ret == 0
    done.stdout.fnmatch_lines(
        [
            "test_it.py::test_coins",
            "    a call  new: 21,000",
            "test_it.py::test_native",
            "    a call  gone: 21,000",
            "test_it.py::test_pay",
            "    USDC.transfer #2  gone: *",
        ],
        consecutive=True,
    )
    suite(code, GAS, "--dexsim-gas-update")
    assert list(figures(written)) == ["test_it.py::test_coins", "test_it.py::test_pay"]


@pytest.mark.parametrize("choice", [["-k", "native"], ["test_it.py::test_native"]])
def test_what_was_not_run_is_not_gone(written: Path, suite: Suite, choice: list[str]) -> None:
    before = written.read_text()
    done = suite(CODE, GAS, "--dexsim-gas-update", *choice)
    done.assert_outcomes(passed=1, deselected=3 if "-k" in choice else 0)
    done.stdout.no_fnmatch_line("*  gone: *")
    assert written.read_text() == before


def test_tests_of_a_file_that_is_gone_are_gone(
    written: Path, suite: Suite, pytester: pytest.Pytester
) -> None:
    (pytester.path / "test_other.py").write_text("def test_one(chain): pass")
    found = figures(written)
    written.write_text(json.dumps({**found, "test_lost.py::test_it": {"a call": 1}}))
    done = suite(CODE, GAS)
    done.stdout.fnmatch_lines(["test_lost.py::test_it", "    a call  gone: 1"])


@pytest.mark.parametrize("broken", ["assert False", "pytest.skip('not now')"])
def test_a_test_that_does_not_pass_says_nothing(written: Path, suite: Suite, broken: str) -> None:
    before = written.read_text()
    code = CODE.replace(
        "    chain.send(pool.base.approve", f"    {broken}\n    chain.send(pool.base.approve"
    )
    done = suite(code, GAS, "--dexsim-gas-update")
    done.stdout.no_fnmatch_line("*  gone: *")
    assert written.read_text() == before


def test_it_works_under_xdist(written: Path, suite: Suite) -> None:
    pytest.importorskip("xdist", reason="pytest-xdist is not installed")
    before = written.read_text()
    done = suite(CODE, GAS, "-n", "2")
    assert done.ret == 0
    done.stdout.fnmatch_lines(["4 figures, none changed by more than 0 %"])
    changed(written, 1)
    done = suite(CODE, GAS, "-n", "2")
    assert done.ret == pytest.ExitCode.TESTS_FAILED
    done.stdout.fnmatch_lines(["    WETH.approve *TOO MUCH"])
    written.unlink()
    assert suite(CODE, GAS, "-n", "2").ret == 0
    assert written.read_text() == before


def test_names_do_not_depend_on_the_engines_installed(
    written: Path, suite: Suite, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_two_engines(monkeypatch)
    done = suite(CODE, GAS)
    assert done.ret == 0
    done.assert_outcomes(passed=8)
    done.stdout.fnmatch_lines(["4 figures, none changed by more than 0 %"])


def test_engines_that_disagree_fail_the_session(
    written: Path, suite: Suite, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_two_engines(monkeypatch)
    code = CODE.replace("for amount in (5, 6)", "for amount in (5, 6) + ENGINE").replace(
        "bob, paid)", "bob, paid, dexsim_engine)"
    )
    code = code.replace("ENGINE", "((7,) if dexsim_engine == 'other' else ())")
    done = suite(code, GAS)
    assert done.ret == pytest.ExitCode.TESTS_FAILED
    done.stdout.fnmatch_lines(["engines disagree on the gas of test_it.py::test_pay"])


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        (["--dexsim-gas-update"], "--dexsim-gas-update needs --dexsim-gas=FILE"),
        (["--dexsim-gas-tolerance=1"], "--dexsim-gas-tolerance needs --dexsim-gas=FILE"),
        ([GAS, "--dexsim-gas-tolerance=much"], "*expected percent, as 0.5, not 'much'"),
        ([GAS, "--dexsim-gas-tolerance=-1"], "*expected percent, as 0.5, not '-1'"),
        ([GAS, "--dexsim-gas-tolerance=nan"], "*expected percent, as 0.5, not 'nan'"),
        (["--dexsim-gas=test_it.py"], "*test_it.py: cannot be read: *"),
        (["--dexsim-gas=list.json"], "*list.json: no gas snapshot: expected gas by test and *"),
        (["--dexsim-gas=text.json"], "*text.json: no gas snapshot: expected gas by test and *"),
    ],
)
def test_options_that_make_no_sense_are_usage_errors(
    suite: Suite, pytester: pytest.Pytester, options: list[str], complaint: str
) -> None:
    (pytester.path / "list.json").write_text("[]")
    (pytester.path / "text.json").write_text('{"a": {"b": "much"}}')
    done = suite("def test_it(): pass", *options)
    assert done.ret == pytest.ExitCode.USAGE_ERROR
    done.stderr.fnmatch_lines([f"ERROR: {complaint}"])
