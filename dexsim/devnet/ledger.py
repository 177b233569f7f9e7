"""What has happened: blocks by number and hash, transactions by hash."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dexsim.chain.hashing import block_hash
from dexsim.chain.types import Block, Receipt, Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """How a transaction came in.

    tx_hash: what it is called over JSON-RPC: Ethereum's hash of a signed one,
    dexsim's own of one that the node sends for its accounts, which has no signature.
    kind: EIP-2718's type.
    """

    tx_hash: bytes
    kind: int
    v: int = 0
    r: int = 0
    s: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Mined:
    """A transaction in its place. gas_before, logs_before: of the earlier ones in its block."""

    arrival: Arrival
    receipt: Receipt
    block: Block
    position: int
    gas_before: int
    logs_before: int


class Ledger:
    """The history of a chain from block 0 on; `record` is its `on_block`."""

    def __init__(self, chain_id: int, genesis: Block) -> None:
        self.chain_id = chain_id
        self.blocks = [genesis]
        self._mined: list[tuple[Mined, ...]] = [()]
        self._by_hash: dict[bytes, Mined] = {}
        self._numbers = {self.hash_of(0): 0}
        self._expected: dict[Transaction, Arrival] = {}

    @property
    def head(self) -> int:
        """Number of the newest block."""
        return len(self.blocks) - 1

    def hash_of(self, number: int) -> bytes:
        """What the block of that number is called, as the BLOCKHASH opcode tells it."""
        return block_hash(self.chain_id, number)

    def number_of(self, hash_: bytes) -> int | None:
        """The number of the block that is called so."""
        return self._numbers.get(hash_)

    def mined(self, number: int) -> Sequence[Mined]:
        """The transactions of a block."""
        return self._mined[number]

    def transaction(self, hash_: bytes) -> Mined | None:
        """The transaction that is called so."""
        return self._by_hash.get(hash_)

    def expect(self, tx: Transaction, arrival: Arrival) -> None:
        """Say how a complete transaction of the next block came in."""
        self._expected = {tx: arrival}

    def record(self, block: Block) -> None:
        """Write a block down."""
        mined: list[Mined] = []
        gas = logs = 0
        for position, receipt in enumerate(block.receipts):
            mined.append(
                Mined(
                    arrival=self._arrival(receipt),
                    receipt=receipt,
                    block=block,
                    position=position,
                    gas_before=gas,
                    logs_before=logs,
                )
            )
            gas, logs = gas + receipt.gas_used, logs + len(receipt.logs)
        self._numbers[self.hash_of(block.env.number)] = block.env.number
        self._by_hash |= {one.arrival.tx_hash: one for one in mined}
        self._mined.append(tuple(mined))
        self.blocks.append(block)

    def _arrival(self, receipt: Receipt) -> Arrival:
        unsigned = Arrival(tx_hash=receipt.tx_hash, kind=2)
        return self._expected.pop(receipt.transaction, unsigned)

    def forget_after(self, number: int) -> None:
        """Strike out the blocks above a number."""
        for block, mined in zip(self.blocks[number + 1 :], self._mined[number + 1 :], strict=True):
            del self._numbers[self.hash_of(block.env.number)]
            for one in mined:
                del self._by_hash[one.arrival.tx_hash]
        del self.blocks[number + 1 :], self._mined[number + 1 :]
