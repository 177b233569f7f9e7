"""The loop of `interpreter` once more, noting every instruction that it runs."""

from __future__ import annotations

from array import array
from collections.abc import Callable
from typing import Any

from eth.exceptions import Halt
from eth.vm import opcode_values as op

from dexsim.chain.pyevm.computation import CALLING
from dexsim.chain.pyevm.program import STACK_LIMIT, Program
from dexsim.chain.types import Steps, StorageWrite


class Recording:
    """What one computation has done so far."""

    __slots__ = ("calls", "gas", "hashes", "positions", "writes")

    def __init__(self) -> None:
        self.positions = array("I")
        self.gas = array("Q")
        self.writes: list[StorageWrite] = []
        self.hashes: dict[int, bytes] = {}
        self.calls: list[int] = []

    def finished(self) -> Steps:
        """The same as a value."""
        return Steps(
            positions=self.positions,
            gas=self.gas,
            writes=tuple(self.writes),
            hashes=self.hashes,
            calls=tuple(self.calls),
        )


def run_recorded(program: Program, computation: Any) -> None:
    """Run a stepping program until the EVM halts, like `interpreter.run`, with a record of it."""
    computation.recording = recording = Recording()
    stack = computation._stack.values
    meter = computation._gas_meter
    gas = meter.gas_remaining
    code, segments = program.code, program.segments
    position = 0
    while True:
        recording.positions.append(position)
        recording.gas.append(gas)
        segment = segments.get(position) or program.decode(position)
        height = len(stack)
        if gas < segment.gas or not segment.needs <= height <= STACK_LIMIT - segment.grows:
            segment.refuse(gas, height)
        gas -= segment.gas
        for handler, argument in segment.steps:
            handler(stack, argument)
        ending = segment.ending
        if ending is None:
            position = segment.after
        elif ending == op.JUMPI:
            target = stack.pop()
            position = program.entry(target) if stack.pop() else segment.after
        elif ending == op.JUMP:
            position = program.entry(stack.pop())
        else:
            meter.gas_remaining = gas
            note = NOTES.get(code[position] if position < len(code) else op.STOP)
            # Without its arguments an instruction fails, and there is nothing to note.
            if note is not None and height >= ARGUMENTS:
                note(computation, recording, ending)  # type: ignore[arg-type]
            else:
                try:
                    ending(computation)  # type: ignore[operator]
                except Halt:
                    return
            gas = meter.gas_remaining
            if stack and type(stack[-1]) is bytes:
                stack[-1] = int.from_bytes(stack[-1], "big")
            position = segment.after


def _note_write(computation: Any, recording: Recording, opcode: Callable[[Any], None]) -> None:
    slot, value = computation._stack.values[-1], computation._stack.values[-2]
    address = computation.msg.storage_address
    before = computation.state.get_storage(address, slot)
    opcode(computation)
    recording.writes.append(StorageWrite(slot, before, value))


def _note_hash(computation: Any, recording: Recording, opcode: Callable[[Any], None]) -> None:
    start, size = computation._stack.values[-1], computation._stack.values[-2]
    opcode(computation)
    if size == 64:
        digest = computation._stack.values[-1]
        word = digest if isinstance(digest, int) else int.from_bytes(digest, "big")
        recording.hashes[word] = bytes(computation._memory.read_bytes(start, size))


def _note_call(computation: Any, recording: Recording, opcode: Callable[[Any], None]) -> None:
    # Without the money for it, or too deep, a call is none.
    calls = len(computation.children)
    opcode(computation)
    if len(computation.children) > calls:
        recording.calls.append(len(recording.positions) - 1)


ARGUMENTS = 2
"""What every instruction that is noted takes from the stack at least."""

NOTES: dict[int, Callable[[Any, Recording, Callable[[Any], None]], None]] = {
    op.SSTORE: _note_write,
    op.SHA3: _note_hash,
    **dict.fromkeys(CALLING, _note_call),
}
