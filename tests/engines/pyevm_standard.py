"""py-evm's standard path: its own account database over tries, its own loop and executor."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Any

from eth.constants import BLANK_ROOT_HASH
from eth.db.atomic import AtomicDB
from eth.vm.execution_context import ExecutionContext
from eth.vm.forks.cancun import CancunVM
from eth.vm.forks.prague import PragueVM
from eth.vm.forks.shanghai import ShanghaiVM
from eth.vm.spoof import SpoofTransaction

from dexsim.chain.address import from_bytes, to_bytes
from dexsim.chain.hashing import block_hash
from dexsim.chain.types import BlockEnv, Log, Transaction

VMS: dict[str, Any] = {"shanghai": ShanghaiVM, "cancun": CancunVM, "prague": PragueVM}


@dataclass(frozen=True)
class Outcome:
    """What the standard path says of one transaction."""

    status: bool
    gas_used: int
    gas_refunded: int
    logs: tuple[Log, ...]
    output: bytes
    created: str | None


class Standard:
    """A chain's state as py-evm itself keeps it."""

    def __init__(self, *, fork: str, chain_id: int) -> None:
        self.vm = VMS[fork]
        self.chain_id = chain_id
        self.state: Any = self.vm.get_state_class()(AtomicDB(), None, BLANK_ROOT_HASH)

    def decree(self, address: str, *, balance: int = 0, code: bytes = b"") -> None:
        """Give an account its balance and code."""
        self.state.set_balance(to_bytes(address), balance)
        if code:
            self.state.set_code(to_bytes(address), code)
        self.state.lock_changes()

    def execute(self, tx: Transaction, block: BlockEnv) -> Outcome:
        """Apply one transaction."""
        self.state.execution_context = self._context(block)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # of SELFDESTRUCT
            computation = self.state.apply_transaction(self._spoof(tx))
        self.state.lock_changes()
        spent = tx.gas_limit - computation.get_gas_remaining()
        refund = min(computation.get_gas_refund(), spent // 5)
        floor = computation.data_floor_gas
        return Outcome(
            status=computation.is_success,
            gas_used=spent - refund + floor,
            gas_refunded=0 if floor else refund,
            logs=tuple(
                Log(from_bytes(address), tuple(t.to_bytes(32, "big") for t in topics), data)
                for address, topics, data in computation.get_log_entries()
            ),
            output=computation.output,
            created=from_bytes(computation.msg.storage_address)
            if tx.to is None and computation.is_success
            else None,
        )

    def state_root(self) -> bytes:
        """Root of py-evm's own trie."""
        return bytes(self.state.make_state_root())

    def _spoof(self, tx: Transaction) -> Any:
        builder = self.vm.get_transaction_builder()
        unsigned = builder.new_unsigned_dynamic_fee_transaction(
            chain_id=self.chain_id,
            nonce=tx.nonce,
            max_priority_fee_per_gas=tx.max_priority_fee_per_gas,
            max_fee_per_gas=tx.max_fee_per_gas,
            gas=tx.gas_limit,
            to=b"" if tx.to is None else to_bytes(tx.to),
            value=tx.value,
            data=tx.data,
            access_list=[(to_bytes(address), slots) for address, slots in tx.access_list],
        )
        return SpoofTransaction(
            unsigned, from_=to_bytes(tx.sender), sender=to_bytes(tx.sender), s=1, type_id=2
        )

    def _context(self, block: BlockEnv) -> Any:
        return ExecutionContext(
            coinbase=to_bytes(block.coinbase),
            timestamp=block.timestamp,
            block_number=block.number,
            difficulty=0,
            mix_hash=block.prev_randao.to_bytes(32, "big"),
            gas_limit=block.gas_limit,
            prev_hashes=[
                block_hash(self.chain_id, number)
                for number in range(block.number - 1, max(-1, block.number - 257), -1)
            ],
            chain_id=self.chain_id,
            base_fee_per_gas=block.base_fee,
            excess_blob_gas=0,
        )
