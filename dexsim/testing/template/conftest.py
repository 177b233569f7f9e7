"""Fixtures for the tests of NAME.vy: dexsim's own, and an exchange with a market of this pool."""

from pathlib import Path

import pytest
from NAME_adapter import Adapter

import dexsim as dx

pytest_plugins = ["dexsim.testing"]


@pytest.fixture
def world():
    market = dx.Market(
        venue="exchange",
        pair="WETH/USDC",
        base_reserve="1000",
        quote_reserve="2000000",
        contract=str(Path(__file__).with_name("NAME.vy")),
        adapter=Adapter,
    )
    return dx.World(
        tokens={"WETH": dx.Weth(), "USDC": dx.Token(decimals=6)},
        venues={"exchange": dx.Venue()},
        markets={"main": market},
    )
