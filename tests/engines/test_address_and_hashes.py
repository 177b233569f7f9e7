"""Addresses at the border, and the hashes that every engine shares."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from eth_hash.auto import keccak
from eth_utils import to_checksum_address

from dexsim.chain.address import checksum, from_bytes, to_bytes
from dexsim.chain.hashing import block_hash, transaction_hash, visible_block_hash
from dexsim.chain.types import Transaction
from dexsim.errors import EngineError, ScenarioError

# From EIP-55.
EXAMPLES = [
    "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
    "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359",
    "0x52908400098527886E0F7030069857D2E4169EE7",
    "0xde709f2102306220921060314715629080e2fb77",
]


@pytest.mark.parametrize("address", EXAMPLES)
def test_every_way_to_write_an_address_gives_its_checksummed_form(address: str) -> None:
    assert checksum(address) == address
    assert checksum(address.lower()) == address
    assert checksum("0x" + address[2:].upper()) == address
    assert checksum(bytes.fromhex(address[2:])) == address
    assert from_bytes(to_bytes(address)) == address


def test_the_checksum_is_that_of_eth_utils() -> None:
    for number in range(200):
        raw = keccak(bytes([number]))[:20]
        assert from_bytes(raw) == to_checksum_address(raw)


@pytest.mark.parametrize(
    "wrong",
    [
        "",
        "0x",
        "5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
        EXAMPLES[0][:-1],
        EXAMPLES[0] + "0",
        EXAMPLES[0][:-1] + "g",
        EXAMPLES[0] + "\n",
        None,
        5,
    ],
)
def test_what_is_no_address_is_refused(wrong: Any) -> None:
    with pytest.raises(ScenarioError, match="not an address"):
        to_bytes(wrong)


@pytest.mark.parametrize("size", [0, 19, 21, 32])
def test_bytes_of_another_length_are_refused(size: int) -> None:
    with pytest.raises(ScenarioError, match=f"this has {size}"):
        checksum(bytes(size))


def test_mixed_case_with_a_wrong_checksum_is_refused() -> None:
    wrong = EXAMPLES[0].replace("aAeb", "Aaeb")
    with pytest.raises(ScenarioError, match=f"mistyped, or meant as {EXAMPLES[0]}"):
        checksum(wrong)


TX = Transaction(
    sender=EXAMPLES[0],
    to=EXAMPLES[1],
    data=b"\x01\x02",
    value=3,
    gas_limit=4,
    max_priority_fee_per_gas=5,
    max_fee_per_gas=6,
    nonce=7,
    access_list=((EXAMPLES[2], (8, 9)),),
)


def test_the_transaction_hash_is_the_documented_encoding() -> None:
    def word(value: int) -> bytes:
        return value.to_bytes(32, "big")

    encoding = (
        to_bytes(EXAMPLES[0])
        + b"\x01"
        + to_bytes(EXAMPLES[1])
        + word(7)
        + word(4)
        + word(6)
        + word(5)
        + word(3)
        + word(2)
        + b"\x01\x02"
        + word(1)
        + to_bytes(EXAMPLES[2])
        + word(2)
        + word(8)
        + word(9)
    )
    assert transaction_hash(TX) == keccak(encoding)


@pytest.mark.parametrize(
    "change",
    [
        {"sender": EXAMPLES[3]},
        {"to": None},
        {"to": EXAMPLES[3]},
        {"to": "0x" + "00" * 20},
        {"data": b"\x01\x02\x00"},
        {"value": 4},
        {"gas_limit": 5},
        {"max_priority_fee_per_gas": 6},
        {"max_fee_per_gas": 7},
        {"nonce": 8},
        {"access_list": ()},
        {"access_list": ((EXAMPLES[2], (9, 8)),)},
        {"access_list": ((EXAMPLES[2], (8,)), (EXAMPLES[2], (9,)))},
    ],
)
def test_every_field_is_part_of_the_transaction_hash(change: dict[str, Any]) -> None:
    assert transaction_hash(replace(TX, **change)) != transaction_hash(TX)


def test_what_a_transaction_is_called_is_no_part_of_its_hash() -> None:
    assert transaction_hash(replace(TX, what="router.swap")) == transaction_hash(TX)


def test_creating_differs_from_calling_the_zero_address() -> None:
    zero = replace(TX, to="0x" + "00" * 20)
    assert transaction_hash(replace(TX, to=None)) != transaction_hash(zero)


def test_an_incomplete_transaction_has_no_hash() -> None:
    with pytest.raises(EngineError, match="no hash"):
        transaction_hash(replace(TX, nonce=None))


def test_block_hashes_are_keccak_of_chain_and_number() -> None:
    assert block_hash(1, 2) == keccak((1).to_bytes(32, "big") + (2).to_bytes(32, "big"))
    assert block_hash(1, 2) != block_hash(2, 1)


@pytest.mark.parametrize(
    ("number", "current", "known"),
    [
        (0, 1, True),
        (0, 0, False),
        (5, 5, False),
        (6, 5, False),
        (0, 256, True),
        (0, 257, False),
        (1, 257, True),
    ],
)
def test_only_the_256_blocks_before_are_visible(number: int, current: int, known: bool) -> None:
    expected = block_hash(9, number) if known else bytes(32)
    assert visible_block_hash(9, number, current=current) == expected
