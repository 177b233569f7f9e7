"""The seam between dexsim and an EVM.

An engine executes transactions; it does not mine, order or price them. What
stands above this line never imports an EVM, so that one engine can take
another's place without a change there.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

from dexsim.chain.types import Address, BlockEnv, CallFrame, CallResult, Receipt, Transaction
from dexsim.errors import TransactionRejected


class Engine(Protocol):
    """An in-process EVM at the transaction layer.

    Transactions are complete (nonce and fee filled in) and unsigned. Each runs
    as on a real chain: nonce and funds checked, intrinsic gas charged, refunds
    capped, base fee burnt, tip to the coinbase, warm slots and transient
    storage forgotten afterwards. The same transactions give equal receipts and
    an equal state root on every engine.

    Snapshots nest and live across transactions. `restore` goes back to a
    snapshot, which stays valid, and forgets the later ones; `release` forgets
    a snapshot and the later ones and keeps the state.
    """

    name: str
    fork: str
    chain_id: int
    impersonated: frozenset[Address]
    """Contracts that may send transactions nonetheless, against EIP-3607: for tests."""

    def execute(self, tx: Transaction, block: BlockEnv) -> Receipt:
        """Execute one transaction for good. Raises TransactionRejected when no block may hold it."""

    def execute_block(
        self, txs: Iterable[Transaction], block: BlockEnv
    ) -> Sequence[Receipt | TransactionRejected]:
        """Execute transactions in order; one that is rejected changes nothing and stops nothing.

        Each gas limit is held against the block's; that their sum fits is for
        whoever fills the block (`OpenBlock`).
        """

    def call(self, tx: Transaction, block: BlockEnv) -> CallResult:
        """Execute a read: no nonce, no fee, no trace left."""

    def trace(self, tx: Transaction, block: BlockEnv, *, steps: bool = False) -> CallFrame:
        """The call tree that `execute` would give; leaves no trace itself.

        A transaction without nonce is traced as a read (`call`), with the gas that it names.
        steps: with every instruction, which takes some times as long.
        """

    def snapshot(self) -> int:
        """Mark the state."""

    def restore(self, snapshot: int) -> None:
        """Go back to a mark. Raises EngineError for one that is unknown or forgotten."""

    def release(self, snapshot: int) -> None:
        """Forget a mark and keep the state. Raises EngineError for an unknown one."""

    def balance(self, address: Address) -> int:
        """Native balance in wei."""

    def native_supply(self) -> int:
        """All native money there is: the sum over all accounts, in wei."""

    def nonce(self, address: Address) -> int:
        """Number of transactions that the account has sent (or contracts created)."""

    def code(self, address: Address) -> bytes:
        """Deployed code, b"" where there is none."""

    def storage(self, address: Address, slot: int) -> int:
        """One storage slot."""

    def set_balance(self, address: Address, wei: int) -> None:
        """Give an account a balance by decree."""

    def set_code(self, address: Address, code: bytes) -> None:
        """Give an account its code by decree."""

    def set_storage(self, address: Address, slot: int, value: int) -> None:
        """Set one storage slot by decree."""

    def state_root(self) -> bytes:
        """Root of the Merkle-Patricia trie over all accounts, computed now (Yellow Paper, appendix D)."""
