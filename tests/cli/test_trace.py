"""`dexsim trace`: a transaction of a saved run, executed again and told."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from dexsim.chain import accounts
from dexsim.cli import main
from dexsim.results.run import Run
from tests.cli.conftest import SMALL, Dexsim

TIGHT = SMALL.replace("slippage_bps = 200", "slippage_bps = 1").replace("blocks = 4", "blocks = 8")
SETTINGS = ["--set", "agents.retail.trades_per_block=1", "--seed", "7"]


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A saved run in which some users' limits are not met."""
    home = tmp_path_factory.mktemp("traced")
    (home / "small.toml").write_text(TIGHT)
    assert main(["run", str(home / "small.toml"), *SETTINGS, "--out", str(home / "run")]) == 0
    return home / "run"


@pytest.fixture
def run(saved: Path, here: Path) -> Path:
    shutil.copytree(saved, here / "run")
    return here / "run"


def rows(folder: Path, arm: str = "hunted") -> list[dict[str, Any]]:
    (found,) = [each for each in Run.load(folder).arms if each.name == arm]
    return found.rows("transactions")


def refused(folder: Path, arm: str = "hunted") -> list[dict[str, Any]]:
    found = [row for row in rows(folder, arm) if not row["status"]]
    assert found, "the scenario is meant to have some"
    return found


def test_those_that_reverted_are_listed(dexsim: Dexsim, run: Path) -> None:
    ended = dexsim("trace", "run", "--reverted")
    assert (ended.code, ended.err) == (0, "")
    lines = ended.out.splitlines()
    assert len(lines) == len(refused(run, "calm")) + len(refused(run, "hunted"))
    row = refused(run, "hunted")[-1]
    place = f"hunted {row['block']}:{row['position']}"
    assert lines[-1] == (
        f"{place:<16} {row['tx_hash'][:12]}  retail: router.swapExactTokensForTokens: "
        "router: insufficient output"
    )


def test_the_list_may_be_of_one_arm_and_as_json(dexsim: Dexsim, run: Path) -> None:
    ended = dexsim("trace", "run", "--reverted", "--arm", "calm", "--json")
    told = json.loads(ended.out)["reverted"]
    assert [each["hash"] for each in told] == [row["tx_hash"] for row in refused(run, "calm")]
    assert {each["arm"] for each in told} == {"calm"}


def test_an_arm_without_reverts_is_told_so(dexsim: Dexsim, here: Path) -> None:
    assert dexsim("run", "small.toml", "--blocks", "1", "--out", "quiet").code == 0
    assert dexsim("trace", "quiet", "--reverted").out == "no transaction reverted\n"


def test_a_refused_transaction_is_explained(dexsim: Dexsim, run: Path) -> None:
    row = refused(run)[0]
    ended = dexsim("trace", "run", f"{row['block']}:{row['position']}", "--arm", "hunted")
    assert (ended.code, ended.err) == (0, "")
    lines = ended.out.splitlines()
    assert lines[:4] == [
        f"hunted, block {row['block']}, position {row['position']}",
        row["tx_hash"],
        "retail: router.swapExactTokensForTokens reverted: router: insufficient output",
        f"gas {row['gas_used']:,} of {row['gas_limit']:,}, the transaction's own costs included",
    ]
    assert lines[5].startswith("retail ")
    assert " → ✗ router.swapExactTokensForTokens(amountIn=" in lines[5]
    assert "router.swapExactTokensForTokens was refused: router: insufficient output" in lines
    assert any(line.startswith("  > ") and "amountOutMin" in line for line in lines)


def test_people_have_their_names_in_a_process_that_has_met_nobody(
    dexsim: Dexsim, run: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(accounts, "_names", {})
    row = refused(run)[0]
    told = json.loads(dexsim("trace", "run", row["tx_hash"], "--arm", "hunted", "--json").out)
    (name,) = [f"retail {n}" for n in range(1, 5) if is_of(f"retail {n}", row["sender"])]
    assert told["sender"] == name


def is_of(name: str, address: str) -> bool:
    return accounts.Account.named(name).address == address


def test_a_transaction_is_found_by_the_beginning_of_its_hash(dexsim: Dexsim, run: Path) -> None:
    row = refused(run)[0]
    by_place = dexsim("trace", "run", f"{row['block']}:{row['position']}", "--arm", "hunted")
    for text in (row["tx_hash"], row["tx_hash"][:14], row["tx_hash"][2:14].upper()):
        assert dexsim("trace", "run", text, "--arm", "hunted") == by_place


def test_every_transaction_does_again_what_was_recorded(dexsim: Dexsim, run: Path) -> None:
    later = [row for row in rows(run) if row["block"] >= 1][:6]
    for row in later:
        place = f"{row['block']}:{row['position']}"
        told = json.loads(dexsim("trace", "run", place, "--arm", "hunted", "--json").out)
        assert (told["hash"], told["status"]) == (row["tx_hash"], row["status"])
        assert told["call"]["error"] == ("" if row["status"] else row["reason"])
        # What the tree has used, refunds and the transaction's own costs apart.
        assert 0 < told["call"]["gas_used"] < row["gas_used"] * 1.25


def test_json_has_the_tree_and_the_refusals(dexsim: Dexsim, run: Path) -> None:
    row = refused(run)[0]
    told = json.loads(dexsim("trace", "run", row["tx_hash"], "--arm", "hunted", "--json").out)
    assert told["sender"].startswith("retail ")
    assert told["call"]["function"] == "swapExactTokensForTokens"
    assert told["call"]["calls"][0]["function"] == "getReserves"
    (refusal,) = told["refusals"]
    assert refusal["reason"] == "router: insufficient output"
    assert refusal["places"][0]["function"] == "swapExactTokensForTokens"
    assert "amountOutMin" in refusal["places"][0]["text"]


def test_a_creation_of_the_set_up_is_explained_too(dexsim: Dexsim, run: Path) -> None:
    ended = dexsim("trace", "run", "0:0", "--arm", "calm")
    assert ended.code == 0
    assert "deployer → create weth.__init__()" in ended.out


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["9999:0", "--arm", "calm"], "no transaction '9999:0'; calm has "),
        (["0xdeadbeef"], "no transaction '0xdeadbeef'; calm has "),
        (["1:0"], "'1:0' may be any of calm 1:0 (0x"),
        (["0x"], "'0x' names no transaction: give BLOCK:POSITION or the beginning of its hash"),
        (["first"], "'first' names no transaction"),
        (["1:0", "--arm", "nope"], "no arm 'nope'; there are: calm, hunted"),
        (["--arm", "calm"], "name a transaction, BLOCK:POSITION or its hash, or ask for --revert"),
        (["1:0", "--reverted"], "name a transaction, BLOCK:POSITION or its hash, or ask for"),
        (["1:0", "--arm", "calm", "--engine", "nope"], "no engine 'nope'; installed: auto, "),
    ],
)
def test_what_is_not_there_is_told_with_what_is(
    dexsim: Dexsim, run: Path, arguments: list[str], complaint: str
) -> None:
    ended = dexsim("trace", "run", *arguments)
    assert (ended.code, ended.out) == (2, "")
    assert complaint in ended.err
    assert ended.err.count("error:") == 1


def test_an_unknown_place_tells_how_far_the_arms_go(dexsim: Dexsim, run: Path) -> None:
    calm, hunted = (len(rows(run, arm)) for arm in ("calm", "hunted"))
    assert dexsim("trace", "run", "99:0").err == (
        f"error: no transaction '99:0'; calm has {calm} in the blocks 0 to 8; "
        f"hunted has {hunted} in the blocks 0 to 8\n"
    )


def test_many_that_may_be_meant_are_counted(dexsim: Dexsim, run: Path) -> None:
    many = dexsim("trace", "run", "0")
    assert many.code == 2
    count = sum(row["tx_hash"][2] == "0" for arm in ("calm", "hunted") for row in rows(run, arm))
    assert many.err.endswith(f" and {count - 6} more; choose with --arm\n")
    ended = dexsim("trace", "run", "0", "--arm", "calm")
    assert ended.code == 2
    assert ended.err.endswith("; give more of the hash\n")


def test_a_folder_without_a_run_is_refused(dexsim: Dexsim, here: Path) -> None:
    ended = dexsim("trace", ".", "1:0")
    assert (ended.code, ended.err) == (2, "error: .: no run here: run.json is missing\n")


def test_a_run_whose_transactions_were_changed_is_damaged(dexsim: Dexsim, run: Path) -> None:
    path = run / "transactions.parquet"
    stored = pq.read_table(path)
    changed = stored.to_pylist()
    for row in changed:
        if row["block"] == 0:
            row["nonce"] += 1
    pq.write_table(type(stored).from_pylist(changed, schema=stored.schema), path)
    ended = dexsim("trace", "run", "1:0", "--arm", "calm")
    assert ended.code == 2
    assert "a damaged run: 0x" in ended.err
