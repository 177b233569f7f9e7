"""Contracts on the local chain: used, refused, estimated; and time, snapshots and the past."""

from __future__ import annotations

from typing import Any

import pytest
from web3 import Web3
from web3.exceptions import ContractLogicError

from tests.devnet.conftest import Rpc
from tests.devnet.contracts import SUPPLY, deployed, token

ETHER = 10**18


# --- contracts ----------------------------------------------------------------------------


def test_a_contract_is_deployed_read_used_and_heard(w3: Web3) -> None:
    alice, bob = w3.eth.accounts[:2]
    gold = token(w3)
    assert gold.functions.balanceOf(alice).call() == SUPPLY
    sent = gold.functions.transfer(bob, 7).transact({"from": alice})
    receipt = w3.eth.wait_for_transaction_receipt(sent)
    (event,) = gold.events.Transfer().process_receipt(receipt)
    assert list(event["args"].values()) == [alice, bob, 7]
    (heard,) = gold.events.Transfer().get_logs(from_block=receipt["blockNumber"])
    assert heard["transactionHash"] == sent
    assert gold.functions.balanceOf(bob).call() == 7
    assert gold.functions.balanceOf(bob).call(block_identifier=receipt["blockNumber"] - 1) == 0


def test_a_refusal_carries_its_reason(w3: Web3) -> None:
    bob = w3.eth.accounts[1]
    greedy = token(w3).functions.transfer(w3.eth.accounts[0], 1)
    for attempt in (greedy.call, greedy.estimate_gas, greedy.transact):
        with pytest.raises(ContractLogicError, match="token: insufficient balance") as caught:
            attempt({"from": bob})
        assert str(caught.value.data).startswith("0x08c379a0")
    assert w3.eth.get_transaction_count(bob) == 0


def test_with_a_gas_limit_a_refused_transaction_is_mined_and_failed(w3: Web3) -> None:
    bob = w3.eth.accounts[1]
    greedy = token(w3).functions.transfer(w3.eth.accounts[0], 1)
    receipt = w3.eth.wait_for_transaction_receipt(greedy.transact({"from": bob, "gas": 100_000}))
    assert (receipt["status"], receipt["logs"]) == (0, [])
    assert w3.eth.get_transaction_count(bob) == 1


@pytest.mark.parametrize(
    ("code", "answer"),
    [
        ("60006000fd", {"code": 3, "message": "execution reverted", "data": "0x"}),
        (
            "63deadbeef60e01b60005260046000fd",
            {"code": 3, "message": "execution reverted: 0xdeadbeef", "data": "0xdeadbeef"},
        ),
        ("fe", {"code": -32000, "message": "invalid opcode"}),
        ("600456", {"code": -32000, "message": "invalid jump destination"}),
    ],
)
def test_other_failures_are_told_as_geth_tells_them(
    w3: Web3, rpc: Rpc, code: str, answer: dict[str, Any]
) -> None:
    where = deployed(w3, code)
    assert rpc("eth_call", {"to": where}, "latest") == answer
    assert rpc("eth_estimateGas", {"to": where}) == answer


def test_a_call_without_end_runs_out_of_gas(w3: Web3, rpc: Rpc) -> None:
    where = deployed(w3, "5b600056")
    asked = {"to": where, "gas": hex(100_000)}
    assert rpc("eth_call", asked) == {"code": -32000, "message": "out of gas"}
    assert rpc("eth_estimateGas", asked)["message"] == "gas required exceeds allowance (100000)"


def test_a_call_gets_the_gas_that_it_names(w3: Web3, rpc: Rpc) -> None:
    where = deployed(w3, "5a60005260206000f3")  # returns the gas left
    for gas in (100_000, 999_999, 1_000_000, 1_000_001):
        left = int(rpc("eth_call", {"to": where, "gas": hex(gas)}), 16)
        assert gas - 21_010 < left <= gas - 21_000
    assert int(rpc("eth_call", {"to": where}), 16) > 29_000_000


REQUESTS = {
    "payment": {"value": "0x1"},
    "words": {"data": "0x" + "11" * 1_000 + "00" * 10},
    "million": {"data": "0x" + "11" * 61_187 + "00" * 2},  # 1,000,000 exactly: the default
}


@pytest.mark.parametrize("wanted", [*REQUESTS, "token", "refund", "nested"])
def test_an_estimate_is_the_least_that_suffices(w3: Web3, rpc: Rpc, wanted: str) -> None:
    alice, bob = rpc("eth_accounts")[:2]
    asked = {"from": alice, "to": bob} | REQUESTS.get(wanted, {})
    if wanted == "token":
        gold = token(w3)
        asked |= {"to": gold.address, "data": gold.encode_abi("transfer", [w3.eth.accounts[1], 7])}
    elif wanted == "refund":  # sets a slot and clears it
        asked["to"] = deployed(w3, "6001600055600060005500")
    elif wanted == "nested":  # passes 63 of 64 parts on to a contract that writes, or reverts
        inner = deployed(w3, "600160005500")[2:].lower()
        asked["to"] = deployed(w3, f"5f5f5f5f5f73{inner}5af16022575f5ffd5b00")
    gas = int(rpc("eth_estimateGas", asked), 16)
    if wanted == "million":
        assert gas == 1_000_001  # one more than it takes: see `dexsim.devnet.calls`
        return
    mark = rpc("evm_snapshot")
    too_little = rpc("eth_sendTransaction", {**asked, "gas": hex(gas - 1)})
    assert "code" in too_little or rpc("eth_getTransactionReceipt", too_little)["status"] == "0x0"
    rpc("evm_revert", mark)
    receipt = rpc("eth_getTransactionReceipt", rpc("eth_sendTransaction", asked))
    assert receipt["status"] == "0x1"
    assert (gas > int(receipt["gasUsed"], 16)) == (wanted in {"refund", "nested"})


def test_gas_is_estimated_for_the_time_of_the_next_block(w3: Web3, rpc: Rpc) -> None:
    # Writes the time: to a slot that holds the same already it would cost less.
    where = deployed(w3, "4260005500")
    asked = {"from": w3.eth.accounts[0], "to": where}
    for _ in range(2):
        gas = rpc("eth_estimateGas", asked)
        for fields in ({}, {"gas": gas}):
            sent = rpc("eth_sendTransaction", {**asked, **fields})
            assert rpc("eth_getTransactionReceipt", sent)["status"] == "0x1"


def test_pending_is_the_time_of_the_next_block(w3: Web3, rpc: Rpc) -> None:
    where = deployed(w3, "4260005260206000f3")  # returns the time
    head = int(rpc("eth_getBlockByNumber", "latest")["timestamp"], 16)
    assert int(rpc("eth_call", {"to": where}, "latest"), 16) == head
    assert int(rpc("eth_call", {"to": where}, "pending"), 16) == head + 12
    pending = rpc("eth_getBlockByNumber", "pending")
    assert int(pending["timestamp"], 16) == head + 12
    assert (pending["number"], pending["hash"]) == ("0x2", None)


# --- time and snapshots -------------------------------------------------------------------


def test_time_passes_when_told(rpc: Rpc) -> None:
    def now() -> int:
        return int(rpc("eth_getBlockByNumber", "latest")["timestamp"], 16)

    begin = now()
    rpc("evm_mine")
    assert now() == begin + 12
    assert rpc("evm_increaseTime", 3_600) == 3_600
    rpc("evm_increaseTime", hex(400))
    rpc("evm_mine")
    assert now() == begin + 12 + 4_000 + 12
    rpc("evm_mine", begin + 10_000)
    assert now() == begin + 10_000
    assert rpc("evm_mine", begin)["code"] == -32000
    assert rpc("evm_increaseTime", -1)["code"] == -32602
    assert rpc("evm_increaseTime", 2**64)["code"] == -32602
    assert rpc("eth_blockNumber") == "0x3"


def test_a_snapshot_brings_back_state_history_and_time(w3: Web3, rpc: Rpc) -> None:
    gold = token(w3)
    alice, bob = w3.eth.accounts[:2]
    mark = rpc("evm_snapshot")
    before = rpc("eth_getBlockByNumber", "latest"), rpc("eth_getBlockByNumber", "pending")
    sent = gold.functions.transfer(bob, 7).transact({"from": alice})
    later = rpc("evm_snapshot")
    rpc("evm_increaseTime", 500)
    block = rpc("eth_getBlockByNumber", "latest")
    assert rpc("evm_revert", mark) is True
    assert before == (
        rpc("eth_getBlockByNumber", "latest"),
        rpc("eth_getBlockByNumber", "pending"),
    )
    assert gold.functions.balanceOf(bob).call() == 0
    assert rpc("eth_getTransactionReceipt", "0x" + sent.hex()) is None
    assert rpc("eth_getTransactionByHash", "0x" + sent.hex()) is None
    assert rpc("eth_getBlockByHash", block["hash"]) is None
    assert rpc("eth_getBlockByNumber", block["number"]) is None
    assert [rpc("evm_revert", used) for used in (mark, later, "0x77")] == [False] * 3
    again = gold.functions.transfer(bob, 7).transact({"from": alice})
    assert w3.eth.wait_for_transaction_receipt(again)["blockNumber"] == 2


# --- the past -----------------------------------------------------------------------------


def test_earlier_states_can_be_asked_in_any_order(w3: Web3, rpc: Rpc) -> None:
    gold = token(w3)
    alice, bob = w3.eth.accounts[:2]
    for _ in range(6):
        gold.functions.transfer(bob, 5).transact({"from": alice})
        rpc("evm_increaseTime", 77)

    def held(number: int) -> int:
        return int(gold.functions.balanceOf(bob).call(block_identifier=number))

    for number in (1, 7, 3, 2, 6, 4, 4, 7):
        assert held(number) == 5 * (number - 1)
    assert rpc("eth_getCode", gold.address, "0x0") == "0x"
    assert rpc("eth_getTransactionCount", alice, {"blockNumber": "0x3"}) == "0x3"
    hash_ = rpc("eth_getBlockByNumber", "0x2")["hash"]
    assert rpc("eth_getTransactionCount", alice, {"blockHash": hash_}) == "0x2"
    assert int(rpc("eth_getBalance", alice, "earliest"), 16) == 10_000 * ETHER
    assert rpc("eth_getBalance", alice, "0x8")["message"].startswith("block 8 is not there yet")


def test_the_past_follows_a_revert(w3: Web3, rpc: Rpc) -> None:
    alice, bob = w3.eth.accounts[:2]

    def pay(value: int) -> None:
        assert rpc("eth_sendTransaction", {"from": alice, "to": bob, "value": hex(value)})

    def gained(number: int) -> int:
        return w3.eth.get_balance(bob, number) - 10_000 * ETHER  # type: ignore[arg-type]

    pay(1)
    mark = rpc("evm_snapshot")
    pay(2)
    pay(3)
    assert [gained(number) for number in range(3)] == [0, 1, 3]
    rpc("evm_revert", mark)
    pay(10)
    pay(20)
    pay(30)
    assert [gained(number) for number in (3, 2, 4, 1, 0)] == [31, 11, 61, 1, 0]
