"""Which statements and branches of Vyper sources ran, as text and as lcov."""

from __future__ import annotations

from dexsim.coverage.measured import FileCoverage
from dexsim.coverage.reckoning import coverage_of
from dexsim.coverage.table import as_lcov, as_text
from dexsim.coverage.visits import Visits

__all__ = ["FileCoverage", "Visits", "as_lcov", "as_text", "coverage_of"]
