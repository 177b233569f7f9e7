"""`dexsim run`: what it prints, what it keeps."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from dexsim.results.run import Run
from tests.cli.conftest import SMALL, Dexsim

MINUTES = "".join(f"2023-08-13 00:0{minute}:00,{1800 + minute}\n" for minute in range(4))


def test_a_run_is_told_in_one_page_of_plain_text(dexsim: Dexsim) -> None:
    ended = dexsim("run", "small.toml", "--seed", "7")
    assert ended.code == 0
    assert ended.err == ""
    assert "\x1b" not in ended.out
    assert max(map(len, ended.out.splitlines())) <= 80
    for told in (
        "Claim: Searchers cost users money.",
        "hunted - calm",
        "trades",
        "volume",
        "retail paid",
        "attacker, net",
        "gain of LPs",
        "builder revenue",
        "Who gained and who paid",
        "burnt as base fee",
        "All gains and losses sum to 0.",
        "WETH: holders 0; left over 0",
        "seed 7, 4 blocks, engine ",
        "digest",
    ):
        assert told in ended.out


def test_the_difference_is_the_effect_that_the_experiment_names(dexsim: Dexsim) -> None:
    rows = _numbers(dexsim("run", "small.toml").out, "retail paid")
    calm, hunted, difference = rows
    assert hunted - calm == pytest.approx(difference, abs=0.011)
    assert difference > 0


def test_gains_of_every_arm_sum_to_zero_as_printed(dexsim: Dexsim) -> None:
    lines = dexsim("run", "small.toml").out.splitlines()
    first = next(i for i, line in enumerate(lines) if line.startswith("Who gained")) + 2
    last = next(i for i, line in enumerate(lines) if line.startswith("sum "))
    columns = zip(*(_numbers(line, line) for line in lines[first:last]), strict=True)
    for column in columns:
        assert sum(column) == pytest.approx(0, abs=0.06)


def test_json_prints_one_object_and_nothing_else(dexsim: Dexsim) -> None:
    ended = dexsim("run", "small.toml", "--json", "--seed", "7")
    told = json.loads(ended.out)
    assert ended.code == 0
    assert ended.err == ""
    assert told["accounts_close"] is True
    assert told["seed"] == 7
    assert set(told["arms"]) == {"calm", "hunted"}
    assert told["arms"]["hunted"]["measures"]["sandwiches"] > 0
    assert told["arms"]["hunted"]["gains_and_losses_sum_to"] == "0"


def test_the_same_seed_gives_the_same_digest_and_another_seed_another(dexsim: Dexsim) -> None:
    digests = [
        json.loads(dexsim("run", "small.toml", "--json", "--seed", seed).out)["digest"]
        for seed in ("3", "3", "4")
    ]
    assert digests[0] == digests[1] != digests[2]


def test_set_and_blocks_change_the_scenario(dexsim: Dexsim) -> None:
    ended = dexsim("run", "small.toml", "--json", "--blocks", "2", "--set", "agents.retail.count=1")
    told = json.loads(ended.out)["arms"]["calm"]
    assert told["blocks"] == 2
    assert told["measures"]["trades"] <= 3


def test_out_keeps_a_run_that_loads_with_its_report(dexsim: Dexsim, here: Path) -> None:
    ended = dexsim("run", "small.toml", "--out", "kept/first")
    assert "kept/first/report.html" in ended.out
    run = Run.load(here / "kept" / "first")
    assert run.digest[:16] in ended.out
    assert [arm.name for arm in run.arms] == ["calm", "hunted"]
    assert [path.name for path in (here / "kept").iterdir()] == ["first"]


def test_force_replaces_an_earlier_run(dexsim: Dexsim, here: Path) -> None:
    assert dexsim("run", "small.toml", "--out", "kept", "--seed", "1").code == 0
    assert dexsim("run", "small.toml", "--out", "kept", "--seed", "2", "--force").code == 0
    assert Run.load(here / "kept").manifest["seed"] == 2


def test_a_scenario_without_arms_has_one_column_and_no_difference(
    dexsim: Dexsim, here: Path
) -> None:
    (here / "alone.toml").write_text(
        SMALL[: SMALL.index("[arms.calm]")].replace(
            SMALL[SMALL.index("[experiment]") : SMALL.index("[world.tokens]")], ""
        )
    )
    ended = dexsim("run", "alone.toml")
    assert ended.code == 0
    assert "base" in ended.out
    assert len(_numbers(ended.out, "retail paid")) == 1


def test_many_arms_stand_below_each_other_and_none_is_cut_off(dexsim: Dexsim, here: Path) -> None:
    names = [f"slippage-tolerance-{bps}" for bps in (10, 20, 30, 40)]
    arms = "".join(f'[arms.{name}]\n"agents.retail.slippage_bps" = {name[-2:]}\n' for name in names)
    head = SMALL[: SMALL.index("[arms.calm]")].replace('effect = "hunted - calm"\n', "")
    (here / "many.toml").write_text(head + arms)
    ended = dexsim("run", "many.toml", "--blocks", "1")
    assert ended.code == 0
    assert all(name in ended.out for name in names)
    assert ended.out.count("retail paid") == 2


def test_prices_open_the_markets_and_their_end_ends_the_run(dexsim: Dexsim, here: Path) -> None:
    (here / "prices.csv").write_text("time,price\n" + MINUTES)
    ended = dexsim("run", "small.toml", "--prices", "prices.csv", "--blocks", "99", "--out", "kept")
    assert ended.code == 0, ended.err
    assert "the data ended the run, after 3 min 0 s" in ended.out
    run = Run.load(here / "kept")
    opening = run.table("pools").to_pylist()[0]
    assert opening["price"] == pytest.approx(1800)
    assert run.manifest["arms"]["calm"]["blocks"] == 15


def test_the_rest_of_the_data_is_told_when_the_blocks_end_first(dexsim: Dexsim, here: Path) -> None:
    (here / "p.csv").write_text("when,usd,note\n" + MINUTES.replace("\n", ",1\n"))
    options = ("--time-column", "when", "--price-column", "usd")
    ended = dexsim("run", "small.toml", "--prices", "WETH=p.csv", *options)
    assert "0 min 48 s of the 3 min 0 s of data; more --blocks use more" in ended.out
    told = json.loads(dexsim("run", "small.toml", "--prices", "p.csv", *options, "--json").out)
    assert told["prices"]["run_ends"] == "2023-08-13T00:00:48.000Z"
    assert told["prices"]["data_ended_the_run"] is False


def test_accounts_that_do_not_close_end_with_1(
    dexsim: Dexsim, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dexsim.results.accounts.TokenBalance.open", property(lambda _: 1))
    ended = dexsim("run", "small.toml", "--blocks", "1")
    assert ended.code == 1
    assert ended.err.startswith("error: the accounts do not close: calm: ETH: ")
    assert "NOT closed" in ended.out


def _numbers(text: str, label: str) -> list[float]:
    """The numbers in the line that begins with a label."""
    line = next(line for line in text.splitlines() if line.startswith(label))
    found = []
    for cell in line.split():
        try:
            found.append(float(cell.replace(",", "")))
        except ValueError:
            continue
    return found
