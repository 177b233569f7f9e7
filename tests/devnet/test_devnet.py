"""Money on the local chain, as web3.py and bare requests send it."""

from __future__ import annotations

from typing import Any

import pytest
from eth_account import Account as Keys
from eth_account.signers.local import LocalAccount
from eth_hash.auto import keccak
from web3 import Web3
from web3.exceptions import Web3RPCError

from dexsim.chain.accounts import Account
from tests.devnet.conftest import Rpc

ETHER = 10**18
GWEI = 10**9


@pytest.fixture
def me() -> LocalAccount:
    """Somebody whose key the node does not have."""
    return Keys.from_key(keccak(b"somebody"))


@pytest.fixture
def funded(w3: Web3, me: LocalAccount) -> LocalAccount:
    """The same with five ether."""
    sent = w3.eth.send_transaction(
        {"from": w3.eth.accounts[0], "to": me.address, "value": 5 * ETHER}  # type: ignore[typeddict-item]
    )
    assert w3.eth.wait_for_transaction_receipt(sent)["status"] == 1
    return me


def payment(to: str, **fields: Any) -> dict[str, Any]:
    """A payment of one ether, ready to be signed."""
    usual = {"to": to, "value": ETHER, "gas": 21_000, "nonce": 0, "chainId": 1337}
    return {**usual, **fields}


DYNAMIC = {"maxFeePerGas": 3 * GWEI, "maxPriorityFeePerGas": 7}
PRICED = {"gasPrice": 2 * GWEI}
LISTED = {"accessList": [{"address": "0x" + "11" * 20, "storageKeys": ["0x" + "22" * 32]}]}


# --- who is there ------------------------------------------------------------------------


def test_ten_accounts_are_there_with_money(w3: Web3, accounts: list[Account]) -> None:
    assert w3.is_connected()
    assert w3.eth.chain_id == 1337
    assert w3.net.version == "1337"
    assert w3.eth.block_number == 0
    assert w3.eth.syncing is False
    assert w3.client_version.startswith("dexsim/")
    assert w3.eth.accounts == [account.address for account in accounts]
    assert {w3.eth.get_balance(who) for who in w3.eth.accounts} == {10_000 * ETHER}  # type: ignore[arg-type]


# --- money -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "kind", "price"),
    [
        (DYNAMIC, 2, GWEI + 7),
        (DYNAMIC | LISTED | {"gas": 25_300}, 2, GWEI + 7),
        (PRICED | LISTED | {"gas": 25_300}, 1, 2 * GWEI),
        (PRICED, 0, 2 * GWEI),
        (PRICED | {"chainId": None}, 0, 2 * GWEI),
    ],
    ids=["dynamic fee", "dynamic fee and list", "access list", "legacy", "any chain"],
)
def test_a_signed_transaction_is_mined_as_signed(
    w3: Web3, funded: LocalAccount, fields: dict[str, Any], kind: int, price: int
) -> None:
    bob = w3.eth.accounts[1]
    signed = funded.sign_transaction(payment(bob, **fields))
    sent = w3.eth.send_raw_transaction(signed.raw_transaction)
    assert sent == signed.hash == keccak(signed.raw_transaction)
    receipt = w3.eth.wait_for_transaction_receipt(sent)
    assert (receipt["status"], receipt["type"], receipt["from"]) == (1, kind, funded.address)
    assert receipt["effectiveGasPrice"] == price
    fee = receipt["gasUsed"] * price
    assert w3.eth.get_balance(funded.address) == 4 * ETHER - fee
    assert w3.eth.get_balance(bob) == 10_001 * ETHER
    told = w3.eth.get_transaction(sent)
    assert (told["v"], told["r"], told["s"]) == (
        signed.v,
        signed.r.to_bytes(32, "big"),
        signed.s.to_bytes(32, "big"),
    )
    assert (told["gas"], told["value"], told["nonce"]) == (fields.get("gas", 21_000), ETHER, 0)
    assert len(told.get("accessList", ())) == len(fields.get("accessList", ()))


def test_the_fields_that_a_client_fills_in_are_told(w3: Web3, funded: LocalAccount) -> None:
    from web3.middleware import SignAndSendRawMiddlewareBuilder

    w3.middleware_onion.inject(SignAndSendRawMiddlewareBuilder.build(funded), layer=0)  # type: ignore[arg-type]
    sent = w3.eth.send_transaction({"from": funded.address, "to": w3.eth.accounts[0], "value": 1})  # type: ignore[typeddict-item]
    receipt = w3.eth.wait_for_transaction_receipt(sent)
    assert (receipt["status"], receipt["type"], receipt["gasUsed"]) == (1, 2, 21_000)


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"chainId": 1}, "invalid chain id: meant for 1, this is 1337"),
        ({"nonce": 1}, "nonce too high.*next is 0"),
        ({"value": 5 * ETHER}, "insufficient funds"),
        ({"maxFeePerGas": GWEI - 1}, "less than block base fee"),
        ({"gas": 20_999}, "needs 21000"),
        ({"gas": 30_000_001}, "30,000,001 gas, the block has 30,000,000"),
        ({"maxPriorityFeePerGas": 4 * GWEI}, "tips"),
    ],
)
def test_what_no_block_may_hold_is_refused(
    w3: Web3, funded: LocalAccount, fields: dict[str, Any], told: str
) -> None:
    signed = funded.sign_transaction(payment(w3.eth.accounts[1], **(DYNAMIC | fields)))
    number = w3.eth.block_number
    with pytest.raises(Web3RPCError, match=told):
        w3.eth.send_raw_transaction(signed.raw_transaction)
    assert w3.eth.block_number == number
    assert w3.eth.get_transaction_count(funded.address) == 0


def test_the_same_transaction_is_not_taken_twice(w3: Web3, funded: LocalAccount) -> None:
    signed = funded.sign_transaction(payment(w3.eth.accounts[1], **DYNAMIC))
    w3.eth.send_raw_transaction(signed.raw_transaction)
    with pytest.raises(Web3RPCError, match="nonce too low"):
        w3.eth.send_raw_transaction(signed.raw_transaction)
    assert w3.eth.get_transaction_count(funded.address, "pending") == 1


def test_a_signature_with_a_high_s_is_refused(w3: Web3, funded: LocalAccount) -> None:
    import rlp

    order = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141
    signed = funded.sign_transaction(payment(w3.eth.accounts[1], **DYNAMIC))
    parts = rlp.decode(signed.raw_transaction[1:])
    other = [*parts[:-3], b"" if signed.v else b"\x01", parts[-2]]
    forged = b"\x02" + rlp.encode([*other, (order - signed.s).to_bytes(32, "big")])
    assert Keys.recover_transaction(forged) == funded.address
    with pytest.raises(Web3RPCError, match="EIP-2"):
        w3.eth.send_raw_transaction(forged)


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("0x", -32602),
        ("0x02", -32602),
        ("0xc0", -32602),
        ("0x02c0", -32602),
        ("0x03c0", -32000),
        ("0x04c0", -32000),
        ("0x7f", -32000),
        ("0xf86b", -32602),
        ("0x0", -32602),
        ("0xzz", -32602),
        ("", -32602),
        (None, -32602),
        ({}, -32602),
    ],
)
def test_bytes_that_are_no_transaction_are_refused(rpc: Rpc, raw: object, code: int) -> None:
    told = rpc("eth_sendRawTransaction", raw)
    assert told["code"] == code
    assert "fault in dexsim" not in told["message"]
    assert rpc("eth_blockNumber") == "0x0"


def test_a_transaction_that_was_cut_short_is_refused(rpc: Rpc, funded: LocalAccount) -> None:
    for fields in (DYNAMIC, PRICED | LISTED, PRICED):
        raw = funded.sign_transaction(payment("0x" + "11" * 20, **fields)).raw_transaction
        for damaged in (raw[:-1], raw[:40], raw + b"\x00"):
            assert rpc("eth_sendRawTransaction", "0x" + damaged.hex())["code"] == -32602


# --- the node's own accounts --------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "kind", "price"),
    [
        ({}, 2, GWEI),
        ({"maxFeePerGas": hex(5 * GWEI), "maxPriorityFeePerGas": hex(9)}, 2, GWEI + 9),
        ({"gasPrice": hex(3 * GWEI)}, 0, 3 * GWEI),
        ({"gasPrice": hex(3 * GWEI), "accessList": []}, 1, 3 * GWEI),
        ({"type": "0x0"}, 0, GWEI),
        ({"gasPrice": None, "to": None, "data": "0x", "gas": hex(60_000)}, 2, GWEI),
    ],
)
def test_an_unlocked_account_sends_at_the_price_it_names(
    rpc: Rpc, fields: dict[str, Any], kind: int, price: int
) -> None:
    alice, bob = rpc("eth_accounts")[:2]
    sent = rpc("eth_sendTransaction", {"from": alice, "to": bob, "value": "0x1", **fields})
    receipt = rpc("eth_getTransactionReceipt", sent)
    assert (receipt["status"], int(receipt["type"], 16)) == ("0x1", kind)
    assert int(receipt["effectiveGasPrice"], 16) == price
    told = rpc("eth_getTransactionByHash", sent)
    assert ("maxFeePerGas" in told) == (kind == 2)
    assert (told["hash"], told["from"], told["blockNumber"]) == (sent, alice, "0x1")


@pytest.mark.parametrize(
    ("fields", "code", "told"),
    [
        ({"from": "0x" + "11" * 20}, -32000, "does not hold the key"),
        ({"chainId": "0x1"}, -32000, "invalid chain id"),
        ({"nonce": "0x5"}, -32000, "nonce too high"),
        ({"gasPrice": "0x1"}, -32000, "base fee"),
        ({"gasPrice": "0x1", "maxFeePerGas": "0x1"}, -32602, "does not belong"),
        ({"type": "0x2", "gasPrice": "0x1"}, -32602, "does not belong"),
        ({"type": "0x3"}, -32602, "type 3"),
        ({"data": "0x01", "input": "0x02"}, -32602, "two names"),
        ({"value": "1"}, -32602, "quantity"),
        ({"value": hex(2**256)}, -32602, "outside"),
        ({"to": "0x12"}, -32602, "not an address"),
        ({"accessList": [{"address": "0x12"}]}, -32602, "not an address"),
        ({"accessList": {}}, -32602, "a list"),
    ],
)
def test_a_request_that_cannot_be_sent_says_why(
    rpc: Rpc, fields: dict[str, Any], code: int, told: str
) -> None:
    alice, bob = rpc("eth_accounts")[:2]
    answer = rpc("eth_sendTransaction", {"from": alice, "to": bob, "gas": "0x5208", **fields})
    assert answer["code"] == code
    assert told in answer["message"]
    assert rpc("eth_blockNumber") == "0x0"
