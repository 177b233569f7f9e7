"""Chains of their own in threads of their own: each as if it were alone."""

from __future__ import annotations

import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from assembly import Programmer

from dexsim.chain.address import from_bytes
from dexsim.chain.engine import Engine
from dexsim.chain.types import BlockEnv, Transaction
from dexsim.errors import TransactionRejected

THREADS = 4
TRANSACTIONS = 60
ALICE = from_bytes(b"\xa1" * 20)
CONTRACTS = [bytes([0xC0 + n]) * 20 for n in range(4)]

Result = tuple[object, ...]


def life(engine: Engine, seed: int) -> Result:
    """Random programs on one chain: all receipts, and the state that they lead to."""
    rng, programmer = random.Random(seed), Programmer(seed, CONTRACTS)
    engine.set_balance(ALICE, 10**24)
    for contract in CONTRACTS:
        engine.set_code(from_bytes(contract), programmer.program(20))
    told: list[object] = []
    for number in range(TRANSACTIONS):
        block = BlockEnv(
            number=number + 1,
            timestamp=number,
            base_fee=7,
            gas_limit=10_000_000,
            coinbase=from_bytes(b"\xcc" * 20),
        )
        mark = engine.snapshot()
        tx = Transaction(
            sender=ALICE,
            to=from_bytes(rng.choice(CONTRACTS)),
            data=rng.randbytes(40),
            gas_limit=rng.choice((30_000, 200_000)),
        ).complete(nonce=engine.nonce(ALICE) + (rng.random() < 0.1), base_fee=7)
        try:
            told += [engine.trace(tx, block, steps=True), engine.execute(tx, block)]
        except TransactionRejected as rejection:
            told.append(str(rejection))
        if rng.random() < 0.2:
            engine.restore(mark)
        told += engine.execute_block([tx], block)
    return (engine.state_root(), engine.native_supply(), *map(str, told))


def test_chains_in_threads_are_as_one_after_the_other(new_engine: Callable[..., Engine]) -> None:
    alone = [life(new_engine(), seed) for seed in range(THREADS)]
    assert len(set(alone)) == THREADS
    together = Barrier(THREADS)

    def at_once(seed: int) -> Result:
        engine = new_engine()
        together.wait()
        return life(engine, seed)

    with ThreadPoolExecutor(THREADS) as pool:
        assert list(pool.map(at_once, range(THREADS))) == alone


def test_an_engine_goes_from_thread_to_thread(new_engine: Callable[..., Engine]) -> None:
    engine, other = new_engine(), new_engine()
    expected = [life(other, seed) for seed in range(3)]
    told = []
    for seed in range(3):
        with ThreadPoolExecutor(1) as pool:
            told.append(pool.submit(life, engine, seed).result())
    assert told == expected


def test_many_chains_of_one_thread_do_not_meet(new_engine: Callable[..., Engine]) -> None:
    one, two = new_engine(), new_engine()
    one.set_balance(ALICE, 1)
    mark = two.snapshot()
    two.set_balance(ALICE, 2)
    two.restore(mark)
    assert (one.balance(ALICE), two.balance(ALICE)) == (1, 0)
    assert one.state_root() != two.state_root() == new_engine().state_root()
