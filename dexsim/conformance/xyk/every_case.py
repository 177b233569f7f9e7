"""The machine with all cases: importing it loads them."""

from __future__ import annotations

from dexsim.conformance.xyk import cases_lock, cases_pool, cases_shares
from dexsim.conformance.xyk.cases import CASES, CaseMachine

_LOADED = (cases_lock, cases_pool, cases_shares)

__all__ = ["CASES", "CaseMachine"]
