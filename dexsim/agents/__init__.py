"""People on the exchange, and machines."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dexsim.agents.arbitrageur import Arbitrageur
from dexsim.agents.farmer import Farmer
from dexsim.agents.protocol import Actor, Agent, Setup, View
from dexsim.agents.provider import Provider
from dexsim.agents.sandwicher import Sandwicher
from dexsim.agents.trader import Trader

AGENT_KINDS: Mapping[str, type[Any]] = {
    kind.kind: kind for kind in (Trader, Arbitrageur, Provider, Farmer, Sandwicher)
}

__all__ = [
    "AGENT_KINDS",
    "Actor",
    "Agent",
    "Arbitrageur",
    "Farmer",
    "Provider",
    "Sandwicher",
    "Setup",
    "Trader",
    "View",
]
