"""Bad input: exit code 2, one block on stderr that says what is wrong, nothing written."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import SMALL, Dexsim, Ended

AGENT = """\
from dataclasses import dataclass


@dataclass(frozen=True)
class Broken:
    def start(self, setup):
        return self

    def act(self, view):
        if view.block == 2:
            return [1 / 0]
        return []
"""


def _refused(ended: Ended, here: Path, *told: str) -> None:
    """The command was refused for the user's input, and left nothing behind."""
    assert ended.code == 2
    assert ended.out == ""
    assert ended.err.startswith("error: ")
    assert ended.err.count("error:") == 1
    assert "Traceback" not in ended.err
    assert not (here / "out").exists()
    for part in told:
        assert part in ended.err


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (
            "count = 4",
            "coutn = 4",
            ["agents.retail.coutn", "unknown key", "did you mean count or route?"],
        ),
        ("count = 4", 'count = "four"', ["agents.retail.count", "integer", "four"]),
        ("count = 4", "count = -4", ["agents.retail.count", "-4"]),
        ('"3"', '"-3"', ["agents.retail.median_size", "-3", "0 or more"]),
        ('"3"', "3.5", ["agents.retail.median_size", '"3.5"', "float 3.5"]),
        ('"3"', "3", ["agents.retail.median_size", '"3"', "int 3", "wei"]),
        ('base_reserve = "1000"', 'base_reserve = "0"', ["world.markets.main.base_reserve"]),
        ('pair = "WETH/USDC"', 'pair = "WETH/DAI"', ["world.markets.main.pair", "DAI", "WETH"]),
        ('kind = "trader"', 'kind = "tradr"', ["agents.retail.kind", "tradr", "trader"]),
        ("schema = 1", "schema = 9", ["schema", "9", "1"]),
        ("schema = 1", "schema = ", ["is not TOML", "line 1"]),
    ],
)
def test_a_wrong_entry_is_named_with_its_file_and_what_is_allowed(
    dexsim: Dexsim, here: Path, old: str, new: str, told: list[str]
) -> None:
    assert old in SMALL
    (here / "bad.toml").write_text(SMALL.replace(old, new, 1))
    _refused(dexsim("run", "bad.toml", "--out", "out"), here, "bad.toml", *told)


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (["sandwitch"], ["unknown scenario 'sandwitch'", "did you mean sandwich?"]),
        (["nowhere.toml"], ["nowhere.toml", "no such file"]),
        (["small.toml", "--engine", "geth"], ["'geth'", "installed: auto, ", "pyevm"]),
        (["small.toml", "--set", "agents.retial.count=5"], ["--set", "did you mean retail?"]),
        (["small.toml", "--set", "agents.retail.cuont=5"], ["--set", "did you mean count?"]),
        (["small.toml", "--set", "agents.retail.count"], ["--set", "expected key=value"]),
        (["small.toml", "--set", "agents.retail.count=0.5"], ["agents.retail.count", "0.5"]),
        (["small.toml", "--blocks", "0"], ["--blocks", "0", "1"]),
        (["small.toml", "--blocks", "many"], ["--blocks", "'many'", "see dexsim run --help"]),
        (["small.toml", "--seed", "-1"], ["--seed", "'-1'", "from 0"]),
        (["small.toml", "--sed", "1"], ["--sed", "see dexsim run --help"]),
        (["small.toml", "--prices", "nowhere.csv"], ["--prices", "nowhere.csv"]),
        (["small.toml", "--prices", "WTEH=p.csv"], ["--prices", "did you mean WETH?"]),
        (["small.toml", "--prices", "USDC=p.csv"], ["--prices", "numeraire"]),
        (["small.toml", "--time-column", "t"], ["--prices"]),
        (["small.toml", "--force"], []),
        ([], ["SCENARIO"]),
    ],
)
def test_a_wrong_option_is_named(
    dexsim: Dexsim, here: Path, args: list[str], told: list[str]
) -> None:
    out = [] if "--force" in args else ["--out", "out"]
    _refused(dexsim("run", *args, *out), here, *told)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", ["is empty"]),
        ("time,price\n", ["no rows"]),
        ("time,price\n2023-08-13,1800\n", ["one price"]),
        ("time,price\n2023-08-13,1800\n2023-08-14,dear\n", ["line 3", "'price'", "'dear'"]),
        ("time,price\n2023-08-13,1800\nlater,1801\n", ["line 3", "'time'", "'later'"]),
        ("time,price\n2023-08-13,1800\n2023-08-13,1801\n", ["line 3", "'time'", "increase"]),
        ("time,price\n2023-08-13,1800\n2023-08-14,-1\n", ["line 3", "'price'", "above zero"]),
        ("time,price\n2023-08-13,1800\n2023-08-14\n", ["line 3", "'price'", "missing"]),
        ("time,bid,ask\n2023-08-13,1,2\n", ["'bid', 'ask'", "--price-column"]),
        ("time,price\n2023-08-13 00:00:00,1\n2023-08-13 00:00:01,1\n", ["before the first block"]),
    ],
)
def test_a_malformed_price_file_is_named_with_line_and_column(
    dexsim: Dexsim, here: Path, text: str, told: list[str]
) -> None:
    (here / "p.csv").write_text(text)
    ended = dexsim("run", "small.toml", "--prices", "p.csv", "--out", "out")
    _refused(ended, here, "p.csv" if "first block" not in told[0] else "--prices", *told)


def test_an_output_folder_that_is_not_empty_is_refused_before_the_run(
    dexsim: Dexsim, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_: object, **__: object) -> None:
        raise AssertionError("the run began")

    monkeypatch.setattr("dexsim.scenario.run.run", never)
    (here / "mine").mkdir()
    (here / "mine" / "thesis.txt").write_text("precious")
    _refused(dexsim("run", "small.toml", "--out", "mine"), here, "mine", "--force")
    _refused(dexsim("run", "small.toml", "--out", "mine", "--force"), here, "mine", "no run")
    _refused(dexsim("run", "small.toml", "--out", "small.toml"), here, "is a file")
    assert (here / "mine" / "thesis.txt").read_text() == "precious"


def test_a_users_agent_that_raises_is_named_with_file_line_and_block(
    dexsim: Dexsim, here: Path
) -> None:
    (here / "mine.py").write_text(AGENT)
    mine = '[agents.mine]\nkind = "./mine.py:Broken"\n\n[agents.retail]'
    (here / "bad.toml").write_text(SMALL.replace("[agents.retail]", mine))
    told = ["agents.mine", "ZeroDivisionError", "block 2", f"{here / 'mine.py'}:11"]
    _refused(dexsim("run", "bad.toml", "--out", "out"), here, *told)


def test_a_fault_of_our_own_says_so_and_shows_where_only_when_asked(
    dexsim: Dexsim, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> None:
        raise RuntimeError("oops")

    monkeypatch.setattr("dexsim.scenario.catalogue.catalogue", broken)
    ended = dexsim("scenarios")
    assert ended.code == 3
    assert ended.err.startswith("error: a fault in dexsim, not in your input: RuntimeError: oops")
    assert "Traceback" not in ended.err
    monkeypatch.setenv("DEXSIM_DEBUG", "1")
    assert "Traceback" in dexsim("scenarios").err


def test_a_contract_that_refuses_ends_with_1(
    dexsim: Dexsim, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dexsim.errors import DeploymentError, NodeError, Reverted

    for error in (Reverted("pool: k"), NodeError("no answer"), DeploymentError("they disagree")):

        def refused(error: Exception = error) -> None:
            raise error

        monkeypatch.setattr("dexsim.scenario.catalogue.catalogue", refused)
        ended = dexsim("scenarios")
        assert ended.code == 1
        assert ended.err == f"error: {error}\n"
