"""What can be asked of any chain, in this process or behind a URL."""

from __future__ import annotations

from typing import Protocol

from dexsim.chain.types import Address, Receipt, Transaction


class Reader(Protocol):
    """A chain that answers questions."""

    def call(self, tx: Transaction) -> bytes:
        """Run a transaction as a read. Raises Reverted."""

    def balance(self, address: Address) -> int:
        """Native balance in wei."""

    def nonce(self, address: Address) -> int:
        """Transactions sent so far."""

    def code(self, address: Address) -> bytes:
        """Deployed code."""


class Backend(Reader, Protocol):
    """A chain that takes transactions: what a deployment needs, and no more."""

    @property
    def chain_id(self) -> int:
        """EIP-155 chain id."""

    def send(self, tx: Transaction) -> Receipt:
        """Have a transaction mined and return its receipt. Raises Reverted, TransactionRejected."""
