"""The digest of a run: one SHA-256 that any engine, process or machine arrives at.

It covers the endowments and, block by block, the environment, the transactions
and the receipts: everything that was decided, and nothing of how, when or
where it was computed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from dexsim.chain.address import to_bytes
from dexsim.chain.event_bytes import event_bytes, place, word
from dexsim.chain.types import Address, Block, Receipt

_VERSION = b"dexsim run digest 1"


class Digest:
    """Grows with every block.

    Encoding: integers as 32 bytes, highest first; byte strings behind their
    length; addresses as 20 bytes, a missing one as 20 zeros behind a zero flag.
    Endowments come first, sorted by address; then for each block its number,
    timestamp, base fee, gas limit, coinbase and prev_randao, the number of
    receipts, and for each its transaction's hash, status, gas used, gas
    refunded, effective gas price, created address, logs and output.
    """

    def __init__(self, chain_id: int, endowments: Mapping[Address, int]) -> None:
        self._hash = hashlib.sha256(_VERSION)
        self._number(chain_id)
        self._number(len(endowments))
        for address, wei in sorted(endowments.items(), key=lambda item: to_bytes(item[0])):
            self._address(address)
            self._number(wei)

    def add(self, block: Block) -> None:
        """Take in a sealed block."""
        env = block.env
        for number in (env.number, env.timestamp, env.base_fee, env.gas_limit):
            self._number(number)
        self._address(env.coinbase)
        self._number(env.prev_randao)
        self._number(len(block.receipts))
        for receipt in block.receipts:
            self._receipt(receipt)

    def hexdigest(self) -> str:
        """The digest so far."""
        return self._hash.hexdigest()

    def _receipt(self, receipt: Receipt) -> None:
        output = receipt.output or b""
        parts = (
            word(len(receipt.tx_hash)),
            receipt.tx_hash,
            word(receipt.status),
            receipt.gas_used.to_bytes(32, "big"),
            word(receipt.gas_refunded),
            word(receipt.effective_gas_price),
            place(receipt.contract_address),
            event_bytes(receipt.logs),
            word(len(output)),
            output,
        )
        self._hash.update(b"".join(parts))

    def _number(self, value: int) -> None:
        self._hash.update(word(value))

    def _address(self, address: Address | None) -> None:
        self._hash.update(place(address))


def run_digest(arms: Mapping[str, str]) -> str:
    """The digest of a run from those of its arms, in the order of their names."""
    text = "".join(f"{len(name)}:{name}{digest}" for name, digest in sorted(arms.items()))
    return hashlib.sha256(text.encode()).hexdigest()
