"""Blocks, logs and fees as they are told afterwards."""

from __future__ import annotations

from typing import Any

import pytest
from eth_hash.auto import keccak
from web3 import Web3

from tests.devnet.conftest import Rpc
from tests.devnet.contracts import deployed, token

UNKNOWN = "0x" + "ab" * 32


def log_contract(topic: int) -> str:
    """Code that logs one word under a topic."""
    return f"60{topic:02x}60206000a100"


# --- blocks ---------------------------------------------------------------------------------


def test_blocks_are_linked_and_found_by_number_and_hash(w3: Web3, rpc: Rpc) -> None:
    token(w3)
    rpc("evm_mine")
    blocks = [rpc("eth_getBlockByNumber", hex(number)) for number in range(3)]
    for block, parent in zip(blocks[1:], blocks, strict=False):
        assert block["parentHash"] == parent["hash"]
        assert int(block["timestamp"], 16) == int(parent["timestamp"], 16) + 12
    assert [rpc("eth_getBlockByHash", block["hash"]) for block in blocks] == blocks
    assert len({block["hash"] for block in blocks}) == 3
    for word, number in {"earliest": 0, "latest": 2, "safe": 2, "finalized": 2}.items():
        assert rpc("eth_getBlockByNumber", word) == blocks[number]
    assert [len(block["transactions"]) for block in blocks] == [0, 1, 0]
    assert rpc("eth_getBlockByNumber", "0x3") is None
    assert rpc("eth_getBlockByHash", UNKNOWN) is None


def test_a_block_has_its_transactions_whole_or_by_hash(w3: Web3, rpc: Rpc) -> None:
    token(w3)
    (short,) = rpc("eth_getBlockByNumber", "latest", False)["transactions"]
    (whole,) = rpc("eth_getBlockByNumber", "latest", True)["transactions"]
    assert whole == rpc("eth_getTransactionByHash", short)
    receipt = rpc("eth_getTransactionReceipt", short)
    for name in ("blockHash", "blockNumber", "transactionIndex", "from", "to", "type"):
        assert whole[name] == receipt[name]
    assert receipt["cumulativeGasUsed"] == receipt["gasUsed"]


def test_what_is_not_there_is_null(rpc: Rpc) -> None:
    assert rpc("eth_getTransactionByHash", UNKNOWN) is None
    assert rpc("eth_getTransactionReceipt", UNKNOWN) is None


def test_the_hash_of_a_block_is_what_contracts_see(w3: Web3, rpc: Rpc) -> None:
    where = deployed(w3, "60014060005260206000f3")  # BLOCKHASH of block 1
    rpc("evm_mine")
    assert rpc("eth_call", {"to": where}) == rpc("eth_getBlockByNumber", "0x1")["hash"]


# --- logs ------------------------------------------------------------------------------------


@pytest.fixture
def heard(w3: Web3, rpc: Rpc) -> tuple[str, str]:
    """Two contracts that log under topics 1 and 2; blocks 3, 4, 5: first, second, first."""
    first, second = deployed(w3, log_contract(1)), deployed(w3, log_contract(2))
    for where in (first, second, first):
        rpc("eth_sendTransaction", {"from": w3.eth.accounts[0], "to": where})
    return first, second


def topic(number: int) -> str:
    return f"0x{number:064x}"


@pytest.mark.parametrize(
    ("asked", "blocks"),
    [
        ({"fromBlock": "earliest"}, [3, 4, 5]),
        ({}, [5]),
        ({"fromBlock": "0x3", "toBlock": "0x4"}, [3, 4]),
        ({"fromBlock": "0x0", "toBlock": "0xffff"}, [3, 4, 5]),
        ({"fromBlock": "0x9", "toBlock": "0xa"}, []),
        ({"fromBlock": "0x0", "address": "first"}, [3, 5]),
        ({"fromBlock": "0x0", "address": ["first", "second"]}, [3, 4, 5]),
        ({"fromBlock": "0x0", "address": []}, [3, 4, 5]),
        ({"fromBlock": "0x0", "topics": [topic(2)]}, [4]),
        ({"fromBlock": "0x0", "topics": [[topic(1), topic(2)]]}, [3, 4, 5]),
        ({"fromBlock": "0x0", "topics": [None]}, [3, 4, 5]),
        ({"fromBlock": "0x0", "topics": [[]]}, [3, 4, 5]),
        ({"fromBlock": "0x0", "topics": [[None, topic(9)]]}, [3, 4, 5]),
        ({"fromBlock": "0x0", "topics": [topic(3)]}, []),
        ({"fromBlock": "0x0", "topics": [None, None]}, []),
        ({"fromBlock": "0x0", "topics": [topic(1)], "address": "second"}, []),
    ],
)
def test_logs_are_found_by_block_address_and_topic(
    rpc: Rpc, heard: tuple[str, str], asked: dict[str, Any], blocks: list[int]
) -> None:
    names = dict(zip(("first", "second"), heard, strict=True))
    address = asked.get("address")
    if isinstance(address, str):
        asked = {**asked, "address": names[address]}
    elif address:
        asked = {**asked, "address": [names[one] for one in address]}
    found = rpc("eth_getLogs", asked)
    assert [int(log["blockNumber"], 16) for log in found] == blocks
    for log in found:
        assert log in rpc("eth_getTransactionReceipt", log["transactionHash"])["logs"]


def test_logs_of_one_block_are_found_by_its_hash(rpc: Rpc, heard: tuple[str, str]) -> None:
    block = rpc("eth_getBlockByNumber", "0x4")
    (log,) = rpc("eth_getLogs", {"blockHash": block["hash"]})
    assert log["address"] == heard[1].lower()
    both = rpc("eth_getLogs", {"blockHash": block["hash"], "fromBlock": "0x1"})
    assert both["code"] == -32602
    assert rpc("eth_getLogs", {"blockHash": UNKNOWN})["code"] == -32000
    assert rpc("eth_getLogs", {"fromBlock": "0x4", "toBlock": "0x3"})["code"] == -32602
    assert rpc("eth_getLogs", {"topics": [None] * 5})["code"] == -32602


def test_logs_are_numbered_through_their_block(w3: Web3, rpc: Rpc) -> None:
    where = deployed(w3, log_contract(1).removesuffix("00") + log_contract(2))
    rpc("eth_sendTransaction", {"from": w3.eth.accounts[0], "to": where})
    found = rpc("eth_getLogs", {})
    assert [log["logIndex"] for log in found] == ["0x0", "0x1"]
    assert [log["topics"] for log in found] == [[topic(1)], [topic(2)]]


def test_the_bloom_holds_what_was_logged(rpc: Rpc, heard: tuple[str, str]) -> None:
    def holds(bloom: int, part: bytes) -> bool:
        digest = keccak(part)
        bits = [int.from_bytes(digest[at : at + 2], "big") % 2048 for at in (0, 2, 4)]
        return all(bloom >> bit & 1 for bit in bits)

    bloom = int(rpc("eth_getBlockByNumber", "0x3")["logsBloom"], 16)
    assert holds(bloom, bytes.fromhex(heard[0][2:]))
    assert holds(bloom, bytes.fromhex(topic(1)[2:]))
    assert not holds(bloom, bytes.fromhex(topic(2)[2:]))
    assert int(rpc("eth_getBlockByNumber", "0x0")["logsBloom"], 16) == 0


# --- fees --------------------------------------------------------------------------------------


def test_the_history_of_fees_is_what_was_paid(rpc: Rpc) -> None:
    alice, bob = rpc("eth_accounts")[:2]
    rpc("evm_mine")
    rpc(
        "eth_sendTransaction",
        {"from": alice, "to": bob, "maxFeePerGas": hex(10**10), "maxPriorityFeePerGas": "0x7"},
    )
    told = rpc("eth_feeHistory", "0x2", "latest", [0, 50, 100])
    assert told == {
        "oldestBlock": "0x1",
        "baseFeePerGas": [hex(10**9)] * 3,
        "gasUsedRatio": [0.0, 21_000 / 30_000_000],
        "reward": [["0x0"] * 3, ["0x7"] * 3],
    }
    assert rpc("eth_feeHistory", 5, "0x1")["oldestBlock"] == "0x0"
    assert "reward" not in rpc("eth_feeHistory", 5, "0x1")
    for wrong in (["0x0", "latest", [101]], ["0x1", "latest", ["a"]], [5_000, "latest"]):
        assert rpc("eth_feeHistory", *wrong)["code"] == -32602
    assert rpc("eth_feeHistory", "0x1", "0x9")["code"] == -32000


def test_prices_are_the_base_fee_and_no_tip(w3: Web3) -> None:
    assert w3.eth.gas_price == 10**9
    assert w3.eth.max_priority_fee == 0
    assert w3.eth.get_block("pending")["baseFeePerGas"] == 10**9
