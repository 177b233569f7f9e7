"""What a transaction costs, moves and leaves behind, on every engine."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from assembly import call, code, create, in_memory, initcode, push, sstore
from eth.vm import opcode_values as op
from sending import Sender, contract

from dexsim.chain.address import checksum
from dexsim.chain.engine import Engine
from dexsim.chain.hashing import block_hash, transaction_hash
from dexsim.chain.types import BlockEnv, Receipt, Transaction

BOB = checksum(b"\xb0" * 20)
GWEI = 10**9
RETURN_TOP = code(op.PUSH0, op.MSTORE, push(32), op.PUSH0, op.RETURN)


@pytest.fixture
def sender(engine: Engine, alice: str, block: BlockEnv) -> Sender:
    return Sender(engine, alice, block)


def word(receipt: Receipt) -> int:
    assert receipt.status
    assert receipt.output is not None
    return int.from_bytes(receipt.output, "big")


def test_a_plain_transfer_costs_21000_gas_and_moves_its_value(sender: Sender) -> None:
    receipt = sender.send(BOB, value=5)
    assert (receipt.status, receipt.gas_used, receipt.output) == (True, 21_000, b"")
    assert sender.engine.balance(BOB) == 5
    assert sender.engine.nonce(sender.address) == 1


@pytest.mark.parametrize("tip", [0, 3 * GWEI])
@pytest.mark.parametrize("spare", [0, 1, 10 * GWEI])
def test_what_the_sender_loses_is_burnt_or_tipped_or_sent(
    sender: Sender, tip: int, spare: int
) -> None:
    engine, block = sender.engine, sender.block
    target = contract(engine, code(sstore(0, 1), sstore(0, 0)))
    before = engine.balance(sender.address)
    receipt = sender.send(
        target,
        value=7,
        max_priority_fee_per_gas=tip,
        max_fee_per_gas=block.base_fee + min(tip, spare) + spare,
    )
    paid_tip = engine.balance(block.coinbase)
    burnt = receipt.gas_used * block.base_fee
    assert receipt.effective_gas_price == block.base_fee + min(tip, min(tip, spare) + spare)
    assert paid_tip == receipt.gas_used * (receipt.effective_gas_price - block.base_fee)
    assert before - engine.balance(sender.address) == burnt + paid_tip + 7
    assert engine.balance(target) == 7


def test_a_refund_is_capped_at_a_fifth_of_the_gas(sender: Sender) -> None:
    target = contract(sender.engine, b"".join(sstore(slot, 0) for slot in range(10)))
    for slot in range(10):
        sender.engine.set_storage(target, slot, 1)
    receipt = sender.send(target)
    spent = receipt.gas_used + receipt.gas_refunded
    assert receipt.gas_refunded == spent // 5
    assert receipt.gas_refunded < 10 * 4_800


def test_a_refund_below_the_cap_is_granted_whole(sender: Sender) -> None:
    target = contract(sender.engine, sstore(1, 0))
    sender.engine.set_storage(target, 1, 9)
    receipt = sender.send(target)
    assert receipt.gas_refunded == 4_800
    assert receipt.gas_used == 21_000 + 2 + 3 + 5_000 - 4_800


def test_an_access_list_warms_the_slot_and_is_paid_for(sender: Sender) -> None:
    target = contract(sender.engine, code(push(5), op.SLOAD, op.POP))
    cold = sender.send(target)
    listed = sender.send(target, access_list=((target, (5,)),))
    assert cold.gas_used == 21_000 + 3 + 2_100 + 2
    assert listed.gas_used == 21_000 + 2_400 + 1_900 + 3 + 100 + 2


def test_slots_are_cold_again_in_the_next_transaction(sender: Sender) -> None:
    target = contract(sender.engine, code(push(5), op.SLOAD, op.POP))
    assert sender.send(target).gas_used == sender.send(target).gas_used


def test_the_first_write_of_every_transaction_is_charged_as_one(sender: Sender) -> None:
    increment = code(push(1), push(1), op.SLOAD, op.ADD, push(1), op.SSTORE)
    target = contract(sender.engine, increment)
    sender.engine.set_storage(target, 1, 1)
    first, second = sender.send(target), sender.send(target)
    assert first.gas_used == second.gas_used == 21_000 + 4 * 3 + 2_100 + 2_900
    assert sender.engine.storage(target, 1) == 3


def test_transient_storage_is_empty_in_the_next_transaction(sender: Sender) -> None:
    target = contract(
        sender.engine, code(push(1), op.TLOAD, push(9), push(1), op.TSTORE, RETURN_TOP)
    )
    assert word(sender.send(target)) == 0
    assert word(sender.send(target)) == 0


def test_transient_storage_is_undone_with_the_call_that_wrote_it(sender: Sender) -> None:
    writer = contract(
        sender.engine, code(push(9), push(1), op.TSTORE, op.PUSH0, op.PUSH0, op.REVERT), 1
    )
    caller = contract(
        sender.engine,
        code(call(bytes.fromhex(writer[2:]), kind=op.DELEGATECALL), push(1), op.TLOAD, RETURN_TOP),
        2,
    )
    assert word(sender.send(caller)) == 0


def test_a_revert_keeps_its_data_and_undoes_everything_but_the_fee(sender: Sender) -> None:
    target = contract(
        sender.engine,
        code(sstore(0, 1), in_memory(b"no!".ljust(32, b"\x00")), push(3), op.PUSH0, op.REVERT),
    )
    before = sender.engine.balance(sender.address)
    receipt = sender.send(target, value=4)
    assert (receipt.status, receipt.output, receipt.halt) == (False, b"no!", "")
    assert receipt.logs == ()
    assert sender.engine.storage(target, 0) == 0
    assert sender.engine.balance(target) == 0
    assert before - sender.engine.balance(sender.address) == receipt.fee
    assert sender.engine.nonce(sender.address) == 1


def looping(count: int) -> bytes:
    return code(*(push(1) for _ in range(count)))


@pytest.mark.parametrize(
    ("program", "halt"),
    [
        (code(op.JUMPDEST, push(4), op.JUMP), "out of gas"),
        (code(push(2**60), op.MLOAD), "out of gas"),
        (code(0xFE), "invalid opcode"),
        (code(0x0C), "invalid opcode"),
        (code(op.ADD), "stack underflow"),
        (code(op.PUSH0, op.PUSH0, op.SWAP5), "stack underflow"),
        (code(op.SLOAD), "stack underflow"),
        (code(op.JUMP), "stack underflow"),
        (looping(1_025), "stack overflow"),
        (code(looping(1_024), op.DUP1), "stack overflow"),
        (code(looping(1_024), op.ADDRESS), "stack overflow"),
        (code(push(1), op.JUMP), "invalid jump"),
        (code(push(8), op.JUMP, op.PUSH1, op.JUMPDEST), "invalid jump"),
        (code(push(1), push(2**200), op.JUMPI), "invalid jump"),
        (code(push(1), op.PUSH0, op.PUSH0, op.RETURNDATACOPY), "out of bounds read"),
    ],
)
def test_an_exceptional_halt_takes_all_gas_and_is_named(
    sender: Sender, program: bytes, halt: str
) -> None:
    # Four bytes of code come before the program.
    target = contract(sender.engine, code(sstore(0, 1), program))
    receipt = sender.send(target, gas_limit=200_000)
    assert (receipt.status, receipt.halt, receipt.output) == (False, halt, b"")
    assert receipt.gas_used == 200_000
    assert sender.engine.storage(target, 0) == 0


def test_1024_items_fit_on_the_stack(sender: Sender) -> None:
    assert sender.send(contract(sender.engine, looping(1_024))).status


@pytest.mark.parametrize(
    "writing",
    [
        sstore(0, 1),
        code(push(1), push(1), op.TSTORE),
        code(op.PUSH0, op.PUSH0, op.LOG0),
        code(op.ADDRESS, op.SELFDESTRUCT),
        create(b""),
        call(9, value=1),
    ],
)
def test_a_static_call_cannot_write(sender: Sender, writing: bytes) -> None:
    engine = sender.engine
    writer = contract(engine, writing, 1)
    caller = contract(
        engine, code(call(bytes.fromhex(writer[2:]), kind=op.STATICCALL, gas=90_000), RETURN_TOP), 2
    )
    assert word(sender.send(caller)) == 0
    frame = engine.trace(sender.tx(caller), sender.block)
    assert [inner.error for inner in frame.calls] == ["write protection"]


def test_a_deployment_leaves_code_at_the_address_of_sender_and_nonce(sender: Sender) -> None:
    receipt = sender.send(None, initcode(b"\x00\x01\x02"))
    assert receipt.status
    assert receipt.contract_address is not None
    assert sender.engine.code(receipt.contract_address) == b"\x00\x01\x02"
    assert sender.engine.nonce(receipt.contract_address) == 1
    assert sender.send(None, initcode(b"\x00")).contract_address != receipt.contract_address


def test_a_known_deployment_has_its_known_address(engine: Engine, block: BlockEnv) -> None:
    # The example that every client's tests use: keccak(rlp([sender, 0]))[12:].
    address = checksum("0x6ac7ea33f8831ea9dcc53393aaa88b25a785dbf0")
    engine.set_balance(address, 10**18)
    receipt = Sender(engine, address, block).send(None, initcode(b"\x00"))
    assert receipt.contract_address == checksum("0xcd234a471b72ba2f1ccf0a70fcaba648a5eecd8d")


@pytest.mark.parametrize(
    ("runtime", "halt"),
    [
        (bytes(24_577), "code size"),
        (b"\xef\x00", "reserved code prefix"),
        (bytes(9_000), "out of gas"),
    ],
)
def test_code_that_cannot_be_deployed_halts_the_deployment(
    sender: Sender, runtime: bytes, halt: str
) -> None:
    gas_limit = 1_000_000 if halt == "out of gas" else 9_000_000
    receipt = sender.send(None, initcode(runtime), gas_limit=gas_limit)
    assert (receipt.status, receipt.halt, receipt.contract_address) == (False, halt, None)
    assert receipt.gas_used == gas_limit


def test_code_of_24576_bytes_can_be_deployed(sender: Sender) -> None:
    assert sender.send(None, initcode(bytes(24_576)), gas_limit=9_000_000).status


def test_initcode_above_the_limit_halts_the_contract_that_creates(sender: Sender) -> None:
    creator = contract(sender.engine, code(push(49_153), op.PUSH0, op.PUSH0, op.CREATE))
    receipt = sender.send(creator, gas_limit=900_000)
    assert (receipt.status, receipt.halt, receipt.gas_used) == (False, "initcode size", 900_000)


def test_a_contract_is_destroyed_only_by_the_transaction_that_created_it(sender: Sender) -> None:
    engine = sender.engine
    dying = code(op.PUSH20, bytes.fromhex(BOB[2:]), op.SELFDESTRUCT)
    at_once = sender.send(None, dying, value=3)
    assert at_once.status
    assert at_once.contract_address is not None
    assert (engine.code(at_once.contract_address), engine.nonce(at_once.contract_address)) == (
        b"",
        0,
    )
    assert engine.balance(BOB) == 3
    later = sender.send(None, initcode(dying), value=4)
    assert later.contract_address is not None
    assert sender.send(later.contract_address).status
    assert engine.code(later.contract_address) == dying
    assert engine.balance(BOB) == 7


def test_before_cancun_any_contract_can_destroy_itself(
    new_engine: Callable[..., Engine], block: BlockEnv
) -> None:
    engine = new_engine(fork="shanghai")
    address = checksum(b"\xa1" * 20)
    engine.set_balance(address, 10**18)
    target = contract(engine, code(op.ADDRESS, op.SELFDESTRUCT))
    engine.set_storage(target, 1, 1)
    assert Sender(engine, address, block).send(target).status
    assert (engine.code(target), engine.storage(target, 1)) == (b"", 0)


def test_logs_come_in_order_with_their_topics(sender: Sender) -> None:
    engine = sender.engine
    inner = contract(engine, code(push(2), op.PUSH0, op.PUSH0, op.LOG1), 1)
    outer = contract(
        engine,
        code(
            in_memory(b"\x05" * 32),
            code(push(1), push(2), op.PUSH0, op.LOG1),
            call(bytes.fromhex(inner[2:])),
            code(push(4), push(3), push(32), op.PUSH0, op.LOG2),
        ),
        2,
    )
    receipt = sender.send(outer)
    assert [log.address for log in receipt.logs] == [outer, inner, outer]
    assert [log.data for log in receipt.logs] == [b"\x05" * 2, b"", b"\x05" * 32]
    topics = [[int.from_bytes(topic, "big") for topic in log.topics] for log in receipt.logs]
    assert topics == [[1], [2], [3, 4]]


@pytest.mark.parametrize("zeros", [0, 100, 3_000])
@pytest.mark.parametrize("nonzeros", [0, 100, 3_000])
def test_prague_charges_a_floor_for_calldata(
    new_engine: Callable[..., Engine], block: BlockEnv, zeros: int, nonzeros: int
) -> None:
    data = bytes(zeros) + b"\x01" * nonzeros
    used = {}
    for fork in ("cancun", "prague"):
        engine = new_engine(fork=fork)
        address = checksum(b"\xa1" * 20)
        engine.set_balance(address, 10**20)
        receipt = Sender(engine, address, block).send(BOB, data)
        used[fork] = receipt.gas_used
        assert engine.balance(address) == 10**20 - receipt.fee
    assert used["cancun"] == 21_000 + 4 * zeros + 16 * nonzeros
    assert used["prague"] == 21_000 + 10 * zeros + 40 * nonzeros


@pytest.mark.parametrize(
    ("opcode", "expected"),
    [
        (op.NUMBER, 1_000),
        (op.TIMESTAMP, 1_700_000_000),
        (op.BASEFEE, 10 * GWEI),
        (op.GASLIMIT, 30_000_000),
        (op.DIFFICULTY, 7),
        (op.COINBASE, int.from_bytes(b"\xcc" * 20, "big")),
        (op.CHAINID, 1_337),
        (op.GASPRICE, 11 * GWEI),
        (op.BLOBBASEFEE, 1),
    ],
)
def test_code_sees_its_block(sender: Sender, opcode: int, expected: int) -> None:
    target = contract(sender.engine, code(opcode, RETURN_TOP))
    assert word(sender.send(target, max_priority_fee_per_gas=GWEI)) == expected


@pytest.mark.parametrize(("back", "known"), [(0, False), (1, True), (256, True), (257, False)])
def test_the_256_blocks_before_have_dexsims_hashes(sender: Sender, back: int, known: bool) -> None:
    number = sender.block.number - back
    target = contract(sender.engine, code(push(number), op.BLOCKHASH, RETURN_TOP))
    expected = int.from_bytes(block_hash(1_337, number), "big") if known else 0
    assert word(sender.send(target)) == expected


def test_a_block_keeps_the_order_and_survives_a_rejected_transaction(sender: Sender) -> None:
    first = sender.tx(BOB, value=1)
    wrong = replace(first, nonce=9)
    second = replace(first, nonce=1, value=2)
    results = sender.engine.execute_block([first, wrong, second], sender.block)
    assert [isinstance(result, Receipt) for result in results] == [True, False, True]
    assert "nonce 9, too high" in str(results[1])
    assert sender.engine.balance(BOB) == 3


def test_the_receipt_names_its_transaction_by_hash(sender: Sender) -> None:
    tx: Transaction = sender.tx(BOB, value=1)
    receipt = sender.engine.execute(tx, sender.block)
    assert receipt.transaction == tx
    assert receipt.tx_hash == transaction_hash(tx)
    assert len(receipt.tx_hash) == 32
