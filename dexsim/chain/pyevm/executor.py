"""py-evm's transaction executor, for transactions that were admitted already."""

from __future__ import annotations

from typing import Any

from eth.vm.forks.frontier.state import FrontierTransactionExecutor


class AdmittedExecutor:
    """py-evm's transaction executor without its checks, which `admission` has done."""

    vm_state: Any

    def __call__(self, transaction: Any) -> Any:
        """Execute; the result carries `gas_used` and `gas_refunded` of the whole transaction."""
        message = self.build_evm_message(transaction)  # type: ignore[attr-defined]
        computation = self.build_computation(message, transaction)  # type: ignore[attr-defined]
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
