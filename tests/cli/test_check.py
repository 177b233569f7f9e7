"""`dexsim check`: verdicts, scripts, exit codes."""

from __future__ import annotations

import json
import shutil

import pytest

from dexsim.artifacts.library import sources_folder

FAULT = ('assert adjusted0 * adjusted1 >= least, "pool: k"', "pass")


@pytest.fixture
def contracts(tmp_path, monkeypatch):
    """A working folder with dexsim's contracts in it."""
    monkeypatch.chdir(tmp_path)
    shutil.copytree(sources_folder(), tmp_path / "contracts")
    return tmp_path / "contracts"


def test_a_sound_pool_gets_a_line_for_every_property_and_nothing_is_written(dexsim, contracts):
    ended = dexsim("check", "contracts/pool.vy", "--property", "P02", "--effort", "0.1")
    assert ended.code == 0
    assert ended.err == ""
    head, _, line = ended.out.splitlines()
    assert head == "pool: 1 properties, 1 kept"
    assert line.startswith("  P02  every swap pays for k")
    assert not (contracts.parent / "counterexamples").exists()


def test_a_broken_property_ends_with_1_and_a_script(dexsim, contracts):
    pool = contracts / "pool.vy"
    pool.write_text(pool.read_text().replace(*FAULT))
    ended = dexsim("check", "contracts/pool.vy", "--property", "P02", "--effort", "0.1")
    assert ended.code == 1
    assert "P02  every swap pays for k                    BROKEN" in ended.out
    assert "the shortest history that was found:" in ended.out
    assert "bob: swap('pool', " in ended.out
    assert ended.err == "written: counterexamples/pool_P02.py\n"
    assert (contracts.parent / "counterexamples" / "pool_P02.py").is_file()


def test_json_is_one_object_and_nothing_else(dexsim, contracts):
    ended = dexsim("check", "contracts/pool.vy", "--property", "P20", "--effort", "0.1", "--json")
    assert ended.code == 0
    (verdict,) = json.loads(ended.out)["verdicts"]
    assert (verdict["id"], verdict["outcome"]) == ("P20", "kept")


@pytest.mark.parametrize(
    ("find", "replace", "told"),
    [
        (
            "self.pool.read.quote(token_in",
            "self.pool.read.quote(nothing",
            "quote() raised NameError",
        ),
        ("def quote(", "def quoted(", "is no adapter: it has no quote()"),
        ("shares(who)\n", "stakes(who)\n", "no function 'stakes'"),
        (
            "return self.pool.write.add",
            "self.pool.write.add",
            "add() returned None, not a transaction",
        ),
        ("return self.pool.read.quote", "return 0.5 + self.pool.read.quote", "not an int in wei"),
    ],
)
def test_a_faulty_adapter_is_the_users_and_told_with_its_place(
    dexsim, contracts, find, replace, told
):
    assert dexsim("new", "mine", "--pool").code == 0
    adapter = contracts.parent / "mine_adapter.py"
    text = adapter.read_text()
    assert find in text
    adapter.write_text(text.replace(find, replace))
    ended = dexsim("check", "mine.vy", "--adapter", "mine_adapter.py:Adapter", "--effort", "0.05")
    assert (ended.code, ended.out) == (2, "")
    assert told in ended.err
    assert "Traceback" not in ended.err


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["nowhere.vy"], "error: nowhere.vy: no such file"),
        (["contracts/token.vy"], "is no pair as Uniswap v2 has them"),
        (["contracts/pool.vy", "--set", "abc"], "unknown set of properties 'abc'"),
        (["contracts/pool.vy", "--property", "P77"], "unknown property 'P77'"),
        (["contracts/pool.vy", "--adapter", "mine"], "expected FILE.py:Class"),
    ],
)
def test_wrong_input_ends_with_2_and_one_block(dexsim, contracts, arguments, told):
    ended = dexsim("check", *arguments)
    assert (ended.code, ended.out) == (2, "")
    assert told in ended.err
    assert "Traceback" not in ended.err
