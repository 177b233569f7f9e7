"""All flows, and how they are found by a part of their name."""

from __future__ import annotations

from collections.abc import Sequence

from dexsim.errors import ScenarioError
from dexsim.gas.flows import deployment, liquidity, pool, swaps, tokens
from dexsim.gas.flows.flow import Flow

_GROUPS = (
    pool.GROUP,
    swaps.GROUP,
    liquidity.GROUP,
    tokens.GROUP,
    deployment.GROUP,
)
FLOWS: tuple[Flow, ...] = tuple(flow for group in _GROUPS for flow in group.flows)
