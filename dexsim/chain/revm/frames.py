"""A call tree from the frames that the binding gives, parents before their children."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from typing import Any

from dexsim.chain.types import CallFrame, Steps, StorageWrite


def call_tree(rows: Sequence[tuple[Any, ...]]) -> CallFrame:
    """The outermost frame, with everything below."""
    children: list[list[CallFrame]] = [[] for _ in rows]
    # From the last to the first: every frame finds its children made.
    for index in range(len(rows) - 1, 0, -1):
        frame = _frame(rows[index], children[index])
        children[rows[index][0]].append(frame)
    return _frame(rows[0], children[0])


def _frame(row: tuple[Any, ...], children: list[CallFrame]) -> CallFrame:
    _, kind, sender, to, value, gas, gas_used, data, output, error, logs, code, steps = row
    return CallFrame(
        kind=kind,
        sender=sender,
        to=to,
        value=value,
        gas=gas,
        gas_used=gas_used,
        input=data,
        output=output,
        error=error,
        logs=logs,
        calls=tuple(reversed(children)),
        code=code,
        steps=None if steps is None else _steps(*steps),
    )


def _steps(
    positions: bytes,
    gas: bytes,
    writes: Sequence[tuple[int, int, int]],
    hashes: Sequence[tuple[int, bytes]],
    calls: Sequence[int],
) -> Steps:
    return Steps(
        positions=_numbers("I", positions),
        gas=_numbers("Q", gas),
        writes=tuple(StorageWrite(*write) for write in writes),
        hashes=dict(hashes),
        calls=tuple(calls),
    )


def _numbers(kind: str, raw: bytes) -> array[int]:
    numbers = array(kind)
    numbers.frombytes(raw)
    return numbers
