"""The fast engine: revm, by the optional distribution `dexsim-revm`."""

from __future__ import annotations

from dexsim.chain.revm.engine import Revm

__all__ = ["Revm"]
