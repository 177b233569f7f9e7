"""MLOAD, MSTORE and CALLDATALOAD: the frequent instructions that need more than the stack.

They do what py-evm's do, in one function each.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from eth import exceptions as evm
from eth.vm import opcode_values as op

GAS_VERY_LOW = 3
WORD_BYTES = 32


def mload(computation: Any) -> None:
    """Push the word at an offset."""
    stack = _paid(computation, 1)
    start = stack.pop()
    computation.extend_memory(start, WORD_BYTES)
    word = computation._memory._bytes[start : start + WORD_BYTES]
    stack.append(int.from_bytes(word, "big"))


def mstore(computation: Any) -> None:
    """Write a word at an offset."""
    stack = _paid(computation, 2)
    start = stack.pop()
    word = stack.pop().to_bytes(WORD_BYTES, "big")
    computation.extend_memory(start, WORD_BYTES)
    computation._memory._bytes[start : start + WORD_BYTES] = word


def calldataload(computation: Any) -> None:
    """Push a word of the calldata, zeros behind its end."""
    stack = _paid(computation, 1)
    start = stack.pop()
    word = bytes(computation.msg.data[start : start + WORD_BYTES])
    stack.append(int.from_bytes(word.ljust(WORD_BYTES, b"\x00"), "big"))


def _paid(computation: Any, needs: int) -> list[int]:
    meter = computation._gas_meter
    if meter.gas_remaining < GAS_VERY_LOW:
        raise evm.OutOfGas(f"needed {GAS_VERY_LOW}, remaining {meter.gas_remaining}")
    meter.gas_remaining -= GAS_VERY_LOW
    stack: list[int] = computation._stack.values
    if len(stack) < needs:
        raise evm.InsufficientStack(f"wanted {needs} stack items, had {len(stack)}")
    return stack


MEMORY_OPS: dict[int, Callable[[Any], None]] = {
    op.MLOAD: mload,
    op.MSTORE: mstore,
    op.CALLDATALOAD: calldataload,
}
