"""A call tree from the computations that py-evm leaves behind."""

from __future__ import annotations

from typing import Any, cast

from eth.exceptions import Revert

from dexsim.chain.address import ADDRESS_BYTES, from_bytes
from dexsim.chain.pyevm.halts import halt_word
from dexsim.chain.types import CallFrame, Log

ADDRESS_BITS = 8 * ADDRESS_BYTES
REVERTED = "reverted"


def call_tree(computation: Any) -> CallFrame:
    """The frame of a transaction's outermost computation, with everything below."""
    message = computation.msg
    kind = "CREATE" if message.is_create else "CALL"
    return _frame(computation, kind, message.sender, failed=False)


def logs_of(entries: Any) -> tuple[Log, ...]:
    """py-evm's `(address, topics, data)` as logs."""
    return tuple(
        Log(from_bytes(address), tuple(topic.to_bytes(32, "big") for topic in topics), data)
        for address, topics, data in entries
    )


def _frame(computation: Any, kind: str, sender: bytes, *, failed: bool) -> CallFrame:
    message = computation.msg
    failed = failed or computation.is_error
    # A failed frame, or one below it, has logged nothing.
    entries = () if failed else [entry[1:] for entry in computation._log_entries]
    return CallFrame(
        kind=cast(Any, kind),
        sender=from_bytes(sender),
        to=_callee(computation, kind),
        # A delegate call shows its caller's value and moves nothing.
        value=0 if kind == "DELEGATECALL" else message.value,
        gas=message.gas,
        gas_used=computation.get_gas_used(),
        input=bytes(message.code if message.is_create else message.data),
        output=bytes(computation.output),
        error=_error(computation),
        logs=logs_of(entries),
        calls=tuple(
            _frame(child, child.kind, message.storage_address, failed=failed)
            for child in computation.children
        ),
        code=bytes(message.code),
        steps=recording.finished() if (recording := computation.recording) else None,
    )


def _callee(computation: Any, kind: str) -> str:
    message = computation.msg
    if message.is_create:
        return from_bytes(message.storage_address)
    if kind in ("DELEGATECALL", "CALLCODE"):
        return from_bytes((computation.callee % 2**ADDRESS_BITS).to_bytes(ADDRESS_BYTES, "big"))
    return from_bytes(message.to)


def _error(computation: Any) -> str:
    if not computation.is_error:
        return ""
    return REVERTED if isinstance(computation.error, Revert) else halt_word(computation.error)
