"""The engine itself: what `dexsim.chain.engine.Engine` asks for, done by revm."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, NoReturn, TypeVar

import dexsim_revm

from dexsim.chain.address import to_bytes
from dexsim.chain.admission import Sender, admit
from dexsim.chain.ranges import check_block, check_transaction, check_word
from dexsim.chain.reads import INITCODE_SIZE, never_started, obstacle
from dexsim.chain.revm.block_results import BlockResults
from dexsim.chain.revm.frames import call_tree
from dexsim.chain.types import (
    DEFAULT_GAS_LIMIT,
    Address,
    BlockEnv,
    CallFrame,
    CallResult,
    Log,
    Receipt,
    Transaction,
)
from dexsim.errors import EngineError, TransactionRejected

T = TypeVar("T")


class Revm:
    """An in-process EVM on revm.

    chain_id: what the CHAINID opcode gives.
    fork: "shanghai", "cancun" or "prague"; the rules by which code runs.
    Any thread may use it, one at a time; other Python code runs on meanwhile.
    """

    name = "revm"

    def __init__(self, *, chain_id: int = 1337, fork: str = "cancun") -> None:
        if fork not in dexsim_revm.FORKS:
            raise EngineError(
                f"there is no fork {fork!r}; there are: {', '.join(dexsim_revm.FORKS)}"
            )
        self.chain_id = chain_id
        self.fork = fork
        self.impersonated: frozenset[Address] = frozenset()
        self._evm = dexsim_revm.Evm(fork, chain_id, Log, Receipt)
        self._block: BlockEnv | None = None

    # --- executions -----------------------------------------------------------

    def execute(self, tx: Transaction, block: BlockEnv) -> Receipt:
        """Execute one transaction for good. Raises TransactionRejected when no block may hold it."""
        try:
            self._enter(block)
            done = self._evm.execute(tx, tx.sender in self.impersonated)
        except dexsim_revm.Unfit as error:
            self._refuse(tx, block, self._sender(tx.sender), error)
        except dexsim_revm.Fault as error:
            _fail(error)
        if type(done) is tuple:
            self._refuse(tx, block, Sender(*done))
        return done  # type: ignore[no-any-return]

    def execute_block(self, txs: Iterable[Transaction], block: BlockEnv) -> BlockResults:
        """Execute transactions in order; one that is rejected changes nothing and stops nothing."""
        todo = list(txs)
        verdicts = self._execute_all(todo, block)
        for place, why in verdicts.unfit():
            # What no engine takes is an error now, and not when somebody looks.
            self._rejection(
                todo[place], block, Sender(*verdicts.receipt(place, todo[place])), EngineError(why)
            )
        return BlockResults(todo, verdicts, lambda tx, sender: self._rejection(tx, block, sender))

    def call(self, tx: Transaction, block: BlockEnv) -> CallResult:
        """Execute a read: no nonce, no fee, no trace left.

        A transaction whose gas limit was left open may use the block's.
        """
        gas = block.gas_limit if tx.gas_limit == DEFAULT_GAS_LIMIT else tx.gas_limit
        try:
            self._enter(block)
            status, output, gas_used, halt = self._evm.call(tx, gas)
            if halt == INITCODE_SIZE:
                # revm looks at the size before the gas; every other reason stands as it is.
                halt = self._obstacle(tx, gas) or halt
        except dexsim_revm.Unfit as error:
            _name_misfit(tx, error)
        except dexsim_revm.Fault as error:
            _fail(error)
        return CallResult(status=status, output=output, gas_used=gas_used, halt=halt)

    def trace(self, tx: Transaction, block: BlockEnv, *, steps: bool = False) -> CallFrame:
        """The call tree that `execute` would give; leaves no trace itself."""
        try:
            self._enter(block)
            if tx.nonce is None:
                return self._trace_read(tx, steps)
            rows = self._evm.trace(tx, steps, tx.sender in self.impersonated)
        except dexsim_revm.Unfit as error:
            if tx.nonce is None:
                _name_misfit(tx, error)
            self._refuse(tx, block, self._sender(tx.sender), error)
        except dexsim_revm.Fault as error:
            _fail(error)
        if isinstance(rows, tuple):
            self._refuse(tx, block, Sender(*rows))
        return call_tree(rows)

    def _trace_read(self, tx: Transaction, steps: bool) -> CallFrame:
        rows = self._evm.trace_call(tx, steps)
        return call_tree(rows) if rows else never_started(tx, self._obstacle(tx, tx.gas_limit))

    # --- marks ----------------------------------------------------------------

    def snapshot(self) -> int:
        """Mark the state."""
        return self._evm.mark()

    def restore(self, snapshot: int) -> None:
        """Go back to a mark. Raises EngineError for one that is unknown or forgotten."""
        if not self._evm.restore(snapshot):
            self._unknown(snapshot)

    def release(self, snapshot: int) -> None:
        """Forget a mark and keep the state. Raises EngineError for an unknown one."""
        if not self._evm.release(snapshot):
            self._unknown(snapshot)

    # --- reads and decrees ----------------------------------------------------

    def balance(self, address: Address) -> int:
        """Native balance in wei."""
        return _asked(self._evm.balance, address)

    def native_supply(self) -> int:
        """All native money there is: the sum over all accounts, in wei."""
        return self._evm.native_supply()

    def nonce(self, address: Address) -> int:
        """Number of transactions that the account has sent (or contracts created)."""
        return _asked(self._evm.nonce, address)

    def code(self, address: Address) -> bytes:
        """Deployed code, b"" where there is none."""
        return _asked(self._evm.code, address)

    def storage(self, address: Address, slot: int) -> int:
        """One storage slot."""
        check_word(slot, "slot")
        return _asked(self._evm.storage, address, slot)

    def set_balance(self, address: Address, wei: int) -> None:
        """Give an account a balance by decree."""
        check_word(wei, "balance")
        _asked(self._evm.set_balance, address, wei)

    def set_code(self, address: Address, code: bytes) -> None:
        """Give an account its code by decree."""
        _asked(self._evm.set_code, address, bytes(code))

    def set_storage(self, address: Address, slot: int, value: int) -> None:
        """Set one storage slot by decree."""
        check_word(slot, "slot")
        check_word(value, "slot's value")
        _asked(self._evm.set_storage, address, slot, value)

    def state_root(self) -> bytes:
        """Root of the Merkle-Patricia trie over all accounts, computed now."""
        return self._evm.state_root()

    # --- what revm refuses ----------------------------------------------------

    def _enter(self, block: BlockEnv) -> None:
        if block is not self._block:
            check_block(block)
            self._evm.enter(block)
            self._block = block

    def _execute_all(self, txs: list[Transaction], block: BlockEnv) -> dexsim_revm.Verdicts:
        may_send = [tx.sender in self.impersonated for tx in txs]
        try:
            self._enter(block)
            return self._evm.execute_all(txs, may_send)
        except dexsim_revm.Fault as error:
            _fail(error)

    def _obstacle(self, tx: Transaction, gas: int) -> str:
        return obstacle(tx, gas, self.balance(tx.sender), prague=self.fork == "prague")

    def _sender(self, address: Address) -> Sender:
        return Sender(self.nonce(address), self.balance(address), self.code(address))

    def _rejection(
        self, tx: Transaction, block: BlockEnv, sender: Sender, error: Exception | None = None
    ) -> TransactionRejected:
        try:
            self._refuse(tx, block, sender, error)
        except TransactionRejected as rejection:
            return rejection

    def _refuse(
        self, tx: Transaction, block: BlockEnv, sender: Sender, error: Exception | None = None
    ) -> NoReturn:
        """Say why revm does not take a transaction, in the words of every engine."""
        to_bytes(tx.sender)
        may_send = tx.sender in self.impersonated
        admit(tx, block, sender, prague=self.fork == "prague", contract_may_send=may_send)
        _name_misfit(tx, error or EngineError("revm refuses it and does not say why"))

    def _unknown(self, snapshot: int) -> NoReturn:
        known = ", ".join(map(str, self._evm.open_marks())) or "none"
        raise EngineError(f"there is no snapshot {snapshot} (open: {known})")


def _name_misfit(tx: Transaction, error: Exception) -> NoReturn:
    """Say what no EVM takes: a number out of range, or no address."""
    check_transaction(tx)
    raise EngineError(f"{tx.what or 'a transaction'} from {tx.sender}: {error}") from error


def _fail(error: Exception) -> NoReturn:
    raise EngineError(f"revm failed: {error}") from error


def _asked(ask: Callable[..., T], address: Address, *numbers: Any) -> T:
    try:
        return ask(address, *numbers)
    except dexsim_revm.Unfit as error:
        to_bytes(address)  # says what is wrong with an address
        raise EngineError(str(error)) from error
    except dexsim_revm.Fault as error:
        _fail(error)
