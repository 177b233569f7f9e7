"""Blocks, transactions, receipts and logs as JSON-RPC writes them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from eth_hash.auto import keccak

from dexsim.chain.address import to_bytes
from dexsim.chain.types import AccessList, Block, Log
from dexsim.devnet.ledger import Ledger, Mined
from dexsim.devnet.requests import DYNAMIC_FEE, LEGACY

BLOOM_BYTES = 256
NO_UNCLES = "0x1dcc4de8dec75d7aab85b567b6ccd41ad312451b948a7413f0a142fd40d49347"
"""Keccak-256 of an empty list: what every block since the merge has."""

_ZEROS = "0x" + "00" * 32


def quantity(number: int) -> str:
    """A number: hexadecimal without leading zeros."""
    return hex(number)


def data(raw: bytes) -> str:
    """Bytes."""
    return "0x" + raw.hex()


def word(number: int) -> str:
    """A number as 32 bytes."""
    return f"0x{number:064x}"


def block_fields(ledger: Ledger, block: Block, *, full: bool) -> dict[str, object]:
    """A block; the one that comes next has no hash yet.

    full: with its transactions and not only their hashes. Its roots are zeros:
    a block here is not mined, and proves nothing.
    """
    env, sealed = block.env, block.env.number <= ledger.head
    mined = ledger.mined(env.number) if sealed else ()
    return {
        "number": quantity(env.number),
        "hash": data(ledger.hash_of(env.number)) if sealed else None,
        "parentHash": data(ledger.hash_of(env.number - 1)) if env.number else _ZEROS,
        "timestamp": quantity(env.timestamp),
        "baseFeePerGas": quantity(env.base_fee),
        "gasLimit": quantity(env.gas_limit),
        "gasUsed": quantity(block.gas_used),
        "miner": env.coinbase.lower(),
        "transactions": [transaction_fields(ledger, one) if full else _hash(one) for one in mined],
        "logsBloom": bloom(log for one in mined for log in one.receipt.logs),
        "mixHash": word(env.prev_randao),
        "sha3Uncles": NO_UNCLES,
        "uncles": [],
        "stateRoot": _ZEROS,
        "transactionsRoot": _ZEROS,
        "receiptsRoot": _ZEROS,
        "difficulty": "0x0",
        "totalDifficulty": "0x0",
        "nonce": "0x0000000000000000",
        "extraData": "0x",
        "size": "0x0",
    }


def transaction_fields(ledger: Ledger, mined: Mined) -> dict[str, object]:
    """A mined transaction; one that the node sent for its accounts has zeros for a signature."""
    tx, arrival = mined.receipt.transaction, mined.arrival
    return {
        **_place(ledger, mined),
        "hash": data(arrival.tx_hash),
        "type": quantity(arrival.kind),
        "from": tx.sender.lower(),
        "to": _address(tx.to),
        "nonce": quantity(tx.nonce or 0),
        "gas": quantity(tx.gas_limit),
        "value": quantity(tx.value),
        "input": data(tx.data),
        "gasPrice": quantity(mined.receipt.effective_gas_price),
        "v": quantity(arrival.v),
        "r": quantity(arrival.r),
        "s": quantity(arrival.s),
        **_since_berlin(ledger, mined),
    }


def _since_berlin(ledger: Ledger, mined: Mined) -> dict[str, object]:
    """What transactions have that are not of the oldest type."""
    tx, arrival = mined.receipt.transaction, mined.arrival
    if arrival.kind == LEGACY:
        return {}
    fields: dict[str, object] = {
        "chainId": quantity(ledger.chain_id),
        "accessList": _access_list(tx.access_list),
        "yParity": quantity(arrival.v),
    }
    if arrival.kind == DYNAMIC_FEE:
        fields["maxFeePerGas"] = quantity(tx.max_fee_per_gas or 0)
        fields["maxPriorityFeePerGas"] = quantity(tx.max_priority_fee_per_gas)
    return fields


def receipt_fields(ledger: Ledger, mined: Mined) -> dict[str, object]:
    """What became of a transaction."""
    receipt = mined.receipt
    return {
        **_place(ledger, mined),
        "transactionHash": data(mined.arrival.tx_hash),
        "type": quantity(mined.arrival.kind),
        "from": receipt.transaction.sender.lower(),
        "to": _address(receipt.transaction.to),
        "status": quantity(receipt.status),
        "gasUsed": quantity(receipt.gas_used),
        "cumulativeGasUsed": quantity(mined.gas_before + receipt.gas_used),
        "effectiveGasPrice": quantity(receipt.effective_gas_price),
        "contractAddress": _address(receipt.contract_address),
        "logs": log_fields(ledger, mined),
        "logsBloom": bloom(receipt.logs),
    }


def log_fields(ledger: Ledger, mined: Mined) -> list[dict[str, object]]:
    """The events of a transaction, numbered through its block."""
    place = {**_place(ledger, mined), "transactionHash": data(mined.arrival.tx_hash)}
    return [
        {
            **place,
            "address": log.address.lower(),
            "topics": [data(topic) for topic in log.topics],
            "data": data(log.data),
            "logIndex": quantity(index),
            "removed": False,
        }
        for index, log in enumerate(mined.receipt.logs, mined.logs_before)
    ]


def bloom(logs: Iterable[Log]) -> str:
    """The filter over addresses and topics (Yellow Paper, 4.3.1): three bits for each."""
    bits = 0
    for log in logs:
        for part in (to_bytes(log.address), *log.topics):
            digest = keccak(part)
            for at in (0, 2, 4):
                bits |= 1 << (int.from_bytes(digest[at : at + 2], "big") % (8 * BLOOM_BYTES))
    return data(bits.to_bytes(BLOOM_BYTES, "big"))


def _place(ledger: Ledger, mined: Mined) -> dict[str, object]:
    number = mined.block.env.number
    return {
        "blockHash": data(ledger.hash_of(number)),
        "blockNumber": quantity(number),
        "transactionIndex": quantity(mined.position),
    }


def _hash(mined: Mined) -> str:
    return data(mined.arrival.tx_hash)


def _address(address: str | None) -> str | None:
    return None if address is None else address.lower()


def _access_list(entries: AccessList) -> Sequence[dict[str, object]]:
    return [
        {"address": address.lower(), "storageKeys": [word(slot) for slot in slots]}
        for address, slots in entries
    ]
