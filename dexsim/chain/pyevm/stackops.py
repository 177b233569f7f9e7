"""The instructions that touch nothing but the stack, on plain integers.

They make up nine tenths of what a contract executes. Each is `(stack, argument)`
and checks nothing: `program` adds up beforehand what a run of them pays and how
high the stack must be.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, TypeAlias

from eth.vm import opcode_values as op

WORD = 2**256 - 1
SIGN = 2**255
WORD_BITS = 256

Stack: TypeAlias = list[int]
Handler: TypeAlias = Callable[[Stack, int], None]


class StackOp(NamedTuple):
    """An instruction: what it does, how many items it reads, and by how many the stack grows."""

    handler: Handler
    needs: int
    grows: int


def push(stack: Stack, value: int) -> None:
    """PUSH, with its value decoded; PC too."""
    stack.append(value)


def dup(stack: Stack, depth: int) -> None:
    """DUP1 is depth -1."""
    stack.append(stack[depth])


def swap(stack: Stack, depth: int) -> None:
    """SWAP1 is depth -2."""
    stack[-1], stack[depth] = stack[depth], stack[-1]


def pop(stack: Stack, _: int) -> None:
    """POP."""
    del stack[-1]


def add(stack: Stack, _: int) -> None:
    """ADD."""
    top = stack.pop()
    stack[-1] = top + stack[-1] & WORD


def sub(stack: Stack, _: int) -> None:
    """SUB."""
    top = stack.pop()
    stack[-1] = top - stack[-1] & WORD


def mul(stack: Stack, _: int) -> None:
    """MUL."""
    top = stack.pop()
    stack[-1] = top * stack[-1] & WORD


def div(stack: Stack, _: int) -> None:
    """DIV; by zero is zero."""
    top = stack.pop()
    stack[-1] = top // stack[-1] if stack[-1] else 0


def mod(stack: Stack, _: int) -> None:
    """MOD; by zero is zero."""
    top = stack.pop()
    stack[-1] = top % stack[-1] if stack[-1] else 0


def lt(stack: Stack, _: int) -> None:
    """LT."""
    top = stack.pop()
    stack[-1] = 1 if top < stack[-1] else 0


def gt(stack: Stack, _: int) -> None:
    """GT."""
    top = stack.pop()
    stack[-1] = 1 if top > stack[-1] else 0


def slt(stack: Stack, _: int) -> None:
    """SLT: flipping the sign bit turns the signed order into the unsigned one."""
    top = stack.pop()
    stack[-1] = 1 if top ^ SIGN < stack[-1] ^ SIGN else 0


def sgt(stack: Stack, _: int) -> None:
    """SGT."""
    top = stack.pop()
    stack[-1] = 1 if top ^ SIGN > stack[-1] ^ SIGN else 0


def eq(stack: Stack, _: int) -> None:
    """EQ."""
    top = stack.pop()
    stack[-1] = 1 if top == stack[-1] else 0


def iszero(stack: Stack, _: int) -> None:
    """ISZERO."""
    stack[-1] = 0 if stack[-1] else 1


def and_(stack: Stack, _: int) -> None:
    """AND."""
    top = stack.pop()
    stack[-1] &= top


def or_(stack: Stack, _: int) -> None:
    """OR."""
    top = stack.pop()
    stack[-1] |= top


def xor(stack: Stack, _: int) -> None:
    """XOR."""
    top = stack.pop()
    stack[-1] ^= top


def not_(stack: Stack, _: int) -> None:
    """NOT."""
    stack[-1] ^= WORD


def shl(stack: Stack, _: int) -> None:
    """SHL: the number of bits is on top."""
    bits = stack.pop()
    stack[-1] = stack[-1] << bits & WORD if bits < WORD_BITS else 0


def shr(stack: Stack, _: int) -> None:
    """SHR."""
    bits = stack.pop()
    stack[-1] = stack[-1] >> bits if bits < WORD_BITS else 0


def nothing(stack: Stack, _: int) -> None:
    """JUMPDEST."""


_BINARY: dict[int, Handler] = {
    op.ADD: add,
    op.SUB: sub,
    op.MUL: mul,
    op.DIV: div,
    op.MOD: mod,
    op.LT: lt,
    op.GT: gt,
    op.SLT: slt,
    op.SGT: sgt,
    op.EQ: eq,
    op.AND: and_,
    op.OR: or_,
    op.XOR: xor,
    op.SHL: shl,
    op.SHR: shr,
}

STACK_OPS: dict[int, StackOp] = {
    op.POP: StackOp(pop, 1, -1),
    op.ISZERO: StackOp(iszero, 1, 0),
    op.NOT: StackOp(not_, 1, 0),
    op.JUMPDEST: StackOp(nothing, 0, 0),
    op.PC: StackOp(push, 0, 1),
    **{value: StackOp(handler, 2, -1) for value, handler in _BINARY.items()},
    **{value: StackOp(push, 0, 1) for value in range(op.PUSH0, op.PUSH32 + 1)},
    **{op.DUP1 + n: StackOp(dup, n + 1, 1) for n in range(16)},
    **{op.SWAP1 + n: StackOp(swap, n + 2, 0) for n in range(16)},
}
