"""Fills a block from a sequence of entries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from dexsim.blockspace.orders import Entry, Pending, PendingBundle
from dexsim.chain.open_block import OpenBlock
from dexsim.chain.types import Receipt, Transaction
from dexsim.errors import TransactionRejected


@dataclass(frozen=True, slots=True)
class Inclusion:
    """A transaction in the block.

    source: the pending one; None for a bundle's own leg. bundle, leg: the
    bundle that it landed in, and its index there.
    """

    receipt: Receipt
    agent: str
    role: str
    source: Pending | None
    bundle: PendingBundle | None = None
    leg: int | None = None


@dataclass(slots=True)
class Filling:
    """What became of the entries: those that stand in the block, in order, and those that do not."""

    included: list[Inclusion] = field(default_factory=list)
    dropped: list[tuple[Pending, str]] = field(default_factory=list)
    failed: list[tuple[PendingBundle, str]] = field(default_factory=list)

    @property
    def gone(self) -> set[int]:
        """Numbers of the pending transactions that need not wait any more."""
        landed = {each.source.id for each in self.included if each.source is not None}
        return landed | {pending.id for pending, _ in self.dropped}


def fill(block: OpenBlock, sequence: Sequence[Entry]) -> Filling:
    """Execute the entries from the top, each bundle all or nothing.

    Each bundle is simulated once, in place; it can take along only what waits,
    each once. A transaction that could still land later (no gas left in this
    block, a base fee above its cap, a nonce that is not its turn) goes on
    waiting; one that no block could hold is dropped, with the reason.
    """
    filling = Filling()
    waiting = {entry.id: entry for entry in sequence if isinstance(entry, Pending)}
    for entry in sequence:
        if isinstance(entry, PendingBundle):
            _try_bundle(block, entry, filling, waiting)
        elif entry.id in waiting:
            _try_single(block, entry, filling, waiting)
    return filling


def _try_single(
    block: OpenBlock, pending: Pending, filling: Filling, waiting: dict[int, Pending]
) -> None:
    if pending.tx.gas_limit > block.env.gas_limit:
        asked, most = pending.tx.gas_limit, block.env.gas_limit
        filling.dropped.append((pending, f"asks for {asked:,} gas, a whole block has {most:,}"))
        return
    if not _fits(block, pending.tx):
        return
    try:
        receipt = block.execute(pending.tx)
    except TransactionRejected as error:
        filling.dropped.append((pending, str(error)))
        return
    del waiting[pending.id]
    filling.included.append(Inclusion(receipt, pending.agent, pending.role, pending))


def _fits(block: OpenBlock, tx: Transaction) -> bool:
    """Whether this block can take it: what a later block might mend is no reason to drop it."""
    affordable = tx.max_fee_per_gas is None or tx.max_fee_per_gas >= block.env.base_fee
    its_turn = tx.nonce is None or tx.nonce <= block.nonce(tx.sender)
    return tx.gas_limit <= block.gas_left and affordable and its_turn


def _obstacle(entry: PendingBundle, waiting: dict[int, Pending]) -> str:
    """Why a bundle cannot take along what it names; "" when it can."""
    numbers = [pending.id for pending in entry.bundle.taken]
    if len(set(numbers)) < len(numbers):
        return "it holds somebody's transaction twice"
    if any(waiting.get(pending.id) is not pending for pending in entry.bundle.taken):
        return "a transaction of it is not waiting any more"
    return ""


def _try_bundle(
    block: OpenBlock, entry: PendingBundle, filling: Filling, waiting: dict[int, Pending]
) -> None:
    obstacle = _obstacle(entry, waiting)
    if obstacle:
        filling.failed.append((entry, obstacle))
        return
    legs = entry.bundle.legs
    attempt = block.attempt([_tx(leg) for leg in legs], may_revert=entry.bundle.may_revert)
    if not attempt.landed:
        filling.failed.append((entry, attempt.failure))
        return
    for index, (leg, receipt) in enumerate(zip(legs, attempt.receipts, strict=True)):
        filling.included.append(_leg(entry, index, leg, receipt))
        if isinstance(leg, Pending):
            del waiting[leg.id]


def _tx(leg: Transaction | Pending) -> Transaction:
    return leg.tx if isinstance(leg, Pending) else leg


def _leg(
    entry: PendingBundle, index: int, leg: Transaction | Pending, receipt: Receipt
) -> Inclusion:
    if isinstance(leg, Pending):
        return Inclusion(receipt, leg.agent, leg.role, leg, entry, index)
    return Inclusion(receipt, entry.agent, entry.role, None, entry, index)
