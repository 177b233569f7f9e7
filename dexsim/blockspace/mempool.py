"""What waits for a block, and who can see it."""

from __future__ import annotations

from collections.abc import Collection

from dexsim.blockspace.orders import Pending


class Mempool:
    """Pending transactions in order of submission."""

    def __init__(self) -> None:
        self._waiting: dict[int, Pending] = {}

    def __len__(self) -> int:
        return len(self._waiting)

    def add(self, pending: Pending) -> None:
        """Let a transaction wait."""
        self._waiting[pending.id] = pending

    def drop(self, ids: Collection[int]) -> None:
        """Forget transactions that landed or can never land."""
        for pending_id in ids:
            self._waiting.pop(pending_id, None)

    def waiting(self) -> tuple[Pending, ...]:
        """Everything, as the builder sees it."""
        return tuple(self._waiting.values())

    def visible_to(self, agent: str) -> tuple[Pending, ...]:
        """What an agent may see: public transactions, and its own."""
        return tuple(
            pending
            for pending in self._waiting.values()
            if pending.visibility == "public" or pending.agent == agent
        )
