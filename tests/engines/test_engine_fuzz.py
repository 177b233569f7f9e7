"""Whatever an engine is handed, it answers or raises an error of dexsim's, and works afterwards.

Each engine by itself; and where there are two, both give the same answer or the same error.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from assembly import Programmer, initcode
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from parity.gate import Gate
from parity.stories import needs_revm

from dexsim.chain.address import checksum, from_bytes
from dexsim.chain.engines import engine_names, open_engine
from dexsim.chain.types import BlockEnv, Receipt, Transaction

SOME = settings(
    derandomize=True,
    max_examples=80,
    deadline=None,
    database=None,
    # An engine goes on from example to example: that it can is part of the test.
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
ALICE, CONTRACT = from_bytes(b"\xa1" * 20), from_bytes(b"\xc0" * 20)
ETHER = 10**18
GAS = 300_000
BLOCK = BlockEnv(
    number=1_000,
    timestamp=1_700_000_000,
    base_fee=7,
    gas_limit=30_000_000,
    coinbase=from_bytes(b"\xcc" * 20),
)

EDGES = (-(2**255), -1, 0, 1, 2**32, 2**63, 2**64 - 1, 2**64, 2**128, 2**255, 2**256 - 1)
numbers = st.sampled_from((*EDGES, 2**256, 10**100)) | st.integers(0, 10**6)
"""Numbers in range and out of it."""

gas_limits = st.sampled_from(
    (-1, 0, 20_999, 21_000, 2**63, 2**64 - 1, 2**64, 2**256)
) | st.integers(0, GAS)
MALFORMED = (
    *("", "0x", "alice", "0x12", "a1" * 20, "0x" + "a1" * 19, "0x" + "a1" * 21),
    *("0x" + "g1" * 20, "0X" + "a1" * 20, " 0x" + "a1" * 20, "0x" + "a1" * 20 + "\n"),
    *("0x" + "٣" * 40, "0x" + "A1a1" * 10, "\ud800" * 42),
)
addresses = st.sampled_from(
    (ALICE, ALICE.lower(), "0x" + ALICE[2:].upper(), CONTRACT, *MALFORMED)
) | st.binary(min_size=20, max_size=20).map(from_bytes)


@st.composite
def calldata(draw: st.DrawFn) -> bytes:
    """Of any length up to 100 kB: short ones at random, long ones of one piece repeated."""
    piece = draw(st.binary(max_size=200))
    return piece * draw(st.sampled_from((1, 1, 1, 20, 500)))


@st.composite
def programs(draw: st.DrawFn) -> bytes:
    """Noise, and programs of which some are sound."""
    if draw(st.booleans()):
        return draw(st.binary(max_size=400))
    return Programmer(draw(st.integers(0, 10**6)), [b"\xc0" * 20]).program()


def gates() -> Iterator[object]:
    """Every engine alone, and both together."""
    yield from (pytest.param((name,), id=name) for name in engine_names())
    yield pytest.param(("pyevm", "revm"), id="both", marks=needs_revm)


@pytest.fixture(params=gates())
def gate(request: pytest.FixtureRequest) -> Gate:
    """Some engines, on which Alice is rich."""
    made = Gate([open_engine(name) for name in request.param])
    made.set_balance(ALICE, 10**9 * ETHER)
    return made


def works(gate: Gate) -> None:
    """A plain transfer goes through, and every engine has the same state."""
    gate.set_balance(ALICE, 10**9 * ETHER)
    nonce = gate.nonce(ALICE)
    tx = Transaction(sender=ALICE, to=from_bytes(b"\xb0" * 20), value=1, gas_limit=21_000)
    told = gate.execute(tx.complete(nonce=nonce, base_fee=BLOCK.base_fee), BLOCK)
    assert isinstance(told, Receipt)
    assert told.status
    assert gate.nonce(ALICE) == nonce + 1
    gate.compare_roots()


def look_and_execute(gate: Gate, tx: Transaction, block: BlockEnv = BLOCK) -> None:
    """All that can be done with a transaction."""
    gate.call(tx, block)
    gate.trace(replace(tx, nonce=None), block)
    gate.trace(tx, block, steps=True)
    gate.execute(tx, block)


def sent(gate: Gate, to: str | None = CONTRACT, data: bytes = b"", gas: int = GAS) -> Transaction:
    """Alice's next transaction."""
    draft = Transaction(sender=ALICE, to=to, data=data, gas_limit=gas)
    return draft.complete(nonce=gate.nonce(ALICE), base_fee=BLOCK.base_fee)


@SOME
@given(program=programs(), data=calldata(), gas=gas_limits)
def test_any_code_with_any_calldata_and_gas(
    gate: Gate, program: bytes, data: bytes, gas: int
) -> None:
    gate.set_code(CONTRACT, program)
    look_and_execute(gate, sent(gate, data=data, gas=gas))
    works(gate)


@SOME
@given(data=calldata(), gas=gas_limits)
def test_long_calldata_with_enough_gas(gate: Gate, data: bytes, gas: int) -> None:
    gate.set_code(CONTRACT, b"\x36\x5f\x5f\x37\x36\x5f\xa0\x00")  # all of it into a log
    look_and_execute(gate, sent(gate, data=data, gas=max(gas, 3_000_000)))
    works(gate)


@SOME
@given(program=programs() | programs().map(initcode), gas=gas_limits)
def test_any_code_as_initcode(gate: Gate, program: bytes, gas: int) -> None:
    look_and_execute(gate, sent(gate, to=None, data=program, gas=gas))
    works(gate)


@SOME
@given(gas=numbers, limit=numbers, data=st.binary(max_size=40))
def test_any_gas_limit_of_a_block_and_a_transaction(
    gate: Gate, gas: int, limit: int, data: bytes
) -> None:
    # To nobody: nothing can burn all that gas.
    block = replace(BLOCK, gas_limit=limit)
    look_and_execute(gate, sent(gate, to=from_bytes(b"\xbb" * 20), data=data, gas=gas), block)
    works(gate)


@SOME
@given(
    field=st.sampled_from(("value", "nonce", "max_fee_per_gas", "max_priority_fee_per_gas")),
    number=numbers,
)
def test_any_number_in_any_field(gate: Gate, field: str, number: int) -> None:
    tx = sent(gate)
    if field == "max_priority_fee_per_gas":
        tx = replace(tx, max_fee_per_gas=max(number, BLOCK.base_fee))
    look_and_execute(gate, replace(tx, **{field: number}))
    works(gate)


@SOME
@given(where=addresses, slots=st.lists(numbers, max_size=3))
def test_any_access_list(gate: Gate, where: str, slots: list[int]) -> None:
    look_and_execute(gate, replace(sent(gate), access_list=((where, tuple(slots)),)))
    works(gate)


@SOME
@given(sender=addresses, to=addresses)
def test_any_address(gate: Gate, sender: str, to: str) -> None:
    look_and_execute(gate, replace(sent(gate), sender=sender, to=to))
    gate.set_balance(to, 5)
    gate.set_code(to, b"")
    gate.set_storage(to, 1, 0)
    gate.compare_accounts([to])
    gate.compare_storage([(to, 1)])
    works(gate)


@SOME
@given(
    field=st.sampled_from(("number", "timestamp", "base_fee", "gas_limit", "prev_randao")),
    number=numbers,
)
def test_any_block(gate: Gate, field: str, number: int) -> None:
    gate.set_code(CONTRACT, b"\x43\x42\x48\x45\x44\x00")  # reads all of it
    tx = replace(sent(gate), max_fee_per_gas=10**9)
    look_and_execute(gate, tx, replace(BLOCK, **{field: number}))
    works(gate)


@SOME
@given(coinbase=addresses)
def test_any_coinbase(gate: Gate, coinbase: str) -> None:
    tx = replace(sent(gate), max_fee_per_gas=9, max_priority_fee_per_gas=2)
    look_and_execute(gate, tx, replace(BLOCK, coinbase=coinbase))
    works(gate)


@SOME
@given(slot=numbers, value=numbers)
def test_any_decree(gate: Gate, slot: int, value: int) -> None:
    gate.set_storage(CONTRACT, slot, value)
    gate.compare_storage([(CONTRACT, slot)])
    gate.set_balance(CONTRACT, value)
    gate.compare_accounts([CONTRACT])
    gate.set_balance(CONTRACT, 0)
    works(gate)


@SOME
@given(mark=numbers, back=st.booleans())
def test_any_mark(gate: Gate, mark: int, back: bool) -> None:
    (gate.restore if back else gate.release)((mark,) * len(gate.engines))
    works(gate)


@SOME
@given(program=programs(), fields=st.lists(st.tuples(numbers, gas_limits), max_size=4))
def test_any_block_of_transactions(
    gate: Gate, program: bytes, fields: list[tuple[int, int]]
) -> None:
    gate.set_code(CONTRACT, program)
    nonce = gate.nonce(ALICE)
    drafts = [replace(sent(gate, gas=gas), value=value) for value, gas in fields]
    gate.execute_block([replace(tx, nonce=nonce + n) for n, tx in enumerate(drafts)], BLOCK)
    works(gate)


def test_the_last_nonce_is_never_used(gate: Gate) -> None:
    for nonce in (2**63, 2**64 - 2, 2**64 - 1, 2**64):
        look_and_execute(gate, replace(sent(gate), nonce=nonce))
    works(gate)


def test_an_address_in_lower_case_is_the_same_account(gate: Gate) -> None:
    gate.set_balance(CONTRACT.lower(), 77)
    gate.compare_accounts([CONTRACT, CONTRACT.lower(), "0x" + CONTRACT[2:].upper()])
    assert gate.first.balance(checksum(CONTRACT)) == 77
