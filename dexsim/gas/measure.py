"""Flows, measured."""

from __future__ import annotations

from collections.abc import Iterable

from dexsim.gas.flows.flow import Flow
from dexsim.gas.kits import Kit
from dexsim.gas.stage import Stage


def measure(kit: Kit, flows: Iterable[Flow]) -> dict[str, int]:
    """Gas by flow, each from the same beginning: none knows of the others. Raises Reverted."""
    stage = Stage(kit)
    used = {}
    for flow in flows:
        with stage.undone():
            used[flow.name] = flow.run(stage)
    return used
