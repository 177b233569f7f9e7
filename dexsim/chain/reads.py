"""Reads that cannot even begin: what an engine tells of them."""

from __future__ import annotations

from dexsim.chain.admission import MAX_INITCODE_BYTES
from dexsim.chain.intrinsic import needed_gas
from dexsim.chain.types import CallFrame, CallResult, Transaction

OUT_OF_GAS = "out of gas"
INITCODE_SIZE = "initcode size"
INSUFFICIENT_FUNDS = "insufficient funds"


def obstacle(tx: Transaction, gas: int, balance: int, *, prague: bool) -> str:
    """Why a read cannot begin, in the words of a halt; "" where it can.

    gas: what it may use. balance: its sender's, wei.
    """
    if gas < needed_gas(tx, prague=prague):
        return OUT_OF_GAS
    if tx.to is None and len(tx.data) > MAX_INITCODE_BYTES:
        return INITCODE_SIZE
    return INSUFFICIENT_FUNDS if tx.value > balance else ""


def never_answered(gas: int, why: str) -> CallResult:
    """The answer of such a read: it costs all that it may use."""
    return CallResult(status=False, output=b"", gas_used=gas, halt=why)


def never_started(tx: Transaction, why: str) -> CallFrame:
    """The call tree of such a read: one frame in which nothing happened."""
    return CallFrame(
        kind="CALL" if tx.to else "CREATE",
        sender=tx.sender,
        to=tx.to,
        value=tx.value,
        gas=0,
        gas_used=0,
        input=tx.data,
        output=b"",
        error=why,
        logs=(),
        calls=(),
    )
