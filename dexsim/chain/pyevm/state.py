"""py-evm's state over the flat store."""

from __future__ import annotations

from typing import Any

from dexsim.chain.hashing import visible_block_hash
from dexsim.chain.pyevm.store import FlatStore

FROM_STORE = (
    "get_storage",
    "set_storage",
    "delete_storage",
    "delete_account",
    "get_balance",
    "set_balance",
    "delta_balance",
    "get_nonce",
    "set_nonce",
    "increment_nonce",
    "get_code",
    "set_code",
    "get_code_hash",
    "has_code_or_nonce",
    "account_exists",
    "touch_account",
    "account_is_empty",
    "is_storage_warm",
    "mark_storage_warm",
    "mark_address_warm",
    "get_transient_storage",
    "set_transient_storage",
)
"""What py-evm asks its state and the store answers."""


class FlatState:
    """Reads and writes go to the flat store, and a snapshot is a position in its log."""

    execution_context: Any

    def __init__(self, store: FlatStore) -> None:
        self._account_db = store
        for name in FROM_STORE:
            # Bound here, one layer of py-evm's delegation is gone.
            setattr(self, name, getattr(store, name))
        self.snapshot = store.checkpoint
        self.revert = store.rewind

    def commit(self, checkpoint: int) -> None:
        """Keep what was written: nothing to do."""

    def clear_transient_storage(self) -> None:
        """The store forgets it at the end of the transaction."""

    def get_ancestor_hash(self, block_number: int) -> bytes:
        """What BLOCKHASH gives."""
        context = self.execution_context
        return visible_block_hash(context.chain_id, block_number, current=context.block_number)

    def get_gas_price(self, transaction: Any) -> int:
        """Wei per gas that the sender pays."""
        return int(transaction.gas_price)

    def get_tip(self, transaction: Any) -> int:
        """Wei per gas for the coinbase."""
        return int(transaction.tip)

    def get_transaction_context(self, transaction: Any) -> Any:
        """Origin and gas price for the opcodes."""
        return self.transaction_context_class(  # type: ignore[attr-defined]
            gas_price=transaction.gas_price, origin=transaction.sender
        )
