"""What waits for a block, and what others learn of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

from dexsim.blockspace.labels import Attack
from dexsim.blockspace.orders import Order, Visibility
from dexsim.chain.types import Transaction
from dexsim.making import constructor
from dexsim.market.router import SwapCall


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """A transaction that waits for a block.

    id: in order of submission, unique in a run. swap: the swap that anybody
    can read in its data, if it is one; market: where it swaps, if that is one
    pool. order: what it came from; quoted_out: what that order would have given
    when it was taken in, limit: the least that it takes, in wei; mid_quoted: quote wei per base wei then.
    submitted_block: the first block that could hold it, were there no waiting;
    ready_block: the first that may; readable_block: from when on everybody
    reads what was encrypted. builders: who else can read it; empty: all of them.
    expires_ms: when it is withdrawn; last_block: the last one that may hold it. attack: what it is
    its sender's own leg of.
    """

    id: int
    tx: Transaction
    agent: str
    role: str
    arrival_ms: int
    submitted_block: int
    visibility: Visibility = "public"
    builders: tuple[str, ...] = ()
    expires_ms: int | None = None
    last_block: int | None = None
    ready_block: int = 0
    readable_block: int | None = None
    order: Order | None = None
    swap: SwapCall | None = None
    quoted_out: int | None = None
    limit: int | None = None
    market: str | None = None
    mid_quoted: Fraction | None = None
    attack: Attack | None = None

    def tip(self, base_fee: int) -> int:
        """Wei per gas for the builder."""
        return self.tx.effective_tip(base_fee)

    def is_readable_by(self, agent: str, block: int) -> bool:
        """Whether an agent may read all of it."""
        if self.visibility == "public" or self.agent == agent:
            return True
        return self.readable_block is not None and block >= self.readable_block

    def seen_by(self, agent: str) -> Pending:
        """What an agent reads of it: what its sender means by it is nobody else's to know."""
        if self.attack is None or self.agent == agent:
            return self
        return replace(self, attack=None)

    @property
    def leg(self) -> int | None:
        """Its index in the attack."""
        return None if self.attack is None else self.attack.legs.index(self.id)

    def is_late(self, block: int, time_ms: int) -> bool:
        """Whether a block of this number and time comes too late for it."""
        if self.last_block is not None and block > self.last_block:
            return True
        return self.expires_ms is not None and time_ms > self.expires_ms

    def goes_to(self, builder: str) -> bool:
        """Whether a builder has it."""
        return self.visibility == "public" or not self.builders or builder in self.builders


make_pending = constructor(Pending)
"""`Pending(...)`, only faster."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hint:
    """What an agent learns of a waiting transaction that it may not read.

    id: what a bundle names it by. Of the rest what the mechanism tells; None: not told.
    """

    id: int
    market: str | None = None
    token_in: str | None = None
    amount_in: int | None = None
    min_amount_out: int | None = None


HINTS = ("market", "token_in", "amount_in", "min_amount_out")
"""What can be told."""


def hint_of(pending: Pending, told: frozenset[str]) -> Hint:
    """What is told of a transaction, of the names in `HINTS`."""
    order, swap = pending.order, pending.swap
    known = {
        "market": pending.market,
        "token_in": order.token_in if order else None,
        "amount_in": swap.amount_in if swap else None,
        "min_amount_out": swap.min_amount_out if swap else None,
    }
    return Hint(id=pending.id, **{name: known[name] for name in told})  # type: ignore[arg-type]
