"""What the package promises as a whole: its names, its protocols, values, a cheap import."""

from __future__ import annotations

import pickle
import subprocess
import sys
from dataclasses import replace

import pytest

from dexsim.prices import (
    CLOCK_KINDS,
    PRICE_KINDS,
    BlockClock,
    Constant,
    Csv,
    FixedClock,
    Gbm,
    JumpDiffusion,
    OrnsteinUhlenbeck,
    PoissonClock,
    PriceProcess,
    Sessions,
)

PROCESSES: list[PriceProcess] = [
    Gbm(start="2000", daily_volatility="0.05"),
    JumpDiffusion(start="1", daily_volatility=0, jumps_per_day="0.5", jump_volatility="0.1"),
    OrnsteinUhlenbeck(start="1", daily_volatility="0.01", half_life_hours=12),
    Constant(price="1"),
    Csv(path="prices.csv"),
    Sessions(process=Constant(price="1")),
]
CLOCKS: list[BlockClock] = [FixedClock(), PoissonClock()]


def test_kinds_are_the_names_that_the_classes_give_themselves() -> None:
    assert list(PRICE_KINDS) == ["gbm", "jumps", "ou", "constant", "csv", "sessions"]
    assert list(CLOCK_KINDS) == ["fixed", "poisson"]
    for name, made in [*PRICE_KINDS.items(), *CLOCK_KINDS.items()]:
        assert vars(made)["kind"] == name


def test_every_kind_satisfies_its_protocol() -> None:
    assert [type(process) for process in PROCESSES] == list(PRICE_KINDS.values())
    assert all(isinstance(process, PriceProcess) for process in PROCESSES)
    assert [type(clock) for clock in CLOCKS] == list(CLOCK_KINDS.values())
    assert all(isinstance(clock, BlockClock) for clock in CLOCKS)


@pytest.mark.parametrize("value", [*PROCESSES, *CLOCKS])
def test_descriptions_are_values(value: object) -> None:
    assert pickle.loads(pickle.dumps(value)) == value
    assert replace(value) == value  # type: ignore[type-var]
    assert hash(replace(value)) == hash(value)  # type: ignore[type-var]


def test_import_loads_nothing_heavy() -> None:
    heavy = {"eth", "vyper", "web3", "pyarrow", "pandas", "polars", "scipy", "altair", "typer"}
    script = "import sys, dexsim.prices; print(*{name.split('.')[0] for name in sys.modules})"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert heavy.isdisjoint(done.stdout.split())
