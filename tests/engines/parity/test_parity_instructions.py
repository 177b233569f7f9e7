"""Every instruction by itself, over stacks of every height and with too little gas: no difference."""

from __future__ import annotations

from collections import Counter

import pytest
from eth.vm import opcode_values as op

from dexsim.chain.address import from_bytes
from dexsim.chain.engines import open_engine
from dexsim.chain.types import BlockEnv, CallResult, Transaction
from parity.gate import Gate
from parity.stories import FORKS, needs_revm

INTRINSIC, PUSH0_GAS = 21_000, 2
HEIGHTS = range(8)
GAS = (0, 2, 4, 29, 99, 374, 699, 2_300, 4_999, 60_000)
"""What is left for the instruction: below every price that there is, and enough."""

BLOCK = BlockEnv(
    number=9,
    timestamp=9,
    base_fee=7,
    gas_limit=30_000_000,
    coinbase=from_bytes(b"\xcc" * 20),
)


@needs_revm
@pytest.mark.parametrize("fork", FORKS)
@pytest.mark.parametrize(
    "item", [op.PUSH0, pytest.param(op.ADDRESS, marks=pytest.mark.long)], ids=["zeros", "addresses"]
)
def test_every_instruction_ends_alike(fork: str, item: int) -> None:
    gate = Gate([open_engine(name, fork=fork) for name in ("pyevm", "revm")])
    seen: Counter[str] = Counter()
    for opcode in range(256):
        there = from_bytes(bytes([opcode]) * 20)
        for height in HEIGHTS:
            gate.set_code(there, bytes([item]) * height + bytes([opcode]))
            for gas in GAS:
                limit = INTRINSIC + PUSH0_GAS * height + gas
                told = gate.call(Transaction(sender=there, to=there, gas_limit=limit), BLOCK)
                assert isinstance(told, CallResult)
                seen[told.halt] += 1
    assert {"", "out of gas", "stack underflow", "invalid opcode", "invalid jump"} <= seen.keys()
