"""People on the exchange, and machines."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dexsim.agents.arbitrageur import Arbitrageur
from dexsim.agents.backrunner import Backrunner
from dexsim.agents.blind_frontrunner import BlindFrontrunner
from dexsim.agents.buyer import Buyer
from dexsim.agents.buyout import Bidder, Holdout
from dexsim.agents.farmer import Farmer
from dexsim.agents.issuer_owner import IssuerOwner
from dexsim.agents.just_in_time import JustInTime
from dexsim.agents.manipulator import Manipulator
from dexsim.agents.panic_seller import PanicSeller
from dexsim.agents.protocol import Actor, Agent, Setup, View
from dexsim.agents.provider import Provider
from dexsim.agents.provider_styles import STYLE_KINDS as PROVIDER_STYLE_KINDS
from dexsim.agents.redeemer import Leaver, Redeemer
from dexsim.agents.sandwicher import Sandwicher
from dexsim.agents.trader import Trader
from dexsim.agents.treasury import Treasury
from dexsim.agents.treasury_models import MODEL_KINDS as TREASURY_MODEL_KINDS

AGENT_KINDS: Mapping[str, type[Any]] = {
    kind.kind: kind
    for kind in (
        Trader,
        Arbitrageur,
        Provider,
        Farmer,
        Sandwicher,
        Backrunner,
        BlindFrontrunner,
        JustInTime,
        Buyer,
        PanicSeller,
        Manipulator,
        Treasury,
        Redeemer,
        Leaver,
        IssuerOwner,
        Bidder,
        Holdout,
    )
}

__all__ = [
    "AGENT_KINDS",
    "PROVIDER_STYLE_KINDS",
    "TREASURY_MODEL_KINDS",
    "Actor",
    "Agent",
    "Arbitrageur",
    "Backrunner",
    "Bidder",
    "BlindFrontrunner",
    "Buyer",
    "Farmer",
    "Holdout",
    "IssuerOwner",
    "JustInTime",
    "Leaver",
    "Manipulator",
    "PanicSeller",
    "Provider",
    "Redeemer",
    "Sandwicher",
    "Setup",
    "Trader",
    "Treasury",
    "View",
]
