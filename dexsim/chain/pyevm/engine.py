"""The engine itself: what `dexsim.chain.engine.Engine` asks for, done with py-evm."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from dexsim.chain.address import from_bytes, to_bytes
from dexsim.chain.admission import Sender, admit
from dexsim.chain.hashing import transaction_hash
from dexsim.chain.pyevm.envelope import Envelope
from dexsim.chain.pyevm.forks import build_state, context_of, recording
from dexsim.chain.pyevm.halts import halt_word
from dexsim.chain.pyevm.roots import state_root
from dexsim.chain.pyevm.store import FlatStore
from dexsim.chain.pyevm.trace import call_tree, logs_of
from dexsim.chain.ranges import check_block, check_read, check_transaction, check_word
from dexsim.chain.reads import never_answered, never_started, obstacle
from dexsim.chain.types import (
    DEFAULT_GAS_LIMIT,
    Address,
    BlockEnv,
    CallFrame,
    CallResult,
    Receipt,
    Transaction,
)
from dexsim.errors import DexsimError, EngineError, TransactionRejected


class PyEvm:
    """An in-process EVM on py-evm.

    chain_id: what the CHAINID opcode gives.
    fork: "shanghai", "cancun" or "prague"; the rules by which code runs.
    """

    name = "pyevm"

    def __init__(self, *, chain_id: int = 1337, fork: str = "cancun") -> None:
        self.chain_id = chain_id
        self.fork = fork
        self.impersonated: frozenset[Address] = frozenset()
        self._store = FlatStore()
        self._state = build_state(fork, self._store)
        self._executor = self._state.get_transaction_executor()
        self._block: BlockEnv | None = None

    def execute(self, tx: Transaction, block: BlockEnv) -> Receipt:
        """Execute one transaction for good. Raises TransactionRejected when no block may hold it."""
        envelope = self._admitted(tx, block)
        tx_hash = transaction_hash(tx)
        computation = self._run(envelope)
        self._store.finish()
        return _receipt(tx, tx_hash, envelope, computation)

    def execute_block(
        self, txs: Iterable[Transaction], block: BlockEnv
    ) -> Sequence[Receipt | TransactionRejected]:
        """Execute transactions in order; one that is rejected changes nothing and stops nothing."""
        told: list[Receipt | TransactionRejected] = []
        faults: list[DexsimError] = []
        for tx in txs:
            try:
                told.append(self.execute(tx, block))
            except TransactionRejected as rejection:
                told.append(rejection)
            except DexsimError as fault:
                faults.append(fault)
        if faults:
            # What no engine takes is an error, once the others have been executed.
            raise faults[0]
        return told

    def call(self, tx: Transaction, block: BlockEnv) -> CallResult:
        """Execute a read: no nonce, no fee, no trace left.

        A transaction whose gas limit was left open may use the block's.
        """
        gas = self._read_gas(tx, block)
        self._enter(block)
        check_read(tx)
        if why := self._obstacle(tx, gas):
            return never_answered(gas, why)
        computation = self._run(Envelope.free(tx, gas))
        self._store.abandon()
        return CallResult(
            status=computation.is_success,
            output=bytes(computation.output),
            gas_used=computation.gas_used,
            halt=halt_word(computation._error),
        )

    def trace(self, tx: Transaction, block: BlockEnv, *, steps: bool = False) -> CallFrame:
        """The call tree that `execute` would give; leaves no trace itself."""
        if tx.nonce is None:
            self._enter(block)
            check_read(tx)
            if why := self._obstacle(tx, tx.gas_limit):
                return never_started(tx, why)
            envelope = Envelope.free(tx, tx.gas_limit)
        else:
            envelope = self._admitted(tx, block)
        with recording(self._state, on=steps):
            computation = self._run(envelope)
        self._store.abandon()
        return call_tree(computation)

    def snapshot(self) -> int:
        """Mark the state."""
        return self._store.snapshot()

    def restore(self, snapshot: int) -> None:
        """Go back to a mark. Raises EngineError for one that is unknown or forgotten."""
        self._store.restore(snapshot)

    def release(self, snapshot: int) -> None:
        """Forget a mark and keep the state. Raises EngineError for an unknown one."""
        self._store.release(snapshot)

    def balance(self, address: Address) -> int:
        """Native balance in wei."""
        return self._store.get_balance(to_bytes(address))

    def native_supply(self) -> int:
        """All native money there is: the sum over all accounts, in wei."""
        return sum(self._store.balances.values())

    def nonce(self, address: Address) -> int:
        """Number of transactions that the account has sent (or contracts created)."""
        return self._store.get_nonce(to_bytes(address))

    def code(self, address: Address) -> bytes:
        """Deployed code, b"" where there is none."""
        return self._store.get_code(to_bytes(address))

    def storage(self, address: Address, slot: int) -> int:
        """One storage slot."""
        check_word(slot, "slot")
        return self._store.get_storage(to_bytes(address), slot)

    def set_balance(self, address: Address, wei: int) -> None:
        """Give an account a balance by decree."""
        check_word(wei, "balance")
        self._store.set_balance(to_bytes(address), wei)
        self._store.finish()

    def set_code(self, address: Address, code: bytes) -> None:
        """Give an account its code by decree."""
        self._store.set_code(to_bytes(address), bytes(code))
        self._store.finish()

    def set_storage(self, address: Address, slot: int, value: int) -> None:
        """Set one storage slot by decree."""
        check_word(slot, "slot")
        check_word(value, "slot's value")
        self._store.set_storage(to_bytes(address), slot, value)
        self._store.finish()

    def state_root(self) -> bytes:
        """Root of the Merkle-Patricia trie over all accounts, computed now."""
        return state_root(self._store)

    @staticmethod
    def _read_gas(tx: Transaction, block: BlockEnv) -> int:
        return block.gas_limit if tx.gas_limit == DEFAULT_GAS_LIMIT else tx.gas_limit

    def _obstacle(self, tx: Transaction, gas: int) -> str:
        return obstacle(tx, gas, self.balance(tx.sender), prague=self.fork == "prague")

    def _run(self, envelope: Envelope) -> Any:
        try:
            return self._executor(envelope)
        except BaseException as error:
            self._store.abandon()
            if isinstance(error, DexsimError) or not isinstance(error, Exception):
                raise
            raise EngineError(f"py-evm failed: {type(error).__name__}: {error}") from error

    def _admitted(self, tx: Transaction, block: BlockEnv) -> Envelope:
        self._enter(block)
        contract_may_send = tx.sender in self.impersonated
        store, address = self._store, to_bytes(tx.sender)
        sender = Sender(
            store.get_nonce(address), store.get_balance(address), store.get_code(address)
        )
        prague = self.fork == "prague"
        admit(tx, block, sender, prague=prague, contract_may_send=contract_may_send)
        check_transaction(tx)
        return Envelope.paying(tx, block)

    def _enter(self, block: BlockEnv) -> None:
        if block is not self._block:
            check_block(block)
            self._state.execution_context = context_of(block, self.chain_id)
            self._block = block


def _receipt(tx: Transaction, tx_hash: bytes, envelope: Envelope, computation: Any) -> Receipt:
    created = computation.is_success and tx.to is None
    return Receipt(
        transaction=tx,
        tx_hash=tx_hash,
        status=computation.is_success,
        gas_used=computation.gas_used,
        gas_refunded=computation.gas_refunded,
        effective_gas_price=envelope.gas_price,
        logs=logs_of(computation.get_log_entries()),
        output=bytes(computation.output),
        contract_address=from_bytes(computation.msg.storage_address) if created else None,
        halt=halt_word(computation._error),
    )
