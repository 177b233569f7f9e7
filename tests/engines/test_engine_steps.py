"""The record of every instruction: positions, gas, storage writes, hashed words."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest
from assembly import Programmer, call, code, create, initcode, push, sstore
from eth.vm import opcode_values as op
from eth_hash.auto import keccak
from sending import Sender, contract

from dexsim.chain.address import from_bytes
from dexsim.chain.engine import Engine
from dexsim.chain.types import BlockEnv, CallFrame, Steps, StorageWrite, Transaction

REVERT = code(op.PUSH0, op.PUSH0, op.REVERT)
# Costs of instructions that cost the same everywhere (Yellow Paper, appendix G).
FIXED = {op.ADD: 3, op.MUL: 5, op.POP: 2, op.JUMPDEST: 1, op.JUMP: 8, op.JUMPI: 10, op.PUSH0: 2}


@pytest.fixture
def sender(engine: Engine, alice: str, block: BlockEnv) -> Sender:
    return Sender(engine, alice, block)


def raw(address: str) -> bytes:
    return bytes.fromhex(address[2:])


def traced(sender: Sender, program: bytes) -> CallFrame:
    tx = sender.tx(contract(sender.engine, program, 9))
    return sender.engine.trace(tx, sender.block, steps=True)


def steps_of(frame: CallFrame) -> Steps:
    assert frame.steps is not None
    return frame.steps


def all_frames(frame: CallFrame) -> list[CallFrame]:
    return [frame, *(each for call in frame.calls for each in all_frames(call))]


def without_steps(frame: CallFrame) -> CallFrame:
    return replace(frame, steps=None, calls=tuple(map(without_steps, frame.calls)))


def pushed(opcode: int) -> int:
    return opcode - op.PUSH0 if op.PUSH1 <= opcode <= op.PUSH32 else 0


def test_every_instruction_is_noted_with_its_position_and_the_gas_before_it(
    sender: Sender,
) -> None:
    # 0 PUSH1 2, 2 PUSH1 3, 4 ADD, 5 PUSH1 10, 7 JUMP, 8 INVALID, 9 INVALID, 10 JUMPDEST, 11 POP, 12 STOP
    program = code(push(2), push(3), op.ADD, push(10), op.JUMP, 0xFE, 0xFE, op.JUMPDEST, op.POP)
    frame = traced(sender, program)
    steps = steps_of(frame)
    assert list(steps.positions) == [0, 2, 4, 5, 7, 10, 11, 12]
    spent = [frame.gas - left for left in steps.gas]
    assert spent == [0, 3, 6, 9, 12, 20, 21, 23]
    assert frame.gas_used == 23


def test_no_steps_are_there_unless_they_were_asked_for(sender: Sender) -> None:
    tx = sender.tx(contract(sender.engine, sstore(1, 2)))
    assert sender.engine.trace(tx, sender.block).steps is None
    assert sender.engine.trace(tx, sender.block, steps=True).steps is not None


def test_an_instruction_that_fails_is_the_last_one(sender: Sender) -> None:
    steps = steps_of(traced(sender, code(push(1), op.ADD, push(2))))
    assert list(steps.positions) == [0, 2]


@pytest.mark.parametrize("jump", [code(push(4), op.JUMP), code(push(1), push(6), op.JUMPI)])
def test_a_jump_to_what_is_no_destination_stops_a_recorded_program_too(
    sender: Sender, jump: bytes
) -> None:
    frame = traced(sender, code(jump, *[op.PUSH0] * 8))
    assert frame.error == "invalid jump"
    assert steps_of(frame).positions[-1] == len(jump) - 1


def test_writes_have_what_was_there_before_and_undone_ones_are_noted(sender: Sender) -> None:
    engine = sender.engine
    failing = contract(engine, code(sstore(7, 8), sstore(7, 9), REVERT), 1)
    outer = contract(engine, code(sstore(1, 5), call(raw(failing)), sstore(1, 0)), 2)
    engine.set_storage(outer, 1, 4)
    frame = engine.trace(sender.tx(outer), sender.block, steps=True)
    assert steps_of(frame).writes == (StorageWrite(1, 4, 5), StorageWrite(1, 5, 0))
    assert steps_of(frame.calls[0]).writes == (StorageWrite(7, 0, 8), StorageWrite(7, 8, 9))
    assert (engine.storage(outer, 1), engine.storage(failing, 7)) == (4, 0)


def test_a_delegate_writes_into_its_callers_storage(sender: Sender) -> None:
    engine = sender.engine
    library = contract(engine, sstore(1, 6), 1)
    outer = contract(engine, call(raw(library), kind=op.DELEGATECALL), 2)
    engine.set_storage(outer, 1, 4)
    engine.set_storage(library, 1, 77)
    frame = engine.trace(sender.tx(outer), sender.block, steps=True)
    assert steps_of(frame.calls[0]).writes == (StorageWrite(1, 4, 6),)


def test_hashes_of_two_words_are_noted_and_others_are_not(sender: Sender) -> None:
    words = (11).to_bytes(32, "big") + (12).to_bytes(32, "big")
    stored = code(push(11), op.PUSH0, op.MSTORE, push(12), push(32), op.MSTORE)
    hashed = code(push(64), op.PUSH0, op.SHA3, op.POP, push(32), op.PUSH0, op.SHA3)
    steps = steps_of(traced(sender, code(stored, hashed)))
    assert steps.hashes == {int.from_bytes(keccak(words), "big"): words}


def test_a_creation_has_the_steps_and_the_code_of_its_init_code(sender: Sender) -> None:
    child = initcode(b"\x00", before=sstore(3, 4))
    frame = traced(sender, create(child))
    (made,) = frame.calls
    assert made.code == child
    assert steps_of(made).writes == (StorageWrite(3, 0, 4),)
    assert steps_of(made).positions[0] == 0


def test_a_trace_with_steps_changes_nothing(sender: Sender) -> None:
    engine = sender.engine
    outer = contract(engine, code(sstore(1, 5), create(initcode(b"\x00"))))
    before = engine.state_root()
    engine.trace(sender.tx(outer), sender.block, steps=True)
    assert engine.state_root() == before
    # The steps are of that trace alone.
    assert engine.trace(sender.tx(outer), sender.block).calls[0].steps is None


def test_a_transaction_without_nonce_is_traced_as_a_read_with_the_gas_it_names(
    sender: Sender,
) -> None:
    engine = sender.engine
    endless = contract(engine, code(op.JUMPDEST, op.PUSH0, op.JUMP))
    tx = Transaction(sender=sender.address, to=endless, gas_limit=1_000_000)
    frame = engine.trace(tx, sender.block, steps=True)
    assert (frame.error, frame.gas, frame.gas_used) == ("out of gas", 979_000, 979_000)


def test_a_read_that_cannot_begin_has_a_frame_without_steps(sender: Sender) -> None:
    tx = Transaction(sender=sender.address, to=contract(sender.engine, b"\x00"), gas_limit=20_999)
    frame = sender.engine.trace(tx, sender.block, steps=True)
    assert (frame.error, frame.gas, frame.steps, frame.calls) == ("out of gas", 0, None, ())


@pytest.mark.parametrize("seed", range(12))
def test_random_programs_are_traced_alike_with_steps_and_each_step_follows_the_last(
    sender: Sender, seed: int
) -> None:
    addresses = [bytes([0xC0 + n]) * 20 for n in range(4)]
    programmer = Programmer(seed, addresses)
    for address in addresses:
        sender.engine.set_code(from_bytes(address), programmer.program(20))
    seen = 0
    for number, address in enumerate(addresses * 3):
        tx = sender.tx(from_bytes(address), bytes([number]) * 40, gas_limit=400_000)
        plain = sender.engine.trace(tx, sender.block)
        stepped = sender.engine.trace(tx, sender.block, steps=True)
        assert without_steps(stepped) == plain
        seen += sum(insist_on_order(frame) for frame in all_frames(stepped))
        sender.engine.execute(tx, sender.block)
    assert seen > 100


def insist_on_order(frame: CallFrame) -> int:
    """Every step is where its predecessor leads to, and costs what it has to. Returns how many."""
    if frame.steps is None:  # a precompile
        return 0
    positions, gas = frame.steps.positions, frame.steps.gas
    assert len(positions) == len(gas)
    if not positions:
        return 0
    assert (positions[0], gas[0]) == (0, frame.gas)
    for n, (here, there) in enumerate(itertools.pairwise(positions)):
        opcode = frame.code[here]
        jumps = opcode in (op.JUMP, op.JUMPI) and frame.code[there : there + 1] == b"\x5b"
        assert there == here + 1 + pushed(opcode) or jumps
        cost = gas[n] - gas[n + 1]
        assert cost == FIXED[opcode] if opcode in FIXED else cost >= 2
    if not frame.error:
        end = frame.code[positions[-1] : positions[-1] + 1]
        last = gas[-1] - (frame.gas - frame.gas_used)
        assert last == 0 if end in (b"", b"\x00") else last >= 0
    return len(positions)
