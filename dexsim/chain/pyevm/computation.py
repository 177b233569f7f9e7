"""py-evm's computation, with the loop of `interpreter` and the kind of every call noted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from eth import exceptions as evm
from eth.vm import opcode_values as op

from dexsim.chain.admission import MAX_INITCODE_BYTES
from dexsim.chain.pyevm.halts import CodeTooLarge, InitcodeTooLarge
from dexsim.chain.pyevm.interpreter import run
from dexsim.chain.pyevm.memoryops import MEMORY_OPS
from dexsim.chain.pyevm.program import Program

MAX_CODE_BYTES = 24_576
MOST_MEMORY = 2**64 - 1
WARM_GAS = 100
"""The least that it costs to look at an account or a slot (EIP-2929)."""

ACCESSING = (
    *(op.BALANCE, op.EXTCODESIZE, op.EXTCODECOPY, op.EXTCODEHASH, op.SLOAD),
    *(op.CALL, op.CALLCODE, op.DELEGATECALL, op.STATICCALL),
)
CALLING = {
    op.CALL: "CALL",
    op.CALLCODE: "CALLCODE",
    op.DELEGATECALL: "DELEGATECALL",
    op.STATICCALL: "STATICCALL",
    op.CREATE: "CREATE",
    op.CREATE2: "CREATE2",
}


class DecodedComputation:
    """py-evm's computation that knows which instruction called."""

    children: list[Any]
    _memory: Any
    contracts_created: list[bytes]
    program_of: Callable[[bytes], Program]
    run: Callable[[Program, Any], None] = staticmethod(run)
    calling = ""
    kind = ""
    recording: Any = None

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
                cls.run(cls.program_of(message.code), computation)
            elif not message.is_delegation:
                precompile(computation)
        return computation

    def extend_memory(self, start_position: int, size: int) -> None:
        """Charge and grow the memory, but only where it grows."""
        if size and start_position + size > len(self._memory._bytes):
            super().extend_memory(start_position, size)  # type: ignore[misc]

    def apply_child_computation(self, child_msg: Any) -> Any:
        """Run a child and note the kind of call."""
        child = super().apply_child_computation(child_msg)  # type: ignore[misc]
        child.kind = self.calling
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


def own_opcodes(opcodes: dict[int, Any]) -> dict[int, Any]:
    """A fork's instructions by number, with ours in the place of some."""
    own = {**opcodes, **MEMORY_OPS}
    # py-evm wraps SELFDESTRUCT into a warning about its deprecation.
    destroying = own[op.SELFDESTRUCT]
    own[op.SELFDESTRUCT] = getattr(destroying, "__wrapped__", destroying)
    for value in ACCESSING:
        own[value] = _warm_at_least(own[value])
    own[op.SSTORE] = _given_two(own[op.SSTORE])
    own[op.RETURNDATACOPY] = _affordable(own[op.RETURNDATACOPY])
    for value in (op.CREATE, op.CREATE2):
        own[value] = _sized(own[value])
    for value, kind in CALLING.items():
        own[value] = _noting(kind, own[value])
    return own


def _warm_at_least(opcode: Callable[..., None]) -> Callable[..., None]:
    # py-evm takes the price from the meter after the arguments from the stack.
    def accessed(computation: Any) -> None:
        if computation._gas_meter.gas_remaining < WARM_GAS:
            raise evm.OutOfGas(f"needed {WARM_GAS}")
        opcode(computation)

    return accessed


def _given_two(sstore: Callable[..., None]) -> Callable[..., None]:
    # py-evm looks at the stipend (EIP-2200) before it takes slot and value from the stack.
    def stored(computation: Any) -> None:
        if len(computation._stack.values) < 2 and not computation.msg.is_static:
            raise evm.InsufficientStack("wanted 2 stack items")
        sstore(computation)

    return stored


def _affordable(returndatacopy: Callable[..., None]) -> Callable[..., None]:
    # py-evm asks whether there is so much data before it asks for gas, of which no amount would do.
    def copied(computation: Any) -> None:
        stack = computation._stack.values
        if len(stack) >= 3 and stack[-3] > MOST_MEMORY:
            raise evm.OutOfGas(f"no gas pays for {stack[-3]} bytes")
        returndatacopy(computation)

    return copied


def _sized(create: Callable[..., None]) -> Callable[..., None]:
    # py-evm asks for the gas before it looks at the size of the initcode.
    def created(computation: Any) -> None:
        stack = computation._stack.values
        size = stack[-3] if len(stack) >= 3 else 0
        if MAX_INITCODE_BYTES < size <= MOST_MEMORY and not computation.msg.is_static:
            raise InitcodeTooLarge(size)
        create(computation)

    return created


def _noting(kind: str, opcode: Callable[..., None]) -> Callable[..., None]:
    # A message of py-evm does not say which instruction sent it.
    def noted(computation: Any) -> None:
        computation.calling = kind
        opcode(computation)

    return noted
