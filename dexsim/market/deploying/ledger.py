"""What a deployment asks of a chain: to take transactions, and to remember them."""

from __future__ import annotations

from dataclasses import fields
from typing import Protocol

from dexsim.chain.chain import Chain
from dexsim.chain.node_wire import NodeReceipt
from dexsim.chain.reader import Backend
from dexsim.chain.types import Address, Receipt, Transaction
from dexsim.errors import Reverted


class Ledger(Backend, Protocol):
    """A chain that remembers; `dexsim.chain.node.Node` is one, and `Embedded`."""

    def send(self, tx: Transaction) -> NodeReceipt:
        """Have a transaction mined and return its receipt. Raises Reverted, TransactionRejected."""

    @property
    def number(self) -> int:
        """Number of the newest block."""

    @property
    def timestamp(self) -> int:
        """Of the newest block, seconds since 1970."""

    @property
    def gas_price(self) -> int:
        """Wei per gas that a transaction pays now, tip included."""

    @property
    def tip(self) -> int:
        """Wei per gas above the base fee that a block asks for now."""

    def pending_nonce(self, address: Address) -> int:
        """Transactions sent so far, those that wait for a block included."""

    def mined(self, tx_hash: bytes) -> NodeReceipt | None:
        """The receipt of a transaction; None where no block holds it."""

    def mined_as(self, sender: Address, nonce: int, *, since: int) -> NodeReceipt | None:
        """The receipt of the transaction that used a nonce; None where it is not used, or not found.

        since: a block that was there before it.
        """


class Embedded:
    """The chain in this process as a ledger. Only what is sent through it is remembered."""

    tip = 0

    def __init__(self, chain: Chain) -> None:
        self.chain = chain
        self._receipts: list[NodeReceipt] = []

    @property
    def chain_id(self) -> int:
        """EIP-155 chain id."""
        return self.chain.chain_id

    @property
    def number(self) -> int:
        """Number of the newest block."""
        return self.chain.number

    @property
    def timestamp(self) -> int:
        """Of the newest block, seconds since 1970."""
        return self.chain.env.timestamp

    @property
    def gas_price(self) -> int:
        """Wei per gas, burnt."""
        return self.chain.base_fee

    def call(self, tx: Transaction) -> bytes:
        """Run a transaction as a read. Raises Reverted."""
        return self.chain.call(tx)

    def balance(self, address: Address) -> int:
        """Native balance in wei."""
        return self.chain.balance(address)

    def nonce(self, address: Address) -> int:
        """Transactions sent so far."""
        return self.chain.nonce(address)

    pending_nonce = nonce  # nothing ever waits

    def code(self, address: Address) -> bytes:
        """Deployed code."""
        return self.chain.code(address)

    def send(self, tx: Transaction) -> NodeReceipt:
        """Have a transaction mined in a block of its own. Raises Reverted, TransactionRejected."""
        try:
            return self._remember(self.chain.send(tx))
        except Reverted as refused:
            if refused.receipt is not None:
                self._remember(refused.receipt)
            raise

    def _remember(self, receipt: Receipt) -> NodeReceipt:
        told = {field.name: getattr(receipt, field.name) for field in fields(Receipt)}
        self._receipts.append(NodeReceipt(**told, block_number=self.chain.number))
        return self._receipts[-1]

    def mined(self, tx_hash: bytes) -> NodeReceipt | None:
        """The receipt of a transaction."""
        return next((each for each in self._receipts if each.tx_hash == tx_hash), None)

    def mined_as(self, sender: Address, nonce: int, *, since: int) -> NodeReceipt | None:
        """The receipt of the transaction that used a nonce."""
        wanted = sender, nonce
        sent = (each for each in self._receipts if each.block_number >= since)
        return next(
            (each for each in sent if (each.transaction.sender, each.transaction.nonce) == wanted),
            None,
        )
