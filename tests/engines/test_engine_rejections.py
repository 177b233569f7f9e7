"""Transactions that no block may hold: refused with a sentence, and nothing moves."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest
from assembly import code, initcode, push
from eth.vm import opcode_values as op
from sending import Sender, contract

from dexsim.chain.address import checksum
from dexsim.chain.engine import Engine
from dexsim.chain.types import BlockEnv, Transaction
from dexsim.errors import DexsimError, EngineError, TransactionRejected

BOB = checksum(b"\xb0" * 20)
GWEI = 10**9
ETHER = 10**18


@pytest.fixture
def sender(engine: Engine, alice: str, block: BlockEnv) -> Sender:
    return Sender(engine, alice, block)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"nonce": 1}, "nonce 1, too high: the sender's next is 0"),
        ({"value": 100 * ETHER}, "the sender has 100000000000000000000"),
        ({"gas_limit": 20_999}, "has a gas limit of 20999, it needs 21000 to begin with"),
        ({"data": b"\x01\x00", "gas_limit": 21_019}, "it needs 21020"),
        ({"to": None, "gas_limit": 52_999}, "it needs 53000"),
        ({"to": None, "data": bytes(33), "gas_limit": 53_135}, "it needs 53136"),
        ({"access_list": ((BOB, (1, 2)),), "gas_limit": 27_199}, "it needs 27200"),
        ({"gas_limit": 30_000_001}, "block 1000 one of 30000000"),
        ({"max_fee_per_gas": 10 * GWEI - 1}, "block 1000 asks for 10000000000"),
        ({"max_priority_fee_per_gas": 21 * GWEI, "max_fee_per_gas": 20 * GWEI}, "tips 21000000000"),
        ({"to": None, "data": bytes(49_153)}, "49153 bytes of initcode, 49152 are allowed"),
    ],
)
def test_an_invalid_transaction_is_rejected_and_changes_nothing(
    sender: Sender, fields: dict[str, Any], words: str
) -> None:
    engine = sender.engine
    before = engine.state_root()
    defaults: dict[str, Any] = {"to": BOB, "what": "the transfer"}
    tx = Transaction(sender=sender.address, **{**defaults, **fields})
    tx = tx.complete(nonce=0, base_fee=sender.block.base_fee)
    for refuse in (engine.execute, engine.trace):
        with pytest.raises(TransactionRejected) as raised:
            refuse(tx, sender.block)
        assert words in str(raised.value)
        assert f"the transfer from {sender.address}" in str(raised.value)
    assert engine.state_root() == before
    assert engine.nonce(sender.address) == 0


def test_a_nonce_that_was_used_is_too_low(sender: Sender) -> None:
    tx = sender.tx(BOB)
    sender.engine.execute(tx, sender.block)
    with pytest.raises(TransactionRejected, match="nonce 0, too low: the sender's next is 1"):
        sender.engine.execute(tx, sender.block)


def test_funds_must_cover_the_greatest_fee_and_the_value_to_the_wei(sender: Sender) -> None:
    needed = 21_000 * 50 * GWEI + 3
    fields: dict[str, Any] = {"value": 3, "gas_limit": 21_000, "max_fee_per_gas": 50 * GWEI}
    sender.engine.set_balance(sender.address, needed - 1)
    with pytest.raises(TransactionRejected, match=f"needs {needed} wei"):
        sender.send(BOB, **fields)
    sender.engine.set_balance(sender.address, needed)
    assert sender.send(BOB, **fields).status


@pytest.mark.parametrize("fields", [{"gas_limit": 21_000}, {"gas_limit": 30_000_000}])
def test_a_gas_limit_at_its_bounds_is_accepted(sender: Sender, fields: dict[str, Any]) -> None:
    assert sender.send(BOB, **fields).status


def test_initcode_at_its_limit_is_accepted(sender: Sender) -> None:
    data = initcode(b"\x00").ljust(49_152, b"\x00")
    assert sender.send(None, data).status


def test_prague_wants_the_floor_of_the_calldata_in_the_gas_limit(
    new_engine: Any, block: BlockEnv
) -> None:
    for fork, accepted in (("cancun", True), ("prague", False)):
        engine = new_engine(fork=fork)
        address = checksum(b"\xa1" * 20)
        engine.set_balance(address, ETHER)
        sender = Sender(engine, address, block)
        results = engine.execute_block([sender.tx(BOB, b"\x01" * 100, gas_limit=24_999)], block)
        assert isinstance(results[0], TransactionRejected) is not accepted


def test_a_contract_cannot_send(sender: Sender) -> None:
    sender.engine.set_code(sender.address, b"\x00")
    with pytest.raises(TransactionRejected, match="EIP-3607"):
        sender.send(BOB)


def test_an_incomplete_transaction_is_the_callers_mistake(sender: Sender) -> None:
    with pytest.raises(EngineError, match="complete it first"):
        sender.engine.execute(Transaction(sender=sender.address, to=BOB), sender.block)


def test_an_unknown_fork_names_the_known_ones(new_engine: Any) -> None:
    with pytest.raises(EngineError, match=r"'london'.*shanghai, cancun, prague"):
        new_engine(fork="london")


@pytest.mark.parametrize("wei", [-1, 2**256])
def test_a_decree_outside_a_word_is_refused(engine: Engine, wei: int) -> None:
    with pytest.raises(EngineError):
        engine.set_balance(BOB, wei)
    with pytest.raises(EngineError):
        engine.set_storage(BOB, 1, wei)
    with pytest.raises(EngineError):
        engine.set_storage(BOB, wei, 1)
    assert engine.balance(BOB) == 0


# Reads


def test_a_read_needs_neither_funds_nor_nonce_nor_fee(engine: Engine, block: BlockEnv) -> None:
    target = contract(engine, code(op.BASEFEE, op.PUSH0, op.MSTORE, push(32), op.PUSH0, op.RETURN))
    result = engine.call(Transaction(sender=BOB, to=target), block)
    assert (result.status, int.from_bytes(result.output, "big")) == (True, block.base_fee)
    assert result.gas_used == 21_000 + 2 + 2 + 6 + 3 + 2


def test_a_read_leaves_no_trace(sender: Sender) -> None:
    engine = sender.engine
    target = contract(engine, code(push(1), push(1), op.SSTORE, push(1), push(1), op.TSTORE))
    before = engine.state_root()
    tx = Transaction(sender=sender.address, to=target, value=5)
    assert engine.call(tx, sender.block).status
    assert engine.trace(sender.tx(target, value=5), sender.block).error == ""
    assert engine.state_root() == before
    first = engine.call(tx, sender.block).gas_used
    assert engine.call(tx, sender.block).gas_used == first
    assert engine.state_root() == before


def test_a_read_that_fails_says_how(engine: Engine, block: BlockEnv) -> None:
    refusing = contract(
        engine, code(push(9), op.PUSH0, op.MSTORE8, push(1), op.PUSH0, op.REVERT), 1
    )
    broken = contract(engine, code(0xFE), 2)
    refused = engine.call(Transaction(sender=BOB, to=refusing), block)
    assert (refused.status, refused.output, refused.halt) == (False, b"\x09", "")
    assert engine.call(Transaction(sender=BOB, to=broken), block).halt == "invalid opcode"
    starved = engine.call(Transaction(sender=BOB, to=broken, gas_limit=20_999), block)
    assert (starved.halt, starved.gas_used) == ("out of gas", 20_999)
    poor = engine.call(Transaction(sender=BOB, to=broken, value=1), block)
    assert (poor.status, poor.halt) == (False, "insufficient funds")


def test_a_read_with_its_gas_limit_left_open_may_use_the_blocks(
    engine: Engine, block: BlockEnv
) -> None:
    target = contract(engine, code(op.GAS, op.PUSH0, op.MSTORE, push(32), op.PUSH0, op.RETURN))
    free = engine.call(Transaction(sender=BOB, to=target), block)
    assert int.from_bytes(free.output, "big") == block.gas_limit - 21_000 - 2
    bound = engine.call(Transaction(sender=BOB, to=target, gas_limit=30_000), block)
    assert int.from_bytes(bound.output, "big") == 30_000 - 21_000 - 2


@pytest.mark.parametrize(
    "fields",
    [
        {"value": -1},
        {"max_priority_fee_per_gas": -1, "max_fee_per_gas": 10 * GWEI},
        {"access_list": ((BOB, (2**256,)),)},
        {"access_list": ((BOB, (-1,)),)},
        {"gas_limit": -1},
        {"to": "0x12"},
        {"sender": "nobody"},
    ],
)
def test_what_is_no_transaction_raises_an_error_of_ours_and_changes_nothing(
    sender: Sender, fields: dict[str, Any]
) -> None:
    before = sender.engine.state_root()
    defaults: dict[str, Any] = {"sender": sender.address, "to": BOB}
    tx = Transaction(**{**defaults, **fields}).complete(nonce=0, base_fee=10 * GWEI)
    with pytest.raises(DexsimError):
        sender.engine.execute(tx, sender.block)
    for look in (sender.engine.trace, sender.engine.call):
        # Some of these can be looked at: a read asks for no fee.
        with suppress(DexsimError):
            look(tx, sender.block)
    assert sender.engine.state_root() == before
    assert sender.send(BOB).gas_used == 21_000


@pytest.mark.parametrize("fields", [{"prev_randao": 2**256}, {"coinbase": "0xcc"}])
def test_a_block_that_cannot_be_raises_an_error_of_ours(
    sender: Sender, fields: dict[str, Any]
) -> None:
    tx = sender.tx(BOB)
    with pytest.raises(DexsimError):
        sender.engine.execute(tx, replace(sender.block, **fields))
    assert sender.engine.execute(tx, sender.block).status
