"""A working directory with a small experiment in it, and a way to run commands."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from dexsim.cli import main

SMALL = """\
schema = 1
title = "Small"
blocks = 4
gas = { native_price = "2000" }

[experiment]
claim = "Searchers cost users money."
measure = "retail_cost_bps"
effect = "hunted - calm"

[world.tokens]
WETH = { kind = "weth" }
USDC = { decimals = 6 }

[world.prices.WETH]
kind = "constant"
price = "2000"

[world.venues.exchange]

[world.markets.main]
venue = "exchange"
pair = "WETH/USDC"
base_reserve = "1000"
quote_reserve = "2000000"

[agents.retail]
kind = "trader"
count = 4
trades_per_block = "0.5"
median_size = "3"
slippage_bps = 200

[agents.searcher]
kind = "sandwicher"
capital = { WETH = "100", USDC = "200000" }

[arms.calm]
"agents.searcher.enabled" = false

[arms.hunted]
"""


@dataclass(frozen=True)
class Ended:
    """How a command ended: its exit code and what it wrote."""

    code: int
    out: str
    err: str


Dexsim = Callable[..., Ended]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working directory, with small.toml in it."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("DEXSIM_DEBUG", raising=False)
    (tmp_path / "small.toml").write_text(SMALL, "utf-8")
    return tmp_path


@pytest.fixture
def dexsim(here: Path, capsys: pytest.CaptureFixture[str]) -> Dexsim:
    """Run a command in the working directory, in this process."""

    def run(*args: str) -> Ended:
        capsys.readouterr()
        code = main(args)
        return Ended(code, *capsys.readouterr())

    return run
