"""The gate itself: two engines that agree pass it, and one that alters anything does not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from assembly import call, code, initcode, push, sstore
from eth.vm import opcode_values as op

from dexsim.chain.address import checksum, from_bytes
from dexsim.chain.pyevm import PyEvm
from dexsim.chain.types import BlockEnv, CallFrame, Log, Receipt, Transaction
from dexsim.errors import EngineError, TransactionRejected
from parity.gate import Different, Gate, Refusal
from parity.story import Story

ALICE, BOB, BUILDER = (from_bytes(bytes([n]) * 20) for n in (0xA1, 0xB0, 0xCC))
LOGGING, REVERTING, BROKEN, CALLING = (from_bytes(bytes([n]) * 20) for n in (1, 2, 3, 4))
BLOCK = BlockEnv(
    number=7, timestamp=1_600_000_000, base_fee=7, gas_limit=10_000_000, coinbase=BUILDER
)


class Altered(PyEvm):
    """py-evm that tells something else than what happened.

    changes: by name of a method, what is made of its answer.
    """

    name = "altered"

    def __init__(self, **changes: Callable[[Any], Any]) -> None:
        super().__init__()
        for name, change in changes.items():
            setattr(self, name, self._changed(getattr(self, name), change))

    @staticmethod
    def _changed(method: Callable[..., Any], change: Callable[[Any], Any]) -> Callable[..., Any]:
        def changed(*args: Any, **kwargs: Any) -> Any:
            return change(method(*args, **kwargs))

        return changed


def scene(gate: Gate) -> None:
    """A bit of everything: a transfer, a log, a refund, a revert, a halt, a creation, a rejection."""
    gate.set_balance(ALICE, 10**18)
    gate.set_code(
        LOGGING, code(sstore(1, 2), sstore(1, 0), push(9), op.PUSH0, op.MSTORE, *LOG_AND_RETURN)
    )
    gate.set_code(REVERTING, code(push(32), op.PUSH0, op.REVERT))
    gate.set_code(BROKEN, b"\xfe")
    gate.set_code(CALLING, code(call(bytes([1]) * 20), op.STOP))
    for to, data in ((BOB, b""), (LOGGING, b"\x01"), (REVERTING, b""), (BROKEN, b"")):
        gate.execute(sent(gate, to, data), BLOCK)
    gate.execute(sent(gate, None, initcode(b"\x00")), BLOCK)
    gate.execute(replace(sent(gate, BOB), nonce=99), BLOCK)
    gate.execute_block([sent(gate, CALLING)], BLOCK)
    gate.call(sent(gate, LOGGING), BLOCK)
    gate.trace(sent(gate, CALLING), BLOCK, steps=True)
    mark = gate.snapshot()
    gate.execute(sent(gate, BOB), BLOCK)
    gate.restore(mark)
    gate.release(mark)
    gate.compare_accounts([ALICE, BOB, BUILDER, LOGGING])
    gate.compare_storage([(LOGGING, 1), (LOGGING, 2)])
    gate.compare_roots()


LOG_AND_RETURN = (push(5), push(32), op.PUSH0, op.LOG1, push(32), op.PUSH0, op.RETURN)


def sent(gate: Gate, to: str | None, data: bytes = b"") -> Transaction:
    """Alice's next transaction."""
    value = 5 if to == BOB else 0
    tx = Transaction(sender=ALICE, to=to, data=data, value=value, gas_limit=200_000)
    return tx.complete(nonce=gate.nonce(ALICE), base_fee=BLOCK.base_fee)


def test_two_engines_that_agree_pass() -> None:
    gate = Gate([PyEvm(), PyEvm()])
    scene(gate)
    assert gate.executed == 8
    assert gate.compared["execute"] == 7
    assert gate.compared["execute_block"] == gate.compared["state_root"] == 1


def where(fits: Callable[[Receipt], bool], **fields: Any) -> Callable[[Receipt], Receipt]:
    """One field of the receipts that fit is another."""
    return lambda told: replace(told, **fields) if fits(told) else told


RECEIPTS: dict[str, Callable[[Receipt], Receipt]] = {
    "status": where(lambda told: not told.status, status=True),
    "tx_hash": where(lambda told: bool(told.logs), tx_hash=bytes(32)),
    "gas_used": lambda told: replace(told, gas_used=told.gas_used + bool(told.halt)),
    "gas_refunded": where(lambda told: told.gas_refunded > 0, gas_refunded=0),
    "effective_gas_price": where(lambda told: bool(told.logs), effective_gas_price=8),
    "logs": where(lambda told: bool(told.logs), logs=()),
    "a topic": where(lambda told: bool(told.logs), logs=(Log(LOGGING, (bytes(32),), bytes(32)),)),
    "output": where(lambda told: not told.status and not told.halt, output=b""),
    "contract_address": where(lambda told: bool(told.contract_address), contract_address=None),
    "halt": where(lambda told: bool(told.halt), halt="out of gas"),
    "transaction": lambda told: replace(told, transaction=replace(told.transaction, nonce=77)),
}


@pytest.mark.parametrize("field", RECEIPTS)
def test_one_field_of_one_receipt_is_noticed(field: str) -> None:
    with pytest.raises(Different, match="execute differs") as caught:
        scene(Gate([PyEvm(), Altered(execute=RECEIPTS[field])], "9/9"))
    assert f".{field.removeprefix('a ').replace('topic', 'logs')}" in str(caught.value)
    assert "story 9/9, after " in str(caught.value)


def deeper(frame: CallFrame) -> CallFrame:
    """The same tree, with another gas in its innermost frame."""
    if frame.calls:
        return replace(frame, calls=(*frame.calls[:-1], deeper(frame.calls[-1])))
    return replace(frame, gas=frame.gas + 1)


def other_step(frame: CallFrame) -> CallFrame:
    """The same tree, with one step elsewhere."""
    assert frame.steps is not None
    return replace(frame, steps=replace(frame.steps, positions=[*frame.steps.positions, 1]))


OTHERS: dict[str, tuple[str, Callable[[Any], Any]]] = {
    "a transaction of a block": ("execute_block", lambda told: [replace(told[0], gas_used=1)]),
    "a transaction of a block too few": ("execute_block", lambda told: told[1:]),
    "a read": ("call", lambda told: replace(told, gas_used=told.gas_used + 1)),
    "a frame": ("trace", deeper),
    "a step": ("trace", other_step),
    "a balance": ("balance", lambda told: told + 1),
    "a nonce": ("nonce", lambda told: told + 1),
    "code": ("code", lambda told: told + b"\x00"),
    "a slot": ("storage", lambda told: told + 1),
    "all money": ("native_supply", lambda told: told + 1),
    "the state": ("state_root", lambda told: bytes(32)),
}


@pytest.mark.parametrize("what", OTHERS)
def test_whatever_else_is_altered_is_noticed(what: str) -> None:
    method, change = OTHERS[what]
    with pytest.raises(Different):
        scene(Gate([PyEvm(), Altered(**{method: change})]))


class Unforgetful(PyEvm):
    """Marks are kept, and nothing is undone."""

    def restore(self, snapshot: int) -> None:
        """Stay."""


def test_what_was_not_undone_is_noticed() -> None:
    with pytest.raises(Different, match="balance differs"):
        scene(Gate([PyEvm(), Unforgetful()]))


class OtherWords(PyEvm):
    """Rejects for other reasons, or with another error."""

    def __init__(self, error: Exception) -> None:
        super().__init__()
        self.error = error

    def execute(self, tx: Transaction, block: BlockEnv) -> Receipt:
        """Reject in other words."""
        try:
            return super().execute(tx, block)
        except TransactionRejected as rejection:
            raise self.error from rejection


@pytest.mark.parametrize("error", [TransactionRejected("no"), EngineError("nonce 99, too high")])
def test_another_rejection_is_noticed(error: Exception) -> None:
    with pytest.raises(Different, match="too high"):
        scene(Gate([PyEvm(), OtherWords(error)]))


def test_an_error_that_is_not_ours_is_no_answer() -> None:
    with pytest.raises(ZeroDivisionError):
        scene(Gate([PyEvm(), OtherWords(ZeroDivisionError())]))


def test_a_refusal_is_known_by_class_and_text() -> None:
    assert Refusal.of(EngineError("a")) != Refusal.of(TransactionRejected("a"))
    assert Refusal.of(EngineError("a")) == Refusal("EngineError", "a")


def test_two_engines_that_agree_live_through_a_story() -> None:
    story = Story([PyEvm(), PyEvm()], "gate", "cancun", traced=0.2, stepped=0.5)
    story.tell(150)
    assert story.gate.executed >= 150


def test_a_story_stops_at_the_first_difference() -> None:
    story = Story([PyEvm(), PyEvm()], "gate", "cancun")
    first = story.gate.executed
    story.gate.engines[1].set_balance(checksum(story.market.address["bob"]), 1)
    with pytest.raises(Different, match="story gate on cancun"):
        story.tell(150)
    assert story.gate.executed - first < 100
