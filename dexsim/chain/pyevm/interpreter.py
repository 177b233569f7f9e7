"""The loop that runs a decoded program on a computation of py-evm."""

from __future__ import annotations

from typing import Any

from eth.exceptions import Halt
from eth.vm.opcode_values import JUMP, JUMPI

from dexsim.chain.pyevm.program import STACK_LIMIT, Program


def run(program: Program, computation: Any) -> None:
    """Run until the EVM halts; errors of the EVM are raised, as in py-evm's own loop.

    Gas is held here and handed to py-evm's meter around each of its
    instructions. The stack holds integers only: what py-evm pushes as bytes is
    converted where it appears.
    """
    stack = computation._stack.values
    meter = computation._gas_meter
    gas = meter.gas_remaining
    segments = program.segments
    position = 0
    while True:
        segment = segments.get(position) or program.decode(position)
        height = len(stack)
        if gas < segment.gas or not segment.needs <= height <= STACK_LIMIT - segment.grows:
            segment.refuse(gas, height)
        gas -= segment.gas
        for handler, argument in segment.steps:
            handler(stack, argument)
        position = segment.after
        ending = segment.ending
        if ending is None:
            continue
        if ending == JUMPI:
            target = stack.pop()
            if stack.pop():
                position = program.entry(target)
        elif ending == JUMP:
            position = program.entry(stack.pop())
        else:
            meter.gas_remaining = gas
            try:
                ending(computation)  # type: ignore[operator]
            except Halt:
                return
            gas = meter.gas_remaining
            if stack and type(stack[-1]) is bytes:
                stack[-1] = int.from_bytes(stack[-1], "big")
