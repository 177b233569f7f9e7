"""Transactions as JSON-RPC fields, and a node's receipts as dexsim's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dexsim.chain.address import checksum
from dexsim.chain.types import DEFAULT_GAS_LIMIT, Log, Receipt, Transaction

_NOBODY = "0x0000000000000000000000000000000000000000"


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeReceipt(Receipt):
    """A receipt from a node: output is None and gas_refunded 0, because nodes do not tell them.

    block_number: of the block that holds the transaction.
    """

    block_number: int


def transaction_fields(tx: Transaction) -> dict[str, Any]:
    """A complete transaction without its fee, which nodes want said in different ways."""
    fields: dict[str, Any] = {
        "from": tx.sender,
        "nonce": tx.nonce,
        "gas": tx.gas_limit,
        "value": tx.value,
        "data": tx.data,
    }
    if tx.to is not None:
        fields["to"] = tx.to
    if tx.access_list:
        fields["accessList"] = [
            {"address": address, "storageKeys": [f"0x{slot:064x}" for slot in slots]}
            for address, slots in tx.access_list
        ]
    return fields


def call_fields(tx: Transaction) -> dict[str, Any]:
    """A transaction as a read, without nonce and fee.

    A gas limit left open is the node's to choose. Nobody's question names no
    sender: eth-tester wants the fee of a read covered by whoever asks.
    """
    fields = transaction_fields(tx)
    del fields["nonce"]
    if tx.gas_limit == DEFAULT_GAS_LIMIT:
        del fields["gas"]
    if tx.sender == _NOBODY:
        del fields["from"]
    return fields


def transaction_told(sent: Mapping[str, Any]) -> Transaction:
    """A transaction as eth_getTransactionByHash tells it, its fee left open."""
    to = sent.get("to")
    return Transaction(
        sender=checksum(str(sent["from"])),
        to=checksum(str(to)) if to else None,
        data=bytes(sent["input"]),
        value=int(sent["value"]),
        gas_limit=int(sent["gas"]),
        nonce=int(sent["nonce"]),
    )


def node_receipt(tx: Transaction, mined: Mapping[str, Any]) -> NodeReceipt:
    """What eth_getTransactionReceipt told of a transaction."""
    succeeded = bool(mined["status"])
    created = mined.get("contractAddress")
    return NodeReceipt(
        transaction=tx,
        tx_hash=bytes(mined["transactionHash"]),
        status=succeeded,
        gas_used=int(mined["gasUsed"]),
        gas_refunded=0,
        effective_gas_price=int(mined.get("effectiveGasPrice") or tx.max_fee_per_gas or 0),
        logs=tuple(_log(entry) for entry in mined["logs"]),
        output=None,
        contract_address=checksum(str(created)) if created and succeeded else None,
        block_number=int(mined["blockNumber"]),
    )


def _log(entry: Mapping[str, Any]) -> Log:
    topics = tuple(bytes(topic) for topic in entry["topics"])
    return Log(checksum(str(entry["address"])), topics, bytes(entry["data"]))
