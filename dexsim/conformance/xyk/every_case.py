"""The machine with all cases: importing it loads them."""

from __future__ import annotations

from dexsim.conformance.xyk import (
    cases_amounts,
    cases_factory,
    cases_lock,
    cases_pool,
    cases_prices,
    cases_router,
    cases_routes,
    cases_shares,
    cases_tokens,
)
from dexsim.conformance.xyk.cases import CASES, CaseMachine

_LOADED = (
    cases_amounts,
    cases_factory,
    cases_lock,
    cases_pool,
    cases_prices,
    cases_router,
    cases_routes,
    cases_shares,
    cases_tokens,
)

__all__ = ["CASES", "CaseMachine"]
