"""Forks by name, put together from py-evm's and our own parts."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from eth.vm.execution_context import ExecutionContext
from eth.vm.forks.cancun.state import CancunState
from eth.vm.forks.prague.state import PragueState
from eth.vm.forks.shanghai.state import ShanghaiState

from dexsim.chain.address import to_bytes
from dexsim.chain.pyevm.computation import DecodedComputation, own_opcodes
from dexsim.chain.pyevm.executor import AdmittedExecutor
from dexsim.chain.pyevm.precompiles import own_precompiles
from dexsim.chain.pyevm.program import decoder
from dexsim.chain.pyevm.recording import run_recorded
from dexsim.chain.pyevm.state import FlatState
from dexsim.chain.pyevm.store import FlatStore
from dexsim.chain.types import BlockEnv
from dexsim.errors import EngineError

STATES: dict[str, type[Any]] = {
    "shanghai": ShanghaiState,
    "cancun": CancunState,
    "prague": PragueState,
}


def build_state(fork: str, store: FlatStore) -> Any:
    """A state of py-evm for a fork by name, over the store."""
    if fork not in STATES:
        raise EngineError(f"there is no fork {fork!r}; there are: {', '.join(STATES)}")
    base = STATES[fork]
    opcodes = own_opcodes(base.computation_class.opcodes)
    computation = type(
        "Computation",
        (DecodedComputation, base.computation_class),
        {
            "opcodes": opcodes,
            "_precompiles": own_precompiles(base.computation_class._precompiles),
            "program_of": staticmethod(decoder(opcodes)),
        },
    )
    recorded = type(
        "RecordedComputation",
        (computation,),
        {
            "program_of": staticmethod(decoder(opcodes, stepping=True)),
            "run": staticmethod(run_recorded),
        },
    )
    executor = type("Executor", (AdmittedExecutor, base.transaction_executor_class), {})
    state = type(
        "State",
        (FlatState, base),
        {
            "computation_class": computation,
            "recorded_class": recorded,
            "transaction_executor_class": executor,
        },
    )
    return state(store)


@contextmanager
def recording(state: Any, *, on: bool) -> Iterator[None]:
    """Inside the `with`, computations of this state note every instruction; if not `on`, nothing."""
    plain = state.computation_class
    if on:
        state.computation_class = state.recorded_class
    try:
        yield
    finally:
        state.computation_class = plain


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
