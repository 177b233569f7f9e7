"""dexsim: simulate automated-market-maker exchanges on real bytecode, exact to the wei.

    import dexsim as dx

    run = dx.run(dx.load("sandwich"), seed=7)

The names below are loaded when they are first used, so that `import dexsim`
itself costs nothing.
"""

from __future__ import annotations

__version__ = "0.1.0"

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dexsim import cpmm
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
    from dexsim.agents.redeemer import Leaver, Redeemer
    from dexsim.agents.sandwicher import Sandwicher
    from dexsim.agents.trader import Trader
    from dexsim.agents.treasury import Treasury
    from dexsim.blockspace.bundles import Bundle, Unbundled
    from dexsim.blockspace.fees import Gas
    from dexsim.blockspace.labels import BackrunLabel, JitLabel, SandwichLabel
    from dexsim.blockspace.mechanisms.batch import Batch
    from dexsim.blockspace.mechanisms.bundle_auction import BundleAuction
    from dexsim.blockspace.mechanisms.commit_reveal import CommitReveal
    from dexsim.blockspace.mechanisms.fifo import Fifo
    from dexsim.blockspace.mechanisms.greedy_sequencing import GreedySequencing
    from dexsim.blockspace.mechanisms.manual import Manual
    from dexsim.blockspace.mechanisms.mev_share import MevShare
    from dexsim.blockspace.mechanisms.priority import Priority
    from dexsim.blockspace.mechanisms.private import Private
    from dexsim.blockspace.mechanisms.random_order import RandomOrder
    from dexsim.blockspace.orders import Order, Submission
    from dexsim.chain.accounts import Account
    from dexsim.chain.chain import Chain
    from dexsim.chain.types import Receipt, Transaction
    from dexsim.errors import (
        AmountTypeError,
        ArtifactError,
        DeploymentError,
        DexsimError,
        EngineError,
        NodeError,
        Reverted,
        ScenarioError,
        TransactionRejected,
    )
    from dexsim.market.adapter import PoolAdapter
    from dexsim.market.contract import Contract, deploy
    from dexsim.market.deployment import Deployment
    from dexsim.market.erc20 import Erc20
    from dexsim.market.incentive import Incentive
    from dexsim.market.issued import Issued, TenderOffer
    from dexsim.market.opening import deploy_world
    from dexsim.market.world import Gauge, Market, Token, Venue, Weth, World
    from dexsim.prices.clock import FixedClock, PoissonClock
    from dexsim.prices.constant import Constant
    from dexsim.prices.csv_prices import Csv
    from dexsim.prices.gbm import Gbm
    from dexsim.prices.jumps import JumpDiffusion
    from dexsim.prices.ou import OrnsteinUhlenbeck
    from dexsim.prices.sessions import Sessions
    from dexsim.results.run import Run
    from dexsim.scenario.compare import compare
    from dexsim.scenario.reading import load
    from dexsim.scenario.run import run
    from dexsim.scenario.scenario import Experiment, Scenario
    from dexsim.tracing.explaining import explain
    from dexsim.units import format_wei, from_wei, gwei, to_wei

_HOMES = {
    "agents.arbitrageur": ("Arbitrageur",),
    "agents.backrunner": ("Backrunner",),
    "agents.blind_frontrunner": ("BlindFrontrunner",),
    "agents.buyer": ("Buyer",),
    "agents.buyout": (
        "Bidder",
        "GreedySequencing",
        "Holdout",
    ),
    "agents.farmer": ("Farmer",),
    "agents.issuer_owner": ("IssuerOwner",),
    "agents.just_in_time": ("JustInTime",),
    "agents.manipulator": ("Manipulator",),
    "agents.panic_seller": ("PanicSeller",),
    "agents.protocol": ("Actor", "Agent", "Setup", "View"),
    "agents.provider": ("Provider",),
    "agents.redeemer": (
        "Leaver",
        "Redeemer",
    ),
    "agents.sandwicher": ("Sandwicher",),
    "agents.trader": ("Trader",),
    "agents.treasury": ("Treasury",),
    "blockspace.fees": ("Gas",),
    "blockspace.mechanisms.batch": ("Batch",),
    "blockspace.mechanisms.bundle_auction": ("BundleAuction",),
    "blockspace.mechanisms.commit_reveal": ("CommitReveal",),
    "blockspace.mechanisms.fifo": ("Fifo",),
    "blockspace.mechanisms.greedy_sequencing": ("GreedySequencing",),
    "blockspace.mechanisms.manual": ("Manual",),
    "blockspace.mechanisms.mev_share": ("MevShare",),
    "blockspace.mechanisms.priority": ("Priority",),
    "blockspace.mechanisms.private": ("Private",),
    "blockspace.mechanisms.random_order": ("RandomOrder",),
    "blockspace.bundles": ("Bundle", "Unbundled"),
    "blockspace.labels": ("BackrunLabel", "JitLabel", "SandwichLabel"),
    "blockspace.orders": ("Order", "Submission"),
    "chain.accounts": ("Account",),
    "chain.chain": ("Chain",),
    "chain.types": ("Receipt", "Transaction"),
    "errors": (
        "AmountTypeError",
        "ArtifactError",
        "DeploymentError",
        "DexsimError",
        "EngineError",
        "NodeError",
        "Reverted",
        "ScenarioError",
        "TransactionRejected",
    ),
    "market.adapter": ("PoolAdapter",),
    "market.contract": ("Contract", "deploy"),
    "market.deployment": ("Deployment",),
    "market.erc20": ("Erc20",),
    "market.incentive": ("Incentive",),
    "market.issued": (
        "Issued",
        "TenderOffer",
    ),
    "market.opening": ("deploy_world",),
    "market.world": ("Gauge", "Market", "Token", "Venue", "Weth", "World"),
    "prices.clock": ("FixedClock", "PoissonClock"),
    "prices.constant": ("Constant",),
    "prices.csv_prices": ("Csv",),
    "prices.gbm": ("Gbm",),
    "prices.jumps": ("JumpDiffusion",),
    "prices.ou": ("OrnsteinUhlenbeck",),
    "prices.sessions": ("Sessions",),
    "results.run": ("Run",),
    "scenario.compare": ("compare",),
    "scenario.reading": ("load",),
    "scenario.run": ("run",),
    "scenario.scenario": ("Experiment", "Scenario"),
    "tracing.explaining": ("explain",),
    "units": ("format_wei", "from_wei", "gwei", "to_wei"),
}
_HOME = {name: f"dexsim.{module}" for module, names in _HOMES.items() for name in names}

__all__ = [
    "Account",
    "Actor",
    "Agent",
    "AmountTypeError",
    "Arbitrageur",
    "ArtifactError",
    "BackrunLabel",
    "Backrunner",
    "Batch",
    "Bidder",
    "BlindFrontrunner",
    "Bundle",
    "BundleAuction",
    "Buyer",
    "Chain",
    "CommitReveal",
    "Constant",
    "Contract",
    "Csv",
    "Deployment",
    "DeploymentError",
    "DexsimError",
    "EngineError",
    "Erc20",
    "Experiment",
    "Farmer",
    "Fifo",
    "FixedClock",
    "Gas",
    "Gauge",
    "Gbm",
    "GreedySequencing",
    "Holdout",
    "Incentive",
    "Issued",
    "IssuerOwner",
    "JitLabel",
    "JumpDiffusion",
    "JustInTime",
    "Leaver",
    "Manipulator",
    "Manual",
    "Market",
    "MevShare",
    "NodeError",
    "Order",
    "OrnsteinUhlenbeck",
    "PanicSeller",
    "PoissonClock",
    "PoolAdapter",
    "Priority",
    "Private",
    "Provider",
    "RandomOrder",
    "Receipt",
    "Redeemer",
    "Reverted",
    "Run",
    "SandwichLabel",
    "Sandwicher",
    "Scenario",
    "ScenarioError",
    "Sessions",
    "Setup",
    "Submission",
    "TenderOffer",
    "Token",
    "Trader",
    "Transaction",
    "TransactionRejected",
    "Treasury",
    "Unbundled",
    "Venue",
    "View",
    "Weth",
    "World",
    "__version__",
    "compare",
    "cpmm",
    "deploy",
    "deploy_world",
    "explain",
    "format_wei",
    "from_wei",
    "gwei",
    "load",
    "run",
    "to_wei",
]

if not TYPE_CHECKING:  # a checker sees the imports above, and knows what there is not

    def __getattr__(name: str) -> object:
        """A public name, loaded when it is first used."""
        if name == "cpmm":
            return import_module("dexsim.cpmm")
        if name not in _HOME:
            raise AttributeError(f"module 'dexsim' has no attribute {name!r}")
        globals()[name] = value = getattr(import_module(_HOME[name]), name)
        return value

    def __dir__() -> list[str]:
        return sorted({*globals(), *__all__})
