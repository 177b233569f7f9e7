"""The call tree of a transaction."""

from __future__ import annotations

import pytest
from assembly import call, code, create, initcode, push, sstore
from eth.vm import opcode_values as op
from sending import Sender, contract

from dexsim.chain.engine import Engine
from dexsim.chain.types import BlockEnv

LOG = code(op.PUSH0, op.PUSH0, op.LOG0)
KINDS = {
    "CALL": op.CALL,
    "CALLCODE": op.CALLCODE,
    "DELEGATECALL": op.DELEGATECALL,
    "STATICCALL": op.STATICCALL,
}


@pytest.fixture
def sender(engine: Engine, alice: str, block: BlockEnv) -> Sender:
    return Sender(engine, alice, block)


def raw(address: str) -> bytes:
    return bytes.fromhex(address[2:])


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_call_is_told_apart(sender: Sender, kind: str) -> None:
    engine = sender.engine
    inner = contract(engine, code(push(7), op.PUSH0, op.MSTORE8, push(1), op.PUSH0, op.RETURN), 1)
    outer = contract(engine, call(raw(inner), kind=KINDS[kind]), 2)
    frame = engine.trace(sender.tx(outer, b"\x01\x02", value=0), sender.block)
    assert (frame.kind, frame.sender, frame.to) == ("CALL", sender.address, outer)
    assert frame.input == b"\x01\x02"
    (child,) = frame.calls
    assert (child.kind, child.sender, child.to) == (kind, outer, inner)
    assert (child.output, child.error, child.input) == (b"\x07", "", bytes(64))
    assert 0 < child.gas_used < frame.gas_used


@pytest.mark.parametrize(("salt", "kind"), [(None, "CREATE"), (5, "CREATE2")])
def test_creations_show_initcode_and_deployed_code(
    sender: Sender, salt: int | None, kind: str
) -> None:
    engine = sender.engine
    child_code = initcode(b"\x00")
    outer = contract(engine, create(child_code, value=3, salt=salt))
    engine.set_balance(outer, 10)
    tx = sender.tx(outer)
    frame = engine.trace(tx, sender.block)
    (child,) = frame.calls
    assert (child.kind, child.sender, child.value) == (kind, outer, 3)
    assert (child.input, child.output) == (child_code, b"\x00")
    assert child.to is not None
    assert engine.code(child.to) == b""
    engine.execute(tx, sender.block)
    assert engine.code(child.to) == b"\x00"


def test_a_deployment_is_a_create_frame_with_its_initcode_paid_beforehand(sender: Sender) -> None:
    data = initcode(b"\x00" * 100)
    tx = sender.tx(None, data)
    frame = sender.engine.trace(tx, sender.block)
    receipt = sender.engine.execute(tx, sender.block)
    assert (frame.kind, frame.to, frame.output) == ("CREATE", receipt.contract_address, bytes(100))
    assert frame.gas_used == receipt.gas_used - (tx.gas_limit - frame.gas)


def test_the_frames_logs_are_those_of_the_receipt(sender: Sender) -> None:
    engine = sender.engine
    leaf = contract(engine, LOG, 1)
    failing = contract(engine, code(LOG, call(raw(leaf)), op.PUSH0, op.PUSH0, op.REVERT), 2)
    outer = contract(engine, code(LOG, call(raw(leaf)), call(raw(failing)), sstore(0, 1)), 3)
    tx = sender.tx(outer)
    frame = engine.trace(tx, sender.block)
    good, bad = frame.calls
    assert [log.address for log in frame.logs + good.logs] == [outer, leaf]
    assert (bad.error, bad.logs, bad.calls[0].error, bad.calls[0].logs) == ("reverted", (), "", ())
    receipt = engine.execute(tx, sender.block)
    assert receipt.logs == frame.logs + good.logs
    assert receipt.gas_used == 21_000 + frame.gas_used


def test_an_exceptional_halt_below_is_named(sender: Sender) -> None:
    engine = sender.engine
    broken = contract(engine, code(0xFE), 1)
    outer = contract(engine, call(raw(broken), gas=500), 2)
    frame = engine.trace(sender.tx(outer), sender.block)
    assert frame.error == ""
    assert (frame.calls[0].error, frame.calls[0].gas_used) == ("invalid opcode", 500)
