"""What waits for a block, and who can see it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass

from dexsim.blockspace.bundles import PendingBundle
from dexsim.blockspace.pending import Pending
from dexsim.blockspace.queues import in_turn
from dexsim.chain.types import Address

BUMP_PERCENT = 10
"""How much more a replacement bids at least, tip and cap both (geth's default)."""


@dataclass(frozen=True, slots=True)
class Dropped:
    """A pending transaction that waits no more, and why; it has cost nothing."""

    pending: Pending
    reason: str


class Mempool:
    """Pending transactions in order of submission."""

    def __init__(self) -> None:
        self._waiting: dict[int, Pending] = {}
        self._named: dict[tuple[Address, int], int] = {}  # number by sender and nonce
        self._bundles: list[PendingBundle] = []

    def __len__(self) -> int:
        return len(self._waiting)

    def add(self, pending: Pending) -> Dropped | None:
        """Let a transaction wait; what had to go for it, or itself where it may not replace."""
        key = _key(pending)
        replaced = None
        if key is not None and key in self._named:
            before = self._waiting[self._named[key]]
            if not _outbids(pending, before):
                reason = f"replacement underpriced: nonce {key[1]} waits, and {BUMP_PERCENT} % more"
                return Dropped(pending, f"{reason} is needed of tip and cap")
            replaced = Dropped(before, "replaced by its sender")
            self.drop([before.id])
        self._waiting[pending.id] = pending
        if key is not None:
            self._named[key] = pending.id
        return replaced

    def drop(self, ids: Collection[int]) -> None:
        """Forget transactions that landed or can never land."""
        for pending_id in ids:
            gone = self._waiting.pop(pending_id, None)
            if gone is not None and (key := _key(gone)) is not None:
                del self._named[key]

    def expire(self, block: int, time_ms: int) -> list[Dropped]:
        """Withdraw what is not wanted any more in a block of this number and time."""
        late = [each for each in self._waiting.values() if each.is_late(block, time_ms)]
        self.drop([pending.id for pending in late])
        return [Dropped(pending, "expired") for pending in late]

    def waiting(self) -> tuple[Pending, ...]:
        """Everything, as builders see it together."""
        return tuple(self._waiting.values())

    def ready(self, block: int, nonce: Callable[[Address], int]) -> list[Pending]:
        """What this block may hold, each sender's in the order of nonces; `nonce`: the next of each."""
        senders: dict[Address, list[Pending]] = {}
        for each in self._waiting.values():
            if each.ready_block <= block:
                senders.setdefault(each.tx.sender, []).append(each)
        return [each for who, own in senders.items() for each in in_turn(own, nonce(who))]

    def visible_to(self, agent: str, block: int) -> tuple[Pending, ...]:
        """What an agent may read: what is public or revealed, and its own."""
        readable = (each for each in self._waiting.values() if each.is_readable_by(agent, block))
        return tuple(each.seen_by(agent) for each in readable)

    def hinted_to(self, agent: str, block: int) -> tuple[Pending, ...]:
        """Of what an agent may learn that it is there, but may not read."""
        return tuple(
            each
            for each in self._waiting.values()
            if each.visibility == "hint" and not each.is_readable_by(agent, block)
        )

    def add_bundles(self, bundles: Iterable[PendingBundle]) -> None:
        """Let bundles wait for their blocks."""
        self._bundles += bundles

    def take_bundles(self, block: int) -> list[PendingBundle]:
        """The bundles for a block; they and earlier ones wait no more."""
        now = [each for each in self._bundles if each.block == block]
        self._bundles = [each for each in self._bundles if each.block > block]
        return now


def _key(pending: Pending) -> tuple[Address, int] | None:
    nonce = pending.tx.nonce
    return None if nonce is None else (pending.tx.sender, nonce)


def _outbids(new: Pending, old: Pending) -> bool:
    """A tenth more of both, and more at all; no cap is above every cap."""
    tips = new.tx.max_priority_fee_per_gas, old.tx.max_priority_fee_per_gas
    caps = new.tx.max_fee_per_gas, old.tx.max_fee_per_gas
    if caps[0] is None:
        return _is_bumped(*tips)
    return caps[1] is not None and _is_bumped(*tips) and _is_bumped(caps[0], caps[1])


def _is_bumped(new: int, old: int) -> bool:
    return new > old and new * 100 >= old * (100 + BUMP_PERCENT)
