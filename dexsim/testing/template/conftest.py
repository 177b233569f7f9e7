"""Fixtures for the tests of NAME.vy: an exchange whose pool it is, with dexsim's own fixtures."""

import pytest

import dexsim as dx

pytest_plugins = ["dexsim.testing"]


@pytest.fixture
def world():
    return dx.World(
        tokens={"WETH": dx.Weth(), "USDC": dx.Token(decimals=6)},
        venues={"exchange": dx.Venue()},
        markets={
            "main": dx.Market(
                venue="exchange",
                pair="WETH/USDC",
                base_reserve="1000",
                quote_reserve="2000000",
                contract="NAME.vy",
                adapter="NAME_adapter.py:Adapter",
            )
        },
    )
