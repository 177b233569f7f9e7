"""The plugin as a user meets it: options, fixtures, and what one test leaves to the next."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from dexsim.chain import engines
from tests.testing.conftest import ROOT, Suite

HEAVY = {"vyper", "eth", "web3", "eth_tester", "eth_abi", "pydantic", "numpy", "hypothesis"}


def test_the_options_cost_no_heavy_import() -> None:
    script = "import dexsim.testing.plugin, sys; print(*{n.split('.')[0] for n in sys.modules})"
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert not HEAVY & set(done.stdout.split())


@pytest.mark.skipif(not (ROOT / "pyproject.toml").exists(), reason="no checkout: no pyproject")
def test_the_options_come_by_entry_point() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert project["entry-points"]["pytest11"] == {
        "dexsim": "dexsim.testing.plugin",
        "dexsim-coverage": "dexsim.testing.coverage_plugin",
    }


def test_an_engine_that_is_not_there_is_a_usage_error_that_names_the_others(suite: Suite) -> None:
    done = suite("def test_it(chain): pass", "--dexsim-engine", "turbo")
    assert done.ret == pytest.ExitCode.USAGE_ERROR
    done.stderr.fnmatch_lines(["ERROR: --dexsim-engine: no engine 'turbo'; there are: pyevm"])


def test_with_one_engine_names_of_tests_stay_plain(suite: Suite) -> None:
    done = suite("def test_it(chain): assert chain.engine.name == 'pyevm'", "-v")
    done.assert_outcomes(passed=1)
    done.stdout.fnmatch_lines(["test_it.py::test_it PASSED*"])


def with_two_engines(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dexsim.testing.fixtures.engine_names", lambda: ["pyevm", "other"])
    monkeypatch.setattr(engines, "engine_names", lambda: ["pyevm", "other"])


def test_every_engine_runs_what_uses_the_chain(
    suite: Suite, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_two_engines(monkeypatch)
    code = "def test_it(router): pass\ndef test_pure(): pass\n"
    done = suite(code, "-v")
    done.assert_outcomes(passed=3)
    done.stdout.fnmatch_lines_random(
        ["*::test_it?pyevm? PASSED*", "*::test_it?other? PASSED*", "*::test_pure PASSED*"]
    )
    suite(code, "--dexsim-engine", "other").assert_outcomes(passed=2)


def test_a_test_finds_nothing_of_the_one_before(suite: Suite) -> None:
    code = """
import pytest

@pytest.mark.parametrize("turn", range(3))
def test_it(chain, pool, router, deployment, alice, bob, turn):
    held = pool.reserves()
    assert (held.base, held.quote) == (1000 * 10**18, 2_000_000 * 10**6)
    start = (chain.number, chain.time_ms, chain.balance(bob), chain.nonce(alice))
    assert start == (1, 1_700_000_012_000, 10_000 * 10**18, 3)
    assert chain.base_fee == 10**9 and chain.trace_reverts and "mine" not in deployment.pools
    assert "x" not in chain.directory.names
    chain.send(router.swap(alice, pool=pool, token_in=pool.base, amount_in=10**15, min_amount_out=1))
    chain.set_balance(bob, 1)
    chain.advance(seconds=99)
    chain.base_fee, chain.trace_reverts = 7, False
    deployment.pools["mine"] = pool
    chain.directory.names["x"] = "y"
"""
    suite(code).assert_outcomes(passed=3)


def test_a_test_that_leaves_its_chain_broken_harms_no_other(suite: Suite) -> None:
    code = """
KEEP = []

def test_first(chain, alice):
    block = chain.block()
    block.__enter__()
    KEEP.append(block)

def test_second(chain, alice, bob):
    chain.send(__import__("dexsim").Transaction(sender=alice.address, to=bob.address))
    assert chain.number == 1
"""
    suite(code).assert_outcomes(passed=2, errors=1)


def test_a_world_is_deployed_once_a_session_and_another_world_for_itself(suite: Suite) -> None:
    code = """
import dexsim as dx, dexsim.testing.stages as stages, pytest
COUNT, REAL = [], stages.deploy_world

@pytest.fixture(autouse=True, scope="session")
def counted():
    stages.deploy_world = lambda world, chain: COUNT.append(1) or REAL(world, chain)
    yield
    stages.deploy_world = REAL

@pytest.mark.parametrize("turn", range(5))
def test_it(pool, turn):
    assert pool.fee_bps == 30 and len(COUNT) == 1

class TestOther:
    @pytest.fixture
    def world(self, world):
        return dx.World(tokens=world.tokens, venues={"exchange": dx.Venue(fee_bps=5)}, markets=world.markets)

    @pytest.mark.parametrize("turn", range(3))
    def test_other(self, pool, turn):
        assert pool.fee_bps == 5 and len(COUNT) == 2

def test_again(pool):
    assert pool.fee_bps == 30 and len(COUNT) == 2
"""
    suite(code).assert_outcomes(passed=9)


def test_a_world_that_needs_the_chain_is_deployed_on_it(suite: Suite) -> None:
    code = """
import pytest

@pytest.fixture
def world(world, chain):
    chain.advance(seconds=1)
    return world

def test_it(chain, pool):
    assert pool.contract.chain is chain and pool.lp_supply() > 0
"""
    suite(code).assert_outcomes(passed=1)


def test_a_deployment_asked_for_late_is_on_the_same_chain(suite: Suite) -> None:
    code = """
def test_it(request, chain):
    assert request.getfixturevalue("deployment").chain is chain
"""
    suite(code).assert_outcomes(passed=1)


def test_the_fixtures_work_under_xdist(suite: Suite) -> None:
    pytest.importorskip("xdist", reason="pytest-xdist is not installed")
    code = """
import pytest

@pytest.mark.parametrize("turn", range(6))
def test_it(chain, pool, alice, turn):
    assert chain.number == 1
    chain.send(pool.base.transfer(alice, to=pool, amount=1))
"""
    suite(code, "-n", "2").assert_outcomes(passed=6)


def test_paths_are_those_of_the_test_or_of_a_folder_above(suite: Suite, tmp_path: Path) -> None:
    source = "# pragma version ~=0.4.3\n@external\ndef answer() -> uint256:\n    return 42\n"
    code = f'''
import pathlib
HERE = pathlib.Path(__file__).parent

def test_it(deploy, pytester_free=None):
    for folder in (HERE / "deep" / "tests", HERE / "contracts"):
        folder.mkdir(parents=True)
    (HERE / "deep" / "tests" / "near.vy").write_text({source!r})
    (HERE / "contracts" / "far.vy").write_text({source!r}.replace("42", "43"))
    (HERE / "deep" / "tests" / "test_deep.py").write_text(DEEP)

DEEP = """
import pytest
from dexsim.errors import ArtifactError

def test_deep(deploy):
    assert deploy("near.vy").read.answer() == 42
    assert deploy("contracts/far.vy").read.answer() == 43
    with pytest.raises(ArtifactError, match=r"nowhere.vy: no such file in .*deep.tests, nor above it up to "):
        deploy("nowhere.vy")
"""
'''
    suite(code).assert_outcomes(passed=1)
    suite(code, "deep", "--deselect", "test_it.py").assert_outcomes(passed=1)
