"""Worlds and scenarios over the pools of these tests."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from dexsim.market.world import Market, World
from dexsim.scenario.scenario import Scenario
from tests.scenarios import small

HERE = Path(__file__).resolve().parent


def market(contract: str | None, adapter: str | None = None, **changes: Any) -> Market:
    """The market of `small`, on a contract of this folder behind an adapter of this folder."""
    fields: dict[str, Any] = {
        "venue": "exchange",
        "pair": "WETH/USDC",
        "base_reserve": "1000",
        "quote_reserve": "2000000",
        "contract": None if contract is None else str(HERE / contract),
        "adapter": None if adapter is None else f"{HERE / 'adapters.py'}:{adapter}",
    }
    return Market(**(fields | changes))


def world(contract: str | None, adapter: str | None = None, **changes: Any) -> World:
    return small.world(**({"markets": {"main": market(contract, adapter)}} | changes))


def scenario(contract: str | None, adapter: str | None = None, **changes: Any) -> Scenario:
    return small.scenario(**({"world": world(contract, adapter), "blocks": 12} | changes))
