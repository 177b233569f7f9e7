"""What is revm's own: columns, receipts on demand, events that are made when somebody looks."""

from __future__ import annotations

import copy
import pickle
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import FrozenInstanceError, fields, replace

import numpy as np
import pytest

from dexsim.chain.address import checksum
from dexsim.chain.engine import Engine
from dexsim.chain.engines import engine_names, open_engine
from dexsim.chain.event_bytes import event_bytes
from dexsim.chain.event_columns import event_columns
from dexsim.chain.types import BlockEnv, Log, Receipt, Transaction
from dexsim.errors import EngineError, ScenarioError, TransactionRejected
from tests.engines.sending import Sender, contract

pytestmark = pytest.mark.skipif(
    "revm" not in engine_names(), reason="no revm here: `pip install ./engine`, with a recent Rust"
)

TOPIC = b"\x07" * 32


@pytest.fixture
def engine() -> Engine:
    """An empty revm."""
    return open_engine("revm")


@pytest.fixture
def sender(engine: Engine, alice: str, block: BlockEnv) -> Sender:
    """Alice, in the block."""
    return Sender(engine, alice, block)


def logging_code() -> bytes:
    """LOG1 of memory[0:3] with TOPIC, then LOG0 of memory[0:32]."""
    push_topic = b"\x7f" + TOPIC
    log1 = push_topic + b"\x60\x03\x60\x00\xa1"
    log0 = b"\x60\x20\x60\x00\xa0"
    fails = b"\x60\x00\x60\x00\xfd"
    # calldatasize, iszero, jump over the revert
    head = b"\x36\x15" + b"\x60" + bytes([2 + 3 + len(fails)]) + b"\x57" + fails + b"\x5b"
    return head + log1 + log0 + b"\x00"


@pytest.fixture
def txs(sender: Sender) -> list[Transaction]:
    """Logs; reverts; cannot be held by the block; logs."""
    to = contract(sender.engine, logging_code())
    first = sender.engine.nonce(sender.address)
    drafts = [
        Transaction(sender=sender.address, to=to, data=data, gas_limit=100_000, nonce=nonce)
        for data, nonce in [(b"", first), (b"\x01", first + 1), (b"", 77), (b"", first + 2)]
    ]
    return [tx.complete(nonce=0, base_fee=sender.block.base_fee) for tx in drafts]


def test_a_block_gives_what_its_transactions_give_one_by_one(
    engine: Engine, txs: list[Transaction], block: BlockEnv
) -> None:
    mark = engine.snapshot()
    singly: list[Receipt | str] = []
    for tx in txs:
        try:
            singly.append(engine.execute(tx, block))
        except TransactionRejected as rejection:
            singly.append(str(rejection))
    root = engine.state_root()
    engine.restore(mark)
    results = engine.execute_block(txs, block)
    assert [r if isinstance(r, Receipt) else str(r) for r in results] == singly
    assert engine.state_root() == root
    assert len(results) == 4
    assert [receipt.status for receipt in singly if isinstance(receipt, Receipt)] == [
        True,
        False,
        True,
    ]
    assert "has nonce 77, too high" in str(results[2])
    assert isinstance(results[-1], Receipt)
    assert results[1:3][0] == singly[1]
    with pytest.raises(IndexError):
        results[4]


def test_a_rejection_is_worded_by_the_state_at_its_place_however_late_it_is_read(
    engine: Engine, txs: list[Transaction], block: BlockEnv
) -> None:
    late = engine.execute_block([txs[2], txs[0]], block)
    assert "the sender's next is 0" in str(late[0])


def test_columns_of_a_block_are_those_of_its_receipts(
    engine: Engine, txs: list[Transaction], block: BlockEnv
) -> None:
    results = engine.execute_block(txs, block)
    columns = results.columns()  # type: ignore[attr-defined]
    receipts = [r if isinstance(r, Receipt) else None for r in results]
    assert columns["refused"].tolist() == [False, False, True, False]
    assert columns["status"].tolist() == [bool(r and r.status) for r in receipts]
    for name in ("gas_used", "gas_refunded", "effective_gas_price"):
        assert columns[name].tolist() == [getattr(r, name) if r else 0 for r in receipts]
    events = results.log_columns()  # type: ignore[attr-defined]
    assert events.counts.tolist() == [2, 0, 0, 2]
    again = event_columns([r.logs if r else () for r in receipts])
    assert_same_columns(events, again)


def assert_same_columns(one: object, other: object) -> None:
    for name in ("counts", "topics", "data_offsets"):
        assert np.array_equal(getattr(one, name), getattr(other, name)), name
    for name in ("addresses", "topic", "data"):
        assert getattr(one, name) == getattr(other, name), name


def test_columns_made_of_objects_are_those_made_of_buffers(
    engine: Engine, txs: list[Transaction], block: BlockEnv
) -> None:
    logs = [r.logs for r in engine.execute_block(txs, block) if isinstance(r, Receipt)]
    plain = [tuple(each) for each in logs]
    assert type(logs[0]) is not tuple
    assert_same_columns(event_columns(logs), event_columns(plain))
    columns = event_columns(plain)
    assert len(columns) == 4
    assert columns.topics.tolist() == [1, 0, 1, 0]
    assert columns.topic[0] == (TOPIC + bytes(32)) * 2
    assert columns.data_offsets.tolist() == [0, 3, 35, 38, 70]


def test_events_behave_as_the_tuple_that_they_stand_for(sender: Sender) -> None:
    to = contract(sender.engine, logging_code())
    receipt = sender.send(to, gas_limit=100_000)
    logs = receipt.logs
    wanted = (Log(to, (TOPIC,), bytes(3)), Log(to, (), bytes(32)))
    assert logs == wanted
    assert wanted == logs
    assert logs != wanted[:1]
    assert hash(logs) == hash(wanted)
    assert (len(logs), logs[0], logs[-1], logs[:1]) == (2, *wanted, wanted[:1])
    assert list(logs) == list(wanted)
    assert wanted[1] in logs
    assert isinstance(logs, Sequence)
    assert copy.deepcopy(receipt) == receipt
    assert pickle.loads(pickle.dumps(receipt)) == receipt
    assert repr(logs) == repr(wanted)
    with pytest.raises(IndexError):
        logs[2]


def test_without_events_there_is_the_empty_tuple(sender: Sender) -> None:
    assert sender.send(checksum(b"\x01" * 20), gas_limit=21_000).logs == ()


def test_a_panic_is_an_error_and_the_chain_goes_on(sender: Sender) -> None:
    """In a process of its own: the panic's own words go to standard error."""
    program = (
        "from dexsim.chain.engines import open_engine\n"
        "from dexsim.errors import EngineError\n"
        "engine = open_engine('revm')\n"
        "who = '0x' + '11' * 20\n"
        "engine.set_balance(who, 5)\n"
        "import dexsim_revm\n"
        "try:\n"
        "    engine._evm.panic()\n"
        "except dexsim_revm.Fault as fault:\n"
        "    print(fault)\n"
        "print(engine.balance(who), engine.snapshot())\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], check=True, capture_output=True, text=True
    )
    assert done.stdout.splitlines() == ["panic: on purpose", "5 0"]


def test_a_fault_of_the_evm_is_an_engine_error(
    engine: Engine, sender: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    import dexsim_revm

    class Broken:
        def __getattr__(self, name: str) -> object:
            def fail(*_: object) -> None:
                raise dexsim_revm.Fault("panic: on purpose")

            return fail

    tx = sender.tx(checksum(b"\x01" * 20))
    monkeypatch.setattr(engine, "_evm", Broken())
    monkeypatch.setattr(engine, "_block", sender.block)
    for ask in (
        lambda: engine.execute(tx, sender.block),
        lambda: engine.execute_block([tx], sender.block),
        lambda: engine.call(tx, sender.block),
        lambda: engine.trace(tx, sender.block),
    ):
        with pytest.raises(EngineError, match="revm failed: panic: on purpose"):
            ask()


def test_a_mistyped_address_is_told_as_everywhere(engine: Engine, sender: Sender) -> None:
    wrong = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAeD"[:-1] + "d"
    wrong = wrong.replace("aA", "AA")
    for ask in (
        lambda: engine.balance(wrong),
        lambda: sender.send(wrong),
        lambda: engine.execute_block([sender.tx(wrong)], sender.block),
    ):
        with pytest.raises(ScenarioError, match=r"EIP-55"):
            ask()


def test_a_fee_above_128_bits_is_refused_in_words(engine: Engine, sender: Sender) -> None:
    engine.set_balance(sender.address, 2**255)
    tx = sender.tx(checksum(b"\x01" * 20), gas_limit=21_000, max_fee_per_gas=2**130)
    with pytest.raises(EngineError, match=r"2\*\*128 - 1"):
        engine.execute(tx, sender.block)
    with pytest.raises(EngineError, match=r"2\*\*128 - 1"):
        engine.execute_block([tx], sender.block)
    assert engine.nonce(sender.address) == 0


def test_what_the_binding_makes_is_what_the_classes_make(
    engine: Engine, txs: list[Transaction], block: BlockEnv
) -> None:
    receipt = engine.execute(txs[0], block)
    again = Receipt(**{each.name: getattr(receipt, each.name) for each in fields(Receipt)})
    assert type(receipt) is Receipt
    assert (again, repr(again), hash(again)) == (receipt, repr(receipt), hash(receipt))
    assert replace(receipt) == receipt == pickle.loads(pickle.dumps(receipt))
    for log in receipt.logs:
        same = Log(log.address, log.topics, log.data)
        assert type(log) is Log
        assert (same, repr(same), hash(same)) == (log, repr(log), hash(log))
        with pytest.raises(FrozenInstanceError):
            log.data = b""  # type: ignore[misc]


def test_events_in_bytes_are_those_of_python_objects(
    engine: Engine, txs: list[Transaction], block: BlockEnv
) -> None:
    for tx in (txs[0], txs[1], txs[3]):
        logs = engine.execute(tx, block).logs
        assert event_bytes(logs) == event_bytes(tuple(logs))
    assert len(event_bytes(logs)) == 32 + (21 + 32 + 64 + 32 + 3) + (21 + 32 + 32 + 32)


def test_a_class_of_other_fields_is_no_receipt() -> None:
    with pytest.raises(TypeError, match="slots"):
        pytest.importorskip("dexsim_revm").Evm("cancun", 1, Receipt, Log)
