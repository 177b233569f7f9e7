"""The flat store's own promises: memory, and the state root."""

from __future__ import annotations

import random

import pytest
import rlp
from assembly import code, push
from eth.vm import opcode_values as op
from eth_hash.auto import keccak
from sending import Sender, contract
from trie import HexaryTrie

from dexsim.chain.address import checksum
from dexsim.chain.pyevm import PyEvm
from dexsim.chain.pyevm.roots import EMPTY_ROOT, trie_root
from dexsim.chain.types import BlockEnv

COUNT = code(push(1), push(1), op.SLOAD, op.ADD, push(1), op.SSTORE)


@pytest.fixture
def sender(block: BlockEnv) -> Sender:
    engine = PyEvm()
    address = checksum(b"\xa1" * 20)
    engine.set_balance(address, 10**20)
    return Sender(engine, address, block)


def records(engine: PyEvm) -> int:
    """Undo records that the engine holds."""
    store = engine._store
    return len(store._log) + sum(map(len, store._snapshots.values()))


def test_no_undo_is_kept_when_no_snapshot_is_open(sender: Sender) -> None:
    engine = sender.engine
    assert isinstance(engine, PyEvm)
    target = contract(engine, COUNT)
    for _ in range(10):
        sender.send(target)
    engine.set_balance(target, 5)
    assert records(engine) == 0
    store = engine._store
    assert [store._warm, store._transient, store._original] == [{}, {}, {}]


def test_an_open_snapshot_costs_as_much_as_the_state_that_changed(sender: Sender) -> None:
    engine = sender.engine
    assert isinstance(engine, PyEvm)
    target = contract(engine, COUNT)
    mark = engine.snapshot()
    sender.send(target)
    after_one = records(engine)
    for _ in range(50):
        sender.send(target)
    assert records(engine) == after_one
    engine.release(mark)
    assert records(engine) == 0
    assert engine.storage(target, 1) == 51


def test_what_is_zero_is_absent(sender: Sender) -> None:
    engine = sender.engine
    assert isinstance(engine, PyEvm)
    empty = engine.state_root()
    mark = engine.snapshot()
    address = checksum(b"\xd0" * 20)
    engine.set_balance(address, 5)
    engine.set_code(address, b"\x01")
    engine.set_storage(address, 1, 1)
    assert engine.state_root() != empty
    engine.set_storage(address, 1, 0)
    engine.set_code(address, b"")
    engine.set_balance(address, 0)
    assert engine.state_root() == empty
    engine.restore(mark)
    assert engine.state_root() == empty


def test_the_empty_state_has_the_empty_root() -> None:
    assert PyEvm().state_root() == EMPTY_ROOT == HexaryTrie({}).root_hash


def test_an_account_that_is_called_but_empty_is_no_part_of_the_root(sender: Sender) -> None:
    engine = sender.engine
    assert isinstance(engine, PyEvm)
    engine.execute(sender.tx(checksum(b"\xee" * 20)), sender.block)
    assert set(engine._store.balances) == {b"\xa1" * 20}


@pytest.mark.parametrize("size", [0, 1, 2, 3, 15, 16, 17, 100, 1_000])
@pytest.mark.parametrize("longest", [1, 40])
def test_the_root_of_any_items_is_that_of_the_trie_library(size: int, longest: int) -> None:
    dice = random.Random(f"{size} {longest}")
    items = {
        keccak(dice.randbytes(8)): dice.randbytes(dice.randrange(1, longest + 1))
        for _ in range(size)
    }
    trie = HexaryTrie({})
    for key, value in items.items():
        trie[key] = value
    assert trie_root(items) == trie.root_hash


@pytest.mark.parametrize("length", range(1, 36))
def test_keys_that_agree_for_long_make_nodes_of_every_size(length: int) -> None:
    # A node of up to 31 bytes stands in its parent, a longer one by its hash.
    items = {bytes(30) + bytes([a, b]): bytes([a + 1]) * length for a in range(4) for b in (0, 16)}
    trie = HexaryTrie({})
    for key, value in items.items():
        trie[key] = value
    assert trie_root(items) == trie.root_hash


def test_the_state_root_is_that_of_a_trie_over_the_accounts(sender: Sender) -> None:
    engine = sender.engine
    assert isinstance(engine, PyEvm)
    target = contract(engine, COUNT)
    for slot in range(40):
        engine.set_storage(target, slot + 5, slot**9 + 1)
    sender.send(target)
    trie = HexaryTrie({})
    for address in (sender.address, target):
        slots = HexaryTrie({})
        for slot in range(50):
            if value := engine.storage(address, slot):
                slots[keccak(slot.to_bytes(32, "big"))] = rlp.encode(value)
        account = (
            engine.nonce(address),
            engine.balance(address),
            slots.root_hash,
            keccak(engine.code(address)),
        )
        trie[keccak(bytes.fromhex(address[2:]))] = rlp.encode(account)
    assert engine.state_root() == trie.root_hash
