"""Code, decoded once: straight runs of stack instructions, and what ends each.

py-evm decodes an instruction, charges it and checks the stack every time that
it is executed. Here code becomes segments: a run of `stackops` whose gas and
stack height are added up beforehand, so that one comparison for each admits the
whole run, and an ending that is a jump or an instruction of py-evm. When a
segment cannot be admitted, `Segment.refuse` finds the instruction at which the
EVM would have stopped, so that every halt stays what it was.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple, NoReturn, TypeAlias

from eth import exceptions as evm
from eth.vm import opcode_values as op
from eth.vm.logic.invalid import InvalidOpcode

from dexsim.chain.pyevm.stackops import STACK_OPS, Handler

STACK_LIMIT = 1_024
DECODED_CODES = 512

Opcode: TypeAlias = Callable[..., None]


class Cost(NamedTuple):
    """What one instruction asks for before it runs."""

    gas: int
    needs: int
    grows: int


class Instruction(NamedTuple):
    """One instruction, its position and the value that is pushed with it."""

    position: int
    opcode: int
    value: int


@dataclass(slots=True, frozen=True)
class Segment:
    """A run of stack instructions and its ending.

    gas, needs, grows: what the run asks for as a whole, the ending jump included.
    ending: JUMP or JUMPI as an int, an instruction of py-evm, or None to fall through.
    """

    steps: tuple[tuple[Handler, int], ...]
    costs: tuple[Cost, ...]
    gas: int
    needs: int
    grows: int
    ending: int | Opcode | None

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


@dataclass(slots=True, frozen=True)
class Program:
    """The segments of a code, and which one begins at each JUMPDEST."""

    segments: tuple[Segment, ...]
    targets: dict[int, int]

    def entry(self, position: int) -> int:
        """The segment at a jump's destination."""
        try:
            return self.targets[position]
        except KeyError:
            raise evm.InvalidJumpDestination(f"no JUMPDEST at {position}") from None


class Decoder:
    """Makes programs under one fork's instructions."""

    def __init__(self, opcodes: dict[int, Any]) -> None:
        self._opcodes = opcodes
        self.decode = lru_cache(maxsize=DECODED_CODES)(self._decode)

    def _decode(self, code: bytes) -> Program:
        segments: list[Segment] = []
        targets: dict[int, int] = {}
        run: list[Instruction] = []
        for instruction in _instructions(code):
            if instruction.opcode == op.JUMPDEST:
                if run:
                    segments.append(self._segment(run, None))
                    run = []
                targets[instruction.position] = len(segments)
            if instruction.opcode in STACK_OPS and instruction.opcode in self._opcodes:
                run.append(instruction)
            else:
                segments.append(self._segment(run, instruction.opcode))
                run = []
        return Program(tuple(segments), targets)

    def _segment(self, run: list[Instruction], ending: int | None) -> Segment:
        costs = [self._cost(instruction.opcode) for instruction in run]
        if ending in _JUMPS:
            costs.append(Cost(self._opcodes[ending].gas_cost, *_JUMPS[ending]))
        needs, grows = _heights(costs)
        return Segment(
            steps=tuple((STACK_OPS[step.opcode].handler, step.value) for step in run),
            costs=tuple(costs),
            gas=sum(cost.gas for cost in costs),
            needs=needs,
            grows=grows,
            ending=ending if ending is None or ending in _JUMPS else self._opcode(ending),
        )

    def _cost(self, opcode: int) -> Cost:
        step = STACK_OPS[opcode]
        return Cost(self._opcodes[opcode].gas_cost, step.needs, step.grows)

    def _opcode(self, opcode: int) -> Opcode:
        known: Opcode | None = self._opcodes.get(opcode)
        return InvalidOpcode(opcode) if known is None else known


_JUMPS = {op.JUMP: (1, -1), op.JUMPI: (2, -2)}


def _instructions(code: bytes) -> Iterator[Instruction]:
    position = 0
    while position < len(code):
        opcode = code[position]
        size = opcode - op.PUSH0 if op.PUSH1 <= opcode <= op.PUSH32 else 0
        after = position + 1 + size
        yield Instruction(position, opcode, _value(code, position, size))
        position = after
    # Code that runs out stops.
    yield Instruction(position, op.STOP, 0)


def _value(code: bytes, position: int, size: int) -> int:
    opcode = code[position]
    if op.DUP1 <= opcode <= op.DUP16:
        return op.DUP1 - opcode - 1
    if op.SWAP1 <= opcode <= op.SWAP16:
        return op.SWAP1 - opcode - 2
    if opcode == op.PC:
        return position
    pushed = code[position + 1 : position + 1 + size]
    return int.from_bytes(pushed.ljust(size, b"\x00"), "big")


def _heights(costs: list[Cost]) -> tuple[int, int]:
    height = needs = grows = 0
    for cost in costs:
        needs = max(needs, cost.needs - height)
        height += cost.grows
        grows = max(grows, height)
    return needs, grows
