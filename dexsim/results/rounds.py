"""One block as the runner hands it to the recorder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import TypeAlias

from dexsim.blockspace.builder import Filling, Inclusion
from dexsim.blockspace.bundles import PendingBundle
from dexsim.blockspace.landed import LandedAttack, landed_attacks
from dexsim.blockspace.mempool import Dropped
from dexsim.blockspace.pending import Pending
from dexsim.chain.types import Block
from dexsim.market.router import read_swap
from dexsim.results.attacks import Outcome

Outputs: TypeAlias = Mapping[tuple[int, str], int]
"""What swaps paid out, in wei, by the number of the pending transaction and the market."""


@dataclass(frozen=True, kw_only=True)
class Round:
    """One block as the runner hands it over.

    builder: who built it. submitted: what was to come into the mempool; dropped:
    what waits no more, and has landed nowhere; refused: bundles that nobody took.
    spared: what the block would have left without one of its attacks, by its number.
    counterfactual: what swaps gave when the block was executed without bundles and attacks, those
    that failed left out; None where there were none. prices: outside prices at the block's time.
    """

    block: Block
    time_ms: int
    builder: str
    filling: Filling
    submitted: Sequence[Pending]
    dropped: Sequence[Dropped]
    refused: Sequence[tuple[PendingBundle, str]]
    waiting: int
    spared: Mapping[int, Outcome]
    counterfactual: Outputs | None
    prices: Mapping[str, Decimal]

    @cached_property
    def attacks(self) -> list[LandedAttack]:
        """Those that landed."""
        return landed_attacks(self.filling)

    @cached_property
    def hit(self) -> frozenset[int]:
        """Places in the block of those whom attacks hit."""
        return frozenset(place for attack in self.attacks for place in attack.hit)

    def kind(self, position: int) -> str:
        """What a transaction is for: its part in an attack, swap or other."""
        return "victim" if position in self.hit else _kind_of(self.filling.included[position])

    def without_bundles(self, pending: Pending, market: str, amount_out: int) -> int | None:
        """What a swap that gave `amount_out` would have given without attacks; None: it would have failed."""
        if self.counterfactual is None:
            return amount_out
        return self.counterfactual.get((pending.id, market))


def _kind_of(included: Inclusion) -> str:
    """What a transaction is for: its part in an attack, swap or other."""
    label = included.bundle.bundle.label if included.bundle else None
    if label is not None and included.leg is not None:
        return label.part(included.leg)
    source = included.source
    if source is not None and source.attack is not None and source.leg is not None:
        return source.attack.label.part(source.leg)
    if source is not None and source.swap is not None:
        return "swap"
    return "swap" if read_swap(included.receipt.transaction) is not None else "other"
