"""Snapshots nest, live across transactions and can be restored again and again."""

from __future__ import annotations

import random

import pytest
from assembly import code, create, initcode, push, sstore
from eth.vm import opcode_values as op
from sending import Sender, contract

from dexsim.chain.address import checksum
from dexsim.chain.engine import Engine
from dexsim.chain.types import BlockEnv
from dexsim.errors import EngineError

BOB = checksum(b"\xb0" * 20)
WRITE = code(push(0), op.CALLDATALOAD, push(32), op.CALLDATALOAD, op.SSTORE)


@pytest.fixture
def sender(engine: Engine, alice: str, block: BlockEnv) -> Sender:
    return Sender(engine, alice, block)


def writing(slot: int, value: int) -> bytes:
    return value.to_bytes(32, "big") + slot.to_bytes(32, "big")


def test_restore_undoes_transactions_and_decrees(sender: Sender) -> None:
    engine = sender.engine
    target = contract(engine, WRITE)
    engine.set_storage(target, 1, 5)
    before = engine.state_root()
    mark = engine.snapshot()
    sender.send(target, writing(1, 6), value=3)
    created = sender.send(None, initcode(b"\x00"), value=2)
    engine.set_balance(BOB, 9)
    engine.set_code(target, b"\x01")
    engine.set_storage(target, 2, 2)
    assert engine.state_root() != before
    engine.restore(mark)
    assert engine.state_root() == before
    assert created.contract_address is not None
    assert engine.code(created.contract_address) == b""
    assert (engine.code(target), engine.balance(BOB)) == (WRITE, 0)
    assert (engine.storage(target, 1), engine.storage(target, 2)) == (5, 0)


def test_a_snapshot_can_be_restored_again_and_again(sender: Sender) -> None:
    engine = sender.engine
    mark = engine.snapshot()
    before = engine.state_root()
    for value in range(1, 4):
        assert sender.send(BOB, value=value).status
        engine.restore(mark)
        assert engine.state_root() == before


def test_snapshots_nest_across_transactions(sender: Sender) -> None:
    engine = sender.engine
    roots, marks = [], []
    for value in range(1, 6):
        roots.append(engine.state_root())
        marks.append(engine.snapshot())
        sender.send(BOB, value=value)
    engine.restore(marks[3])
    assert engine.state_root() == roots[3]
    engine.restore(marks[1])
    assert engine.state_root() == roots[1]
    with pytest.raises(EngineError, match="no snapshot"):
        engine.restore(marks[3])
    sender.send(BOB, value=100)
    engine.restore(marks[0])
    assert engine.state_root() == roots[0]


def test_release_keeps_the_state_and_what_an_older_snapshot_needs(sender: Sender) -> None:
    engine = sender.engine
    before = engine.state_root()
    outer = engine.snapshot()
    sender.send(BOB, value=1)
    inner = engine.snapshot()
    sender.send(BOB, value=2)
    after = engine.state_root()
    engine.release(inner)
    assert engine.state_root() == after
    with pytest.raises(EngineError):
        engine.release(inner)
    engine.restore(outer)
    assert engine.state_root() == before


def test_release_forgets_the_later_snapshots_too(sender: Sender) -> None:
    engine = sender.engine
    outer, inner = engine.snapshot(), engine.snapshot()
    engine.release(outer)
    for mark in (outer, inner):
        with pytest.raises(EngineError):
            engine.restore(mark)


def test_an_unknown_snapshot_is_refused(engine: Engine) -> None:
    for unknown in (0, -1, 77):
        with pytest.raises(EngineError, match=f"no snapshot {unknown}"):
            engine.restore(unknown)


def test_a_number_is_never_used_twice(engine: Engine) -> None:
    first = engine.snapshot()
    engine.release(first)
    assert engine.snapshot() != first


def test_reads_and_rejections_do_not_disturb_an_open_snapshot(sender: Sender) -> None:
    engine = sender.engine
    target = contract(engine, WRITE)
    before = engine.state_root()
    mark = engine.snapshot()
    sender.send(target, writing(1, 1))
    engine.call(sender.tx(target, writing(1, 2)), sender.block)
    engine.trace(sender.tx(target, writing(3, 2)), sender.block)
    engine.execute_block([sender.tx(target, value=10**30)], sender.block)
    assert engine.storage(target, 1) == 1
    engine.restore(mark)
    assert engine.state_root() == before


@pytest.mark.parametrize("seed", range(20))
def test_any_order_of_snapshots_restores_and_releases_gives_the_states_back(
    sender: Sender, seed: int
) -> None:
    engine = sender.engine
    dice = random.Random(seed)
    recreating = code(
        create(initcode(WRITE, sstore(1, 7)), salt=1),
        create(code(op.ADDRESS, op.SELFDESTRUCT), salt=2),
    )
    targets = [
        contract(engine, WRITE, 1),
        contract(engine, WRITE, 2),
        contract(engine, recreating, 3),
    ]
    open_marks: list[tuple[int, bytes]] = []
    for _ in range(60):
        action = dice.random()
        if action < 0.25:
            open_marks.append((engine.snapshot(), engine.state_root()))
        elif action < 0.4 and open_marks:
            position = dice.randrange(len(open_marks))
            mark, root = open_marks[position]
            engine.restore(mark)
            assert engine.state_root() == root
            del open_marks[position + 1 :]
        elif action < 0.5 and open_marks:
            position = dice.randrange(len(open_marks))
            root = engine.state_root()
            engine.release(open_marks[position][0])
            assert engine.state_root() == root
            del open_marks[position:]
        else:
            data = writing(dice.randrange(3), dice.randrange(3))
            sender.send(dice.choice(targets), data, value=dice.randrange(2), gas_limit=9_000_000)
