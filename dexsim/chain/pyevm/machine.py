"""py-evm's state, executor and computation of a fork, over the flat store."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from eth.exceptions import VMError
from eth.vm.execution_context import ExecutionContext
from eth.vm.forks.cancun.state import CancunState
from eth.vm.forks.frontier.state import FrontierTransactionExecutor
from eth.vm.forks.prague.state import PragueState
from eth.vm.forks.shanghai.state import ShanghaiState
from eth.vm.opcode_values import (
    CALL,
    CALLCODE,
    CREATE,
    CREATE2,
    DELEGATECALL,
    SELFDESTRUCT,
    STATICCALL,
)

from dexsim.chain.address import to_bytes
from dexsim.chain.hashing import visible_block_hash
from dexsim.chain.pyevm.halts import CodeTooLarge, InitcodeTooLarge
from dexsim.chain.pyevm.interpreter import run
from dexsim.chain.pyevm.memoryops import MEMORY_OPS
from dexsim.chain.pyevm.program import Decoder
from dexsim.chain.pyevm.store import FlatStore
from dexsim.chain.types import BlockEnv
from dexsim.errors import EngineError

STATES: dict[str, type[Any]] = {
    "shanghai": ShanghaiState,
    "cancun": CancunState,
    "prague": PragueState,
}
CALLING = {
    CALL: "CALL",
    CALLCODE: "CALLCODE",
    DELEGATECALL: "DELEGATECALL",
    STATICCALL: "STATICCALL",
    CREATE: "CREATE",
    CREATE2: "CREATE2",
}
MAX_CODE_BYTES = 24_576
MAX_INITCODE_BYTES = 49_152


def build_state(fork: str, store: FlatStore) -> Any:
    """A state of py-evm for a fork by name, over the store."""
    if fork not in STATES:
        raise EngineError(f"there is no fork {fork!r}; there are: {', '.join(STATES)}")
    base = STATES[fork]
    opcodes = _opcodes(base.computation_class.opcodes)
    computation = type(
        "Computation",
        (_Computation, base.computation_class),
        {"opcodes": opcodes, "decoder": Decoder(opcodes)},
    )
    executor = type("Executor", (_Executor, base.transaction_executor_class), {})
    state = type(
        "State",
        (_State, base),
        {"computation_class": computation, "transaction_executor_class": executor},
    )
    return state(store)


def context_of(block: BlockEnv, chain_id: int) -> ExecutionContext:
    """What py-evm's opcodes read of a block."""
    return ExecutionContext(
        coinbase=to_bytes(block.coinbase),  # type: ignore[arg-type]
        timestamp=block.timestamp,
        block_number=block.number,  # type: ignore[arg-type]
        difficulty=0,
        mix_hash=block.prev_randao.to_bytes(32, "big"),  # type: ignore[arg-type]
        gas_limit=block.gas_limit,
        prev_hashes=(),
        chain_id=chain_id,
        base_fee_per_gas=block.base_fee,
        excess_blob_gas=0,
    )


def _opcodes(opcodes: dict[int, Any]) -> dict[int, Any]:
    own = {**opcodes, **MEMORY_OPS}
    # py-evm wraps SELFDESTRUCT into a warning about its deprecation.
    own[SELFDESTRUCT] = getattr(own[SELFDESTRUCT], "__wrapped__", own[SELFDESTRUCT])
    for value, kind in CALLING.items():
        own[value] = _noting(kind, own[value])
    return own


def _noting(kind: str, opcode: Callable[..., None]) -> Callable[..., None]:
    # A message of py-evm does not say which instruction sent it.
    def noted(computation: Any) -> None:
        computation.calling = kind
        opcode(computation)

    return noted


class _State:
    """Reads and writes go to the flat store, and a snapshot is a position in its log."""

    execution_context: Any

    def __init__(self, store: FlatStore) -> None:
        self._account_db = store
        for name in (
            "get_storage",
            "set_storage",
            "delete_storage",
            "delete_account",
            "get_balance",
            "set_balance",
            "delta_balance",
            "get_nonce",
            "set_nonce",
            "increment_nonce",
            "get_code",
            "set_code",
            "get_code_hash",
            "has_code_or_nonce",
            "account_exists",
            "touch_account",
            "account_is_empty",
            "is_storage_warm",
            "mark_storage_warm",
            "mark_address_warm",
            "get_transient_storage",
            "set_transient_storage",
        ):
            # Bound here, one layer of py-evm's delegation is gone.
            setattr(self, name, getattr(store, name))
        self.snapshot = store.checkpoint
        self.revert = store.rewind

    def commit(self, checkpoint: int) -> None:
        """Keep what was written: nothing to do."""

    def clear_transient_storage(self) -> None:
        """The store forgets it at the end of the transaction."""

    def get_ancestor_hash(self, block_number: int) -> bytes:
        """What BLOCKHASH gives."""
        context = self.execution_context
        return visible_block_hash(context.chain_id, block_number, current=context.block_number)

    def get_gas_price(self, transaction: Any) -> int:
        """Wei per gas that the sender pays."""
        return int(transaction.gas_price)

    def get_tip(self, transaction: Any) -> int:
        """Wei per gas for the coinbase."""
        return int(transaction.tip)

    def get_transaction_context(self, transaction: Any) -> Any:
        """Origin and gas price for the opcodes."""
        return self.transaction_context_class(  # type: ignore[attr-defined]
            gas_price=transaction.gas_price, origin=transaction.sender
        )


class _Executor:
    """py-evm's transaction executor without its checks, which `admission` has done."""

    vm_state: Any

    def __call__(self, transaction: Any) -> Any:
        """Execute; the result carries `gas_used` and `gas_refunded` of the whole transaction."""
        message = self.build_evm_message(transaction)  # type: ignore[attr-defined]
        try:
            computation = self.build_computation(message, transaction)  # type: ignore[attr-defined]
        except VMError as error:
            # Errors from before the first instruction: only a read can have them.
            context = self.vm_state.get_transaction_context(transaction)
            computation = self.vm_state.get_computation(message, context)
            computation.error = error
        # Touched accounts that are empty are absent from the store anyway,
        # which leaves the part of Frontier's finalisation.
        FrontierTransactionExecutor.finalize_computation(self, transaction, computation)  # type: ignore[arg-type]
        self._count_gas(transaction, computation)
        return computation

    def _count_gas(self, transaction: Any, computation: Any) -> None:
        spent = transaction.gas - computation.get_gas_remaining()
        refund = self.calculate_gas_refund(computation, spent)  # type: ignore[attr-defined]
        floor = computation.data_floor_gas
        computation.gas_used = spent - refund + floor
        computation.gas_refunded = 0 if floor else refund


class _Computation:
    """py-evm's computation that knows which instruction called."""

    children: list[Any]
    _memory: Any
    contracts_created: list[bytes]
    decoder: Decoder
    calling = ""
    kind = ""

    @classmethod
    def apply_computation(
        cls, state: Any, message: Any, transaction_context: Any, parent_computation: Any = None
    ) -> Any:
        """Run one message: py-evm's method with the loop of `interpreter`."""
        # Entering a computation turns the EVM's errors into its `error`.
        with cls(state, message, transaction_context) as computation:  # type: ignore[call-arg, attr-defined]
            # Who may destroy itself (EIP-6780): what this transaction created.
            created = [] if parent_computation is None else parent_computation.contracts_created
            computation.contracts_created = created
            if message.is_create:
                created.append(message.storage_address)
            precompile = computation.precompiles.get(message.code_address)
            if precompile is None:
                run(cls.decoder.decode(message.code), computation)
            elif not message.is_delegation:
                precompile(computation)
        return computation

    def extend_memory(self, start_position: int, size: int) -> None:
        """Charge and grow the memory, but only where it grows."""
        if size and start_position + size > len(self._memory._bytes):
            super().extend_memory(start_position, size)  # type: ignore[misc]

    def apply_child_computation(self, child_msg: Any) -> Any:
        """Run a child and note the kind of call."""
        kind = self.calling
        child = super().apply_child_computation(child_msg)  # type: ignore[misc]
        child.kind = kind
        return child

    @classmethod
    def consume_initcode_gas_cost(cls, computation: Any) -> None:
        """Nothing: it is part of the intrinsic gas (EIP-3860)."""

    @classmethod
    def validate_create_message(cls, message: Any) -> None:
        """Refuse initcode above EIP-3860's limit."""
        if len(message.code) > MAX_INITCODE_BYTES:
            raise InitcodeTooLarge(len(message.code))

    @classmethod
    def validate_contract_code(cls, contract_code: bytes) -> None:
        """Refuse code above EIP-170's limit."""
        if len(contract_code) > MAX_CODE_BYTES:
            raise CodeTooLarge(len(contract_code))
        super().validate_contract_code(contract_code)  # type: ignore[misc]
