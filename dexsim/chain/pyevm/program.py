"""Code, decoded once: straight runs of stack instructions, and what ends each.

py-evm decodes an instruction, charges it and checks the stack every time that
it is executed. Here code becomes segments: a run of `stackops` whose gas and
stack height are added up beforehand, so that one comparison for each admits the
whole run, and an ending that is a jump or an instruction of py-evm. When a
segment cannot be admitted, `Segment.refuse` finds the instruction at which the
EVM would have stopped, so that every halt stays what it was.

A segment is decoded when it is first reached: of initcode and of large
contracts most is never executed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple, NoReturn, TypeAlias

from eth import exceptions as evm
from eth.vm import opcode_values as op
from eth.vm.logic.invalid import InvalidOpcode

from dexsim.chain.pyevm.stackops import STACK_OPS, Handler

STACK_LIMIT = 1_024
DECODED_CODES = 1_024
JUMPS = {op.JUMP: (1, -1), op.JUMPI: (2, -2)}
"""What the jumps read from the stack, and by how much it grows."""

Opcode: TypeAlias = Callable[[Any], None]


class Cost(NamedTuple):
    """What one instruction asks for before it runs."""

    gas: int
    needs: int
    grows: int


@dataclass(slots=True, frozen=True)
class Segment:
    """A run of stack instructions and its ending.

    gas, needs, grows: what the run asks for as a whole, an ending jump included.
    ending: JUMP or JUMPI as an int, an instruction of py-evm, or None to fall through.
    after: the position behind it.
    """

    steps: tuple[tuple[Handler, int], ...]
    costs: tuple[Cost, ...]
    gas: int
    needs: int
    grows: int
    ending: int | Opcode | None
    after: int

    def refuse(self, gas: int, height: int) -> NoReturn:
        """Raise what the first instruction raises that cannot run."""
        for cost in self.costs:
            if gas < cost.gas:
                raise evm.OutOfGas(f"needed {cost.gas}, remaining {gas}")
            if height < cost.needs:
                raise evm.InsufficientStack(f"wanted {cost.needs} stack items, had {height}")
            gas -= cost.gas
            height += cost.grows
            if height > STACK_LIMIT:
                raise evm.FullStack("stack limit reached")
        raise AssertionError("a segment was refused that can run")


class Program:
    """A code under one fork's instructions; its segments by the position where they begin.

    stepping: a segment holds one instruction, for who looks at each of them.
    """

    def __init__(self, code: bytes, opcodes: dict[int, Any], *, stepping: bool = False) -> None:
        self.segments: dict[int, Segment] = {}
        self.code = code
        self._opcodes = opcodes
        self._stepping = stepping
        self._destinations = _destinations(code)

    def entry(self, position: int) -> int:
        """A jump's destination, if it is one."""
        if position not in self._destinations:
            raise evm.InvalidJumpDestination(f"no JUMPDEST at {position}")
        return position

    def decode(self, start: int) -> Segment:
        """The segment that begins at a position; kept for the next time."""
        steps: list[tuple[Handler, int]] = []
        costs: list[Cost] = []
        position = start
        while (step := STACK_OPS.get(self._opcode(position))) is not None:
            if position != start and (self._stepping or position in self._destinations):
                break
            opcode = self._opcode(position)
            steps.append((step.handler, _argument(self.code, position)))
            costs.append(Cost(self._opcodes[opcode].gas_cost, step.needs, step.grows))
            position += 1 + _pushed(opcode)
        segment = self._segment(steps, costs, position)
        self.segments[start] = segment
        return segment

    def _segment(
        self, steps: list[tuple[Handler, int]], costs: list[Cost], position: int
    ) -> Segment:
        opcode = self._opcode(position)
        ending: int | Opcode | None = None
        if self._stepping and steps:
            pass  # what comes next is a segment of its own
        elif opcode in JUMPS:
            costs.append(Cost(self._opcodes[opcode].gas_cost, *JUMPS[opcode]))
            ending = opcode
        elif opcode not in STACK_OPS:
            ending = self._opcodes.get(opcode) or InvalidOpcode(opcode)
        needs, grows = _heights(costs)
        return Segment(
            steps=tuple(steps),
            costs=tuple(costs),
            gas=sum(cost.gas for cost in costs),
            needs=needs,
            grows=grows,
            ending=ending,
            after=position if ending is None else position + 1,
        )

    def _opcode(self, position: int) -> int:
        # Code that runs out stops.
        return self.code[position] if position < len(self.code) else op.STOP


def decoder(opcodes: dict[int, Any], *, stepping: bool = False) -> Callable[[bytes], Program]:
    """What gives the program of a code under these instructions; the same one for the same code."""

    @lru_cache(maxsize=DECODED_CODES)
    def program(code: bytes) -> Program:
        return Program(code, opcodes, stepping=stepping)

    return program


def _destinations(code: bytes) -> frozenset[int]:
    """Every JUMPDEST that is an instruction and not part of a pushed value."""
    found = set()
    position = 0
    while position < len(code):
        opcode = code[position]
        if opcode == op.JUMPDEST:
            found.add(position)
        position += 1 + _pushed(opcode)
    return frozenset(found)


def _pushed(opcode: int) -> int:
    """Bytes of code that an instruction pushes."""
    return opcode - op.PUSH0 if op.PUSH1 <= opcode <= op.PUSH32 else 0


def _argument(code: bytes, position: int) -> int:
    """What a stack instruction gets: a value to push, or the place of a stack item."""
    opcode = code[position]
    if op.DUP1 <= opcode <= op.DUP16:
        return op.DUP1 - opcode - 1
    if op.SWAP1 <= opcode <= op.SWAP16:
        return op.SWAP1 - opcode - 2
    if opcode == op.PC:
        return position
    size = _pushed(opcode)
    pushed = code[position + 1 : position + 1 + size]
    return int.from_bytes(pushed.ljust(size, b"\x00"), "big")


def _heights(costs: list[Cost]) -> tuple[int, int]:
    """How high the stack must be for a run, and by how much it grows at its highest."""
    height = needs = grows = 0
    for cost in costs:
        needs = max(needs, cost.needs - height)
        height += cost.grows
        grows = max(grows, height)
    return needs, grows
