"""The machine with all cases: importing it loads every `cases_*.py` of this folder."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from dexsim.conformance import xyk
from dexsim.conformance.xyk.cases import CASES, CaseMachine

for _each in sorted(module.name for module in iter_modules(xyk.__path__)):
    if _each.startswith("cases_"):
        import_module(f"{xyk.__name__}.{_each}")

__all__ = ["CASES", "CaseMachine"]
