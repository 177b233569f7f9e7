"""Where an EVM's checks have an order, or a corner: every engine does as the specification says.

Each of these once differed between two engines. Most cost all gas whatever they are called; the
execution specifications (https://github.com/ethereum/execution-specs) say which check comes first.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from assembly import call, code, create, initcode, push
from eth.vm import opcode_values as op
from sending import Sender, contract

from dexsim.chain.address import checksum
from dexsim.chain.engine import Engine
from dexsim.chain.types import BlockEnv, CallFrame, Transaction
from dexsim.market.deploying.plan import created_address

BOB = checksum(b"\xb0" * 20)
WORD = 32


def words(*values: int) -> bytes:
    """Each as 32 bytes."""
    return b"".join(value.to_bytes(WORD, "big") for value in values)


def precompile(number: int) -> str:
    """Its address."""
    return checksum(number.to_bytes(20, "big"))


@pytest.fixture
def sender(engine: Engine, alice: str, block: BlockEnv) -> Sender:
    return Sender(engine, alice, block)


# --- precompiles --------------------------------------------------------------


@pytest.mark.parametrize(
    ("lengths", "numbers", "answer"),
    [
        ((0, 0, 1), b"\x6d", b"\x01"),
        ((0, 0, 1), b"\x01", b"\x00"),
        ((0, 0, 1), b"\x00", b"\x00"),
        ((0, 1, 1), b"\x00\x05", b"\x01"),
        ((0, 1, 1), b"\x02\x05", b"\x00"),
        ((0, 0, 2), b"\x05", b"\x00\x01"),
        ((1, 1, 1), b"\x03\x02\x05", b"\x04"),
        ((0, 0, 0), b"", b""),
    ],
)
def test_a_power_of_a_base_of_no_bytes(
    sender: Sender, lengths: tuple[int, int, int], numbers: bytes, answer: bytes
) -> None:
    assert sender.send(precompile(5), words(*lengths) + numbers).output == answer


@pytest.mark.parametrize(
    "lengths", [(2**64, 0, 1), (1, 2**70, 1), (0, 1, 2**255), (2**256 - 1,) * 3]
)
def test_no_gas_pays_for_a_power_of_such_numbers(
    sender: Sender, lengths: tuple[int, int, int]
) -> None:
    assert sender.send(precompile(5), words(*lengths)).halt == "out of gas"


ROUNDS = b"\x0f" + bytes(211) + b"\x02"


@pytest.mark.parametrize(
    ("number", "data", "gas", "halt"),
    [
        (8, bytes(191), 30_000, "out of gas"),
        (8, bytes(191), 100_000, "exceptional halt"),
        (9, ROUNDS, 100_000, "out of gas"),
        (9, bytes(4) + ROUNDS[4:], 100_000, "exceptional halt"),
        (9, ROUNDS[:-1], 100_000, "exceptional halt"),
        (10, bytes(192), 60_000, "out of gas"),
        (10, bytes(192), 100_000, "exceptional halt"),
    ],
)
def test_a_precompile_asks_for_its_price_before_it_looks(
    sender: Sender, number: int, data: bytes, gas: int, halt: str
) -> None:
    receipt = sender.send(precompile(number), data, gas_limit=gas)
    assert (receipt.halt, receipt.gas_used) == (halt, gas)


# --- instructions -------------------------------------------------------------


@pytest.mark.parametrize(
    ("program", "gas", "halt"),
    [
        (code(op.DUP2), 100_000, "stack underflow"),
        (code(op.PUSH0, op.SWAP1), 100_000, "stack underflow"),
        (code(*[op.PUSH0] * 1_024, op.DUP1), 100_000, "stack overflow"),
        (code(*[op.PUSH0] * 1_025), 100_000, "stack overflow"),
        (code(op.SSTORE), 23_000, "stack underflow"),
        (code(op.SLOAD), 21_050, "out of gas"),
        (code(op.SLOAD), 22_000, "stack underflow"),
        (code(op.CALL), 21_050, "out of gas"),
        (code(op.CALLCODE), 22_000, "stack underflow"),
        (code(push(2**20), op.PUSH0, op.LOG1), 100_000, "stack underflow"),
        (code(op.PUSH0, op.PUSH0, op.PUSH0, op.CREATE2), 22_000, "stack underflow"),
        (code(push(1), op.PUSH0, op.PUSH0, op.RETURNDATACOPY), 100_000, "out of bounds read"),
        (code(push(2**64), op.PUSH0, op.PUSH0, op.RETURNDATACOPY), 100_000, "out of gas"),
        (code(push(49_153), op.PUSH0, op.PUSH0, op.CREATE), 60_000, "initcode size"),
        (code(push(2**64), op.PUSH0, op.PUSH0, op.CREATE), 60_000, "out of gas"),
    ],
)
def test_which_check_comes_first(sender: Sender, program: bytes, gas: int, halt: str) -> None:
    there = contract(sender.engine, program)
    assert sender.send(there, gas_limit=gas).halt == halt


@pytest.mark.parametrize("opcode", [op.MCOPY, op.TLOAD, op.TSTORE, op.BLOBHASH, op.BLOBBASEFEE])
def test_an_instruction_of_a_later_fork_costs_nothing(
    new_engine: Callable[..., Engine], block: BlockEnv, opcode: int
) -> None:
    engine = new_engine(fork="shanghai")
    there = contract(engine, bytes([opcode]))
    tx = Transaction(sender=BOB, to=there, gas_limit=21_001)
    assert engine.call(tx, block).halt == "invalid opcode"


def test_a_traced_instruction_without_arguments_is_a_halt(sender: Sender) -> None:
    for opcode in (op.SSTORE, op.SHA3, op.CALL, op.CREATE2):
        there = contract(sender.engine, bytes([opcode]))
        frame = sender.engine.trace(sender.tx(there), sender.block, steps=True)
        assert frame.error == "stack underflow"
        assert frame.steps is not None
        assert (list(frame.steps.positions), frame.steps.writes) == ([0], ())


# --- creations ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("runtime", "halt"), [(b"\xef\x00", "reserved code prefix"), (bytes(24_577), "code size")]
)
def test_code_that_is_refused_is_no_output(sender: Sender, runtime: bytes, halt: str) -> None:
    tx = sender.tx(None, initcode(runtime), gas_limit=8_000_000)
    frame = sender.engine.trace(tx, sender.block)
    assert (frame.error, frame.output) == (halt, b"")
    assert sender.engine.execute(tx, sender.block).output == b""


def test_a_contract_begins_without_slots(sender: Sender) -> None:
    engine = sender.engine
    engine.set_storage(created_address(sender.address, 0), 1, 5)
    made = sender.send(None, initcode(b"\x00")).contract_address
    assert made is not None
    assert engine.storage(made, 1) == 0


def test_where_somebody_is_nothing_runs(sender: Sender) -> None:
    engine = sender.engine
    engine.set_code(created_address(sender.address, 0), b"\x00")
    frame = engine.trace(sender.tx(None, initcode(b"\x00")), sender.block, steps=True)
    assert (frame.error, frame.steps) == ("address collision", None)
    twice = contract(engine, code(create(initcode(b"\x00"), salt=1)) * 2)
    frame = engine.trace(sender.tx(twice), sender.block, steps=True)
    assert [each.kind for each in frame.calls] == ["CREATE2"]
    assert frame.steps is not None
    assert len(frame.steps.calls) == 1


# --- delegations (EIP-7702) ---------------------------------------------------


def test_a_traced_call_names_the_account_and_not_its_delegate(
    new_engine: Callable[..., Engine], block: BlockEnv
) -> None:
    engine = new_engine(fork="prague")
    contract(engine, code(op.ADDRESS, op.POP, op.STOP), 1)
    delegate = bytes(18) + b"\xc0\x01"
    engine.set_code(BOB, b"\xef\x01\x00" + delegate)
    kinds = (op.CALL, op.CALLCODE, op.DELEGATECALL, op.STATICCALL)
    caller = contract(engine, code(*(call(b"\xb0" * 20, kind=kind) for kind in kinds)), 2)
    frame = engine.trace(Transaction(sender=BOB, to=caller, gas_limit=200_000), block)
    assert [each.to for each in frame.calls] == [BOB] * 4
    assert {each.code for each in frame.calls} == {code(op.ADDRESS, op.POP, op.STOP)}


def test_what_only_begins_like_a_delegation_is_code(
    new_engine: Callable[..., Engine], block: BlockEnv
) -> None:
    engine = new_engine(fork="prague")
    for end in (b"", bytes(19), bytes(21)):
        there = contract(engine, b"\xef\x01\x00" + end)
        assert engine.code(there) == b"\xef\x01\x00" + end
        read = Transaction(sender=BOB, to=there, gas_limit=100_000)
        assert engine.call(read, block).halt == "invalid opcode"


# --- reads that cannot begin --------------------------------------------------


@pytest.mark.parametrize(
    ("to", "data", "value", "gas", "why"),
    [
        (BOB, b"", 0, 20_999, "out of gas"),
        (BOB, b"", 1, 21_000, "insufficient funds"),
        (None, bytes(49_153), 0, 100_000, "out of gas"),
        (None, bytes(49_153), 1, 1_000_001, "initcode size"),
    ],
)
def test_why_a_read_cannot_begin(
    engine: Engine,
    block: BlockEnv,
    to: str | None,
    data: bytes,
    value: int,
    gas: int,
    why: str,
) -> None:
    read = Transaction(sender=BOB, to=to, data=data, value=value, gas_limit=gas)
    told = engine.call(read, block)
    assert (told.status, told.output, told.gas_used, told.halt) == (False, b"", gas, why)
    assert engine.trace(read, block) == CallFrame(
        kind="CALL" if to else "CREATE",
        sender=BOB,
        to=to,
        value=value,
        gas=0,
        gas_used=0,
        input=data,
        output=b"",
        error=why,
        logs=(),
        calls=(),
    )


def test_from_prague_on_a_read_pays_the_floor_of_its_calldata(
    new_engine: Callable[..., Engine], block: BlockEnv
) -> None:
    engine = new_engine(fork="prague")
    read = Transaction(sender=BOB, to=BOB, data=b"\x01" * 1_000, gas_limit=60_999)
    assert engine.call(read, block).halt == "out of gas"
    assert engine.trace(read, block).error == "out of gas"
