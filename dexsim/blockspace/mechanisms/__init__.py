"""Market structures, one a file: who comes first in a block."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dexsim.blockspace.mechanisms.fifo import Fifo
from dexsim.blockspace.mechanisms.priority import Priority
from dexsim.blockspace.mechanisms.random_order import RandomOrder

MECHANISM_KINDS: Mapping[str, type[Any]] = {
    kind.kind: kind for kind in (Priority, Fifo, RandomOrder)
}

__all__ = ["MECHANISM_KINDS", "Fifo", "Priority", "RandomOrder"]
