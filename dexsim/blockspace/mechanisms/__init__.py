"""Market structures, one a file: who comes first in a block."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dexsim.blockspace.mechanisms.batch import Batch
from dexsim.blockspace.mechanisms.bundle_auction import BundleAuction
from dexsim.blockspace.mechanisms.commit_reveal import CommitReveal
from dexsim.blockspace.mechanisms.fifo import Fifo
from dexsim.blockspace.mechanisms.greedy_sequencing import GreedySequencing
from dexsim.blockspace.mechanisms.manual import Manual
from dexsim.blockspace.mechanisms.mev_share import MevShare
from dexsim.blockspace.mechanisms.priority import Priority
from dexsim.blockspace.mechanisms.private import Private
from dexsim.blockspace.mechanisms.random_order import RandomOrder

MECHANISM_KINDS: Mapping[str, type[Any]] = {
    kind.kind: kind
    for kind in (
        Priority,
        Fifo,
        RandomOrder,
        Manual,
        BundleAuction,
        Private,
        MevShare,
        CommitReveal,
        GreedySequencing,
        Batch,
    )
}

__all__ = [
    "MECHANISM_KINDS",
    "Batch",
    "BundleAuction",
    "CommitReveal",
    "Fifo",
    "GreedySequencing",
    "Manual",
    "MevShare",
    "Priority",
    "Private",
    "RandomOrder",
]
