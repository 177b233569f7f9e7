"""The flat store and the decoded programs against py-evm as it comes.

Random transactions over random contracts run on both; whatever a transaction
can show is compared after each one, and the state root with it.
"""

from __future__ import annotations

import random

import pytest
from assembly import Programmer, code, initcode, push
from pyevm_standard import Standard

from dexsim.chain.address import checksum, from_bytes
from dexsim.chain.pyevm import PyEvm
from dexsim.chain.types import BlockEnv, Transaction

SENDERS = [checksum(bytes([0xA0 + n]) * 20) for n in range(3)]
CONTRACTS = [bytes([0xC0 + n]) * 20 for n in range(6)]
CHAIN_ID = 5_777


class Pair:
    """The engine under test and the standard path, with the same accounts."""

    def __init__(self, fork: str, seed: int) -> None:
        self.random = random.Random(f"{fork} {seed}")
        self.engine = PyEvm(fork=fork, chain_id=CHAIN_ID)
        self.standard = Standard(fork=fork, chain_id=CHAIN_ID)
        self.programmer = Programmer(seed, CONTRACTS, transient=fork != "shanghai")
        for sender in SENDERS:
            self.decree(sender, balance=10**21)
        for contract in CONTRACTS:
            program = self.programmer.program(20)
            self.decree(from_bytes(contract), balance=self.random.choice((0, 50)), code=program)

    def decree(self, address: str, *, balance: int, code: bytes = b"") -> None:
        """Give an account its balance and code on both sides."""
        self.engine.set_balance(address, balance)
        self.engine.set_code(address, code)
        self.standard.decree(address, balance=balance, code=code)

    def block(self, number: int) -> BlockEnv:
        """Some block; now and then a contract or a sender is its coinbase."""
        coinbase = self.random.choice([b"\xee" * 20, b"\xef" * 20, CONTRACTS[0], b"\xa0" * 20])
        return BlockEnv(
            number=number,
            timestamp=1_700_000_000 + number,
            base_fee=self.random.choice((0, 7, 10**9)),
            gas_limit=30_000_000,
            coinbase=from_bytes(coinbase),
            prev_randao=self.random.getrandbits(256),
        )

    def transaction(self, block: BlockEnv) -> Transaction:
        """Some valid transaction."""
        sender = self.random.choice(SENDERS)
        creates = self.random.random() < 0.2
        data = self.random.randbytes(self.random.randrange(80))
        if creates:
            before = self.programmer.program(6)
            data = self.random.choice((before, initcode(self.programmer.program(8), before)))
        tx = Transaction(
            sender=sender,
            to=None if creates else from_bytes(self.random.choice([*CONTRACTS, b"\xab" * 20])),
            data=data,
            value=self.random.choice((0, 0, 1, 1_000)),
            gas_limit=self.random.choice((90_000, 150_000, 400_000, 2_000_000)),
            max_priority_fee_per_gas=self.random.choice((0, 3)),
            max_fee_per_gas=self.random.choice((None, block.base_fee + 3, block.base_fee + 50)),
            access_list=self.random.choice(
                ((), (), ((from_bytes(CONTRACTS[0]), (0, 1, 2)), (from_bytes(CONTRACTS[1]), ())))
            ),
        )
        return tx.complete(nonce=self.engine.nonce(sender), base_fee=block.base_fee)

    def step(self, number: int) -> str:
        """Run one transaction on both, compare, and tell how it ended."""
        block = self.block(number)
        tx = self.transaction(block)
        got = self.engine.execute(tx, block)
        expected = self.standard.execute(tx, block)
        assert (got.status, got.gas_used, got.gas_refunded) == (
            expected.status,
            expected.gas_used,
            expected.gas_refunded,
        )
        assert got.logs == expected.logs
        assert got.output == expected.output
        assert got.contract_address == expected.created
        assert self.engine.state_root() == self.standard.state_root()
        return "success" if got.status else got.halt or "revert"


@pytest.mark.parametrize("fork", ["shanghai", "cancun", "prague"])
@pytest.mark.parametrize("seed", range(12))
def test_random_transactions_end_as_on_py_evms_standard_path(fork: str, seed: int) -> None:
    pair = Pair(fork, seed)
    for number in range(300, 325):
        pair.step(number)


@pytest.mark.long
@pytest.mark.parametrize("fork", ["shanghai", "cancun", "prague"])
@pytest.mark.parametrize("seed", range(100, 160))
def test_many_random_transactions_end_as_on_py_evms_standard_path(fork: str, seed: int) -> None:
    pair = Pair(fork, seed)
    for number in range(300, 340):
        pair.step(number)


def test_the_random_transactions_reach_the_ways_to_end() -> None:
    seen: set[str] = set()
    for seed in range(4):
        pair = Pair("cancun", seed)
        seen |= {pair.step(number) for number in range(300, 325)}
    assert seen >= {
        "success",
        "revert",
        "out of gas",
        "invalid opcode",
        "invalid jump",
        "stack underflow",
    }


@pytest.mark.parametrize("seed", range(40))
def test_noise_as_code_ends_as_on_py_evms_standard_path(seed: int) -> None:
    noise = random.Random(seed)
    # Many values first, so that the stack lasts for a while.
    full = code(*(push(noise.getrandbits(256)) for _ in range(noise.randrange(20))))
    deep = code(*(push(n) for n in range(1_020))) if seed % 4 == 0 else b""
    pair = Pair("cancun", seed)
    for number in range(300, 310):
        program = full + deep + noise.randbytes(300)
        pair.decree(from_bytes(CONTRACTS[number % 6]), balance=9, code=program)
        pair.step(number)
