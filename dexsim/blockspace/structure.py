"""What a mechanism says, or what holds where it says nothing; see `Mechanism`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from dexsim.blockspace.builder import Filling, Site
from dexsim.blockspace.bundles import Bundle
from dexsim.blockspace.desk import Desk, route_all
from dexsim.blockspace.orders import Order
from dexsim.blockspace.pending import HINTS, Pending
from dexsim.description import unknown
from dexsim.errors import ScenarioError
from dexsim.market.deployment import Deployment
from dexsim.streams import Generator

THE_BUILDER = "builder"
"""The name of the builder where nobody competes."""


def set_up(mechanism: Any, deployment: Deployment) -> None:
    """Have a mechanism deploy what it needs, before the agents come."""
    if hasattr(mechanism, "set_up"):
        mechanism.set_up(deployment)


def settle(mechanism: Any, orders: Sequence[tuple[Order, str, str]], desk: Desk) -> list[Pending]:
    """Orders, each with its agent and role, as transactions that wait."""
    forced = getattr(mechanism, "visibility", None)
    if forced is not None:
        orders = [(_sent_as(order, forced), agent, role) for order, agent, role in orders]
    made: list[Pending] = getattr(mechanism, "settle", route_all)(orders, desk)
    return [waits(mechanism, pending) for pending in made]


def _sent_as(order: Order, visibility: Any) -> Order:
    builders = () if visibility == "public" else order.builders
    return replace(order, visibility=visibility, builders=builders)


def waits(mechanism: Any, pending: Pending) -> Pending:
    """A transaction with the blocks from which and until which it waits."""
    lifetime = getattr(mechanism, "lifetime_blocks", None)
    last = pending.last_block
    if lifetime is not None and last is None:
        last = pending.submitted_block + lifetime - 1
    if pending.visibility != "encrypted":
        return pending if last is None else replace(pending, last_block=last)
    opened = pending.submitted_block + getattr(mechanism, "delay_blocks", 1)
    return replace(pending, ready_block=opened, readable_block=opened, last_block=last)


def fill(mechanism: Any, site: Site, rng: Generator) -> Filling:
    """Have a mechanism fill a block."""
    if hasattr(mechanism, "fill"):
        mechanism.fill(site, rng)
        return site.filling
    reverting = getattr(mechanism, "reverting", True)
    base_fee = site.block.env.base_fee
    for entry in mechanism.sequence(site.entries, base_fee=base_fee, rng=rng):
        site.include(entry, reverting=reverting)
    return site.filling


def hints(mechanism: Any) -> frozenset[str]:
    """What is told of an order that is sent as a hint."""
    told = frozenset(getattr(mechanism, "hints", ("market",)))
    for name in sorted(told - set(HINTS)):
        raise ScenarioError(unknown(name, list(HINTS), "hint"), key="mechanism.hints")
    return told


def refusal(mechanism: Any, bundle: Bundle) -> str:
    """Why a bundle is not taken; "" when it is."""
    refuses = getattr(mechanism, "refuses", None)
    return str(refuses(bundle)) if refuses else ""


def rounds(mechanism: Any) -> int:
    """How often searchers may answer each other in a block."""
    return int(getattr(mechanism, "rounds", 1))


def builders(mechanism: Any) -> tuple[str, ...]:
    """Who competes for a block."""
    return tuple(getattr(mechanism, "builders", ())) or (THE_BUILDER,)
