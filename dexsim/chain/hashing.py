"""The hashes that dexsim gives to transactions and blocks, equal on every engine.

Transactions carry no signature here, so that Ethereum's own transaction hash
does not exist; and blocks are not mined, so that they have no header to hash.
"""

from __future__ import annotations

from eth_hash.auto import keccak

from dexsim.chain.address import ADDRESS_BYTES, to_bytes
from dexsim.chain.types import AccessList, Transaction
from dexsim.errors import EngineError

WORD_BYTES = 32
VISIBLE_BLOCKS = 256
"""How many previous blocks the BLOCKHASH opcode can see."""


def transaction_hash(tx: Transaction) -> bytes:
    """Keccak-256 of a complete transaction, its sender included.

    What is hashed, every integer as 32 bytes with the highest first:

        sender                      20 bytes
        kind                         1 byte: 0 creates a contract, 1 calls
        to                          20 bytes, zeros where it creates
        nonce, gas limit, max fee per gas, max priority fee per gas, value
        length of data, data
        number of access list entries, and for each of them
            address                 20 bytes
            number of slots, slots

    Every part has a fixed length or follows its length, so that no two
    transactions have the same encoding. `what` is no part of it. Neither is
    the chain: the same transaction has the same hash everywhere.
    """
    if tx.nonce is None or tx.max_fee_per_gas is None:
        raise EngineError("a transaction has no hash before its nonce and its fee are fixed")
    head = (tx.nonce, tx.gas_limit, tx.max_fee_per_gas, tx.max_priority_fee_per_gas, tx.value)
    return keccak(
        b"".join(
            (
                to_bytes(tx.sender),
                b"\x00" + bytes(ADDRESS_BYTES) if tx.to is None else b"\x01" + to_bytes(tx.to),
                *map(_word, head),
                _word(len(tx.data)),
                tx.data,
                _access_list(tx.access_list),
            )
        )
    )


def block_hash(chain_id: int, number: int) -> bytes:
    """What dexsim calls the hash of a block: keccak-256 of chain id and number, 32 bytes each."""
    return keccak(_word(chain_id) + _word(number))


def visible_block_hash(chain_id: int, number: int, *, current: int) -> bytes:
    """What the BLOCKHASH opcode gives in block `current`: zeros outside the 256 blocks before it."""
    if max(0, current - VISIBLE_BLOCKS) <= number < current:
        return block_hash(chain_id, number)
    return bytes(WORD_BYTES)


def _word(value: int) -> bytes:
    try:
        return value.to_bytes(WORD_BYTES, "big")
    except OverflowError:
        raise EngineError(f"{value} lies outside the EVM's numbers, 0 to 2**256 - 1") from None


def _access_list(entries: AccessList) -> bytes:
    parts = [_word(len(entries))]
    for address, slots in entries:
        parts += (to_bytes(address), _word(len(slots)), *map(_word, slots))
    return b"".join(parts)
