"""The chain: what is undone is undone whole, and who may only read can only read."""

from __future__ import annotations

import pytest

from dexsim.chain.accounts import Account
from dexsim.chain.chain import Chain
from dexsim.chain.types import Transaction
from dexsim.errors import EngineError, Reverted, TransactionRejected

ALICE, BOB = Account.named("alice"), Account.named("bob")


def transfer(wei: int = 1) -> Transaction:
    return Transaction(sender=ALICE.address, to=BOB.address, value=wei, gas_limit=21_000)


@pytest.fixture
def chain() -> Chain:
    fresh = Chain()
    fresh.endow(ALICE, 10**18)
    return fresh


def test_a_block_that_raises_is_dropped_with_everything_in_it(chain: Chain) -> None:
    before = (chain.state_root(), chain.number, chain.time_ms, dict(chain.endowments))

    def fails() -> None:
        with chain.block() as block:
            block.execute(transfer())
            chain.endow(BOB, 5)
            raise RuntimeError("half way")

    with pytest.raises(RuntimeError):
        fails()
    assert (chain.state_root(), chain.number, chain.time_ms, chain.endowments) == before
    chain.send(transfer())
    assert chain.number == 1


def test_time_that_runs_backwards_leaves_the_chain_as_it_was(chain: Chain) -> None:
    with pytest.raises(EngineError, match="cannot follow"), chain.block(time_ms=5):
        pass
    chain.send(transfer())


def test_an_open_block_cannot_be_restored_away(chain: Chain) -> None:
    mark = chain.snapshot()
    with chain.block() as block:
        with pytest.raises(EngineError, match="a block is open"):
            chain.restore(mark)
        block.execute(transfer())
    assert chain.balance(BOB) == 1
    chain.restore(mark)
    assert chain.balance(BOB) == 0


def test_restoring_takes_endowments_back(chain: Chain) -> None:
    mark = chain.snapshot()
    chain.endow(BOB, 7)
    chain.restore(mark)
    assert (chain.balance(BOB), BOB.address in chain.endowments) == (0, False)


def test_a_rehearsal_leaves_nothing(chain: Chain) -> None:
    root = chain.state_root()
    with chain.rehearsal() as block:
        block.execute(transfer())
        assert chain.balance(BOB) == 1
    assert (chain.state_root(), chain.number, chain.head) == (root, 0, None)


def test_who_may_only_read_changes_nothing(chain: Chain) -> None:
    mark = chain.snapshot()
    attempts = [
        lambda: chain.send(transfer()),
        chain.mine,
        lambda: chain.endow(BOB, 1),
        lambda: chain.set_balance(BOB, 1),
        lambda: chain.advance(seconds=1),
        lambda: chain.restore(mark),
        lambda: chain.setup_block().__enter__(),
        lambda: chain.rehearsal().__enter__(),
    ]
    with chain.reading_only("eve"):
        with chain.reading_only("mallory"):
            pass  # leaving this one must not open the door again
        for attempt in attempts:
            with pytest.raises(EngineError, match="eve can read the chain"):
                attempt()
        assert chain.balance(ALICE) == 10**18
    chain.send(transfer())


def test_native_supply_falls_by_the_burnt_base_fee_alone(chain: Chain) -> None:
    before = chain.native_supply()
    receipt = chain.send(transfer())
    assert before - chain.native_supply() == receipt.gas_used * chain.base_fee > 0


def test_a_read_that_never_ends_stops_at_an_ordinary_blocks_gas(chain: Chain) -> None:
    endless = bytes.fromhex("5b600056")  # JUMPDEST, PUSH1 0, JUMP
    with chain.setup_block():
        chain.engine.set_code(BOB.address, endless)
    with pytest.raises(Reverted, match="out of gas"):
        chain.call(Transaction(sender=ALICE.address, to=BOB.address))


def test_a_transaction_that_no_block_may_hold_is_refused_in_words(chain: Chain) -> None:
    with pytest.raises(TransactionRejected, match=r"has|balance"):
        chain.send(transfer(2 * 10**18))
    assert chain.number == 0
