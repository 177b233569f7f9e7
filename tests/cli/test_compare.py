"""`dexsim compare`: the finding told, as an object, and bad input."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import SMALL, Dexsim


def test_a_finding_is_told_with_its_interval(dexsim: Dexsim, here: Path) -> None:
    ended = dexsim("compare", "small.toml", "--blocks", "6", "--seeds", "3")
    assert ended.code == 0, ended.err
    assert "retail paid, 3 seeds (0 to 2)" in ended.out
    assert "hunted - calm: " in ended.out
    assert "95 % interval" in ended.out
    assert any(word in ended.out for word in ("supported", "refuted", "undecided"))
    assert "accounts close in every run" in ended.out
    assert max(map(len, ended.out.splitlines())) <= 85


def test_one_seed_is_no_finding(dexsim: Dexsim, here: Path) -> None:
    ended = dexsim("compare", "small.toml", "--blocks", "4", "--seeds", "1")
    assert "one seed is no finding" in ended.out


def test_the_object_has_every_seed(dexsim: Dexsim, here: Path) -> None:
    ended = dexsim("compare", "small.toml", "--blocks", "4", "--seeds", "2", "--json")
    told = json.loads(ended.out)
    assert told["seeds"] == [0, 1]
    assert set(told["arms"]) == {"calm", "hunted"}
    assert [finding["effect"] for finding in told["findings"]] == ["hunted - calm"]
    assert told["accounts_close"] is True


def test_what_has_no_arms_cannot_be_compared(dexsim: Dexsim, here: Path) -> None:
    start, rest = SMALL.split("[experiment]")
    world = rest[rest.index("[world.tokens]") : rest.index("[arms.calm]")]
    (here / "one.toml").write_text(start + world)
    ended = dexsim("compare", "one.toml")
    assert ended.code == 2
    assert "it has no arms" in ended.err


def test_no_seeds_are_refused(dexsim: Dexsim, here: Path) -> None:
    ended = dexsim("compare", "small.toml", "--seeds", "0")
    assert ended.code == 2
    assert "'0' is no whole number from 1" in ended.err


def test_what_cannot_be_measured_is_undecided_and_no_number(dexsim: Dexsim, here: Path) -> None:
    (here / "none.toml").write_text(SMALL.replace("retail_cost_bps", "reward_price_lost"))
    ended = dexsim("compare", "none.toml", "--blocks", "1", "--seeds", "2", "--json")
    assert ended.code == 0, ended.err
    told = json.loads(ended.out, parse_constant=lambda name: pytest.fail(f"{name} is no JSON"))
    assert told["arms"] == {"calm": [None, None], "hunted": [None, None]}
    assert told["findings"][0]["outcome"] == "undecided"
    assert told["findings"][0]["mean"] is None
