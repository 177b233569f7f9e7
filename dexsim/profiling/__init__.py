"""Where a transaction's gas goes: by line of source, and by call."""

from __future__ import annotations

from dexsim.profiling.profile import CallCost, LineCost, Profile, profile
from dexsim.profiling.table import as_text

__all__ = ["CallCost", "LineCost", "Profile", "as_text", "profile"]
