"""The engine that is always there: py-evm, run at the transaction layer in this process."""

from __future__ import annotations

from dexsim.chain.pyevm.engine import PyEvm

__all__ = ["PyEvm"]
