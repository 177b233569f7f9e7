"""The local chain: accounts with money, one block for each transaction, and a memory."""

from __future__ import annotations

from collections.abc import Callable

from dexsim.chain.accounts import Account
from dexsim.chain.chain import Chain, Snapshot
from dexsim.chain.hashing import transaction_hash
from dexsim.chain.types import Block, Transaction
from dexsim.devnet.faults import REFUSED, Fault
from dexsim.devnet.ledger import Arrival, Ledger
from dexsim.devnet.params import Tag
from dexsim.devnet.past import Past
from dexsim.errors import TransactionRejected

FUNDS = 10_000 * 10**18
NAMES = ("alice", "bob", "carol", "dave", "erin", "frank", "grace", "heidi", "ivan", "judy")
ACCOUNTS = tuple(Account.named(name) for name in NAMES)
"""Whose transactions the node sends unsigned."""


def begin(on_block: Callable[[Block], None] | None = None) -> Chain:
    """A chain at block 0, the accounts funded."""
    chain = Chain(on_block=on_block)
    for account in ACCOUNTS:
        chain.set_balance(account, FUNDS)
    return chain


class LocalChain:
    """A chain that remembers, and mines each transaction as it comes.

    Nothing else may change `chain`: its earlier states are found by executing
    its blocks again.
    """

    def __init__(self) -> None:
        self.chain = begin(self._record)
        self.ledger = Ledger(self.chain.chain_id, Block(env=self.chain.env, receipts=()))
        self._past = Past(self.ledger, begin)
        self._marks: dict[int, Snapshot] = {}
        self._next_mark = 1

    def _record(self, block: Block) -> None:
        self.ledger.record(block)

    # --- reading ----------------------------------------------------------------

    def number(self, block: int | Tag) -> int | None:
        """The number of a block that is there. "pending" has the newest one's state."""
        if isinstance(block, str):
            return 0 if block == "earliest" else self.ledger.head
        return block if block <= self.ledger.head else None

    def at(self, number: int) -> Chain:
        """The chain as it was after a block, for reading."""
        return self.chain if number == self.ledger.head else self._past.at(number)

    # --- changing ---------------------------------------------------------------

    def complete(self, tx: Transaction) -> Transaction:
        """The transaction with nonce and fee, as the next block asks for them."""
        return tx.complete(nonce=self.chain.nonce(tx.sender), base_fee=self.chain.base_fee)

    def send_unsigned(self, tx: Transaction, kind: int) -> bytes:
        """Mine a complete transaction of one of the accounts; returns its hash."""
        return self.send(tx, Arrival(tx_hash=transaction_hash(tx), kind=kind))

    def send(self, tx: Transaction, arrival: Arrival) -> bytes:
        """Mine a block with this transaction; a revert is in its receipt. Returns the hash."""
        self.ledger.expect(tx, arrival)
        try:
            self.chain.mine([tx])
        except TransactionRejected as error:
            raise Fault(REFUSED, f"{self._complaint(tx)}{error}") from None
        return arrival.tx_hash

    def _complaint(self, tx: Transaction) -> str:
        """geth's words for the most common complaints: clients look for them in the message."""
        nonce, next_nonce = tx.nonce or 0, self.chain.nonce(tx.sender)
        max_fee = tx.max_fee_per_gas or 0
        if nonce != next_nonce:
            return "nonce too low: " if nonce < next_nonce else "nonce too high: "
        if max_fee < self.chain.base_fee:
            return "max fee per gas less than block base fee: "
        if self.chain.balance(tx.sender) < tx.gas_limit * max_fee + tx.value:
            return "insufficient funds for gas * price + value: "
        return ""

    def mine(self, timestamp: int | None = None) -> None:
        """A block without transactions, at that time if one is given."""
        self.chain.mine(time_ms=None if timestamp is None else timestamp * 1000)

    def snapshot(self) -> int:
        """Mark state, history and clock."""
        mark, self._next_mark = self._next_mark, self._next_mark + 1
        self._marks[mark] = self.chain.snapshot()
        return mark

    def revert(self, mark: int) -> bool:
        """Go back to a mark, and use it and the later ones up. False for an unknown one."""
        if mark not in self._marks:
            return False
        snapshot = self._marks[mark]
        self._marks = {number: kept for number, kept in self._marks.items() if number < mark}
        self.chain.restore(snapshot)
        self.chain.engine.release(snapshot.engine_mark)
        self.ledger.forget_after(self.chain.number)
        self._past.forget_after(self.chain.number)
        return True

    def check_chain_id(self, named: int | None) -> None:
        """Raises Fault where a transaction is meant for another chain."""
        if named is not None and named != self.chain.chain_id:
            raise Fault(
                REFUSED, f"invalid chain id: meant for {named}, this is {self.chain.chain_id}"
            )


def next_block(chain: Chain) -> Block:
    """The block that would come next, still empty."""
    with chain.rehearsal() as block:
        return Block(env=block.env, receipts=())
