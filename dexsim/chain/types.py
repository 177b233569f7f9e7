"""What crosses the border between dexsim and an EVM: frozen values, no behaviour.

Addresses are EIP-55 checksummed strings everywhere above an engine, amounts
are integers in wei, times are integers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

from dexsim.making import constructor

Address: TypeAlias = str
AccessList: TypeAlias = tuple[tuple[Address, tuple[int, ...]], ...]

DEFAULT_GAS_LIMIT = 1_000_000
"""Gas limit of a transaction whose sender named none; unused gas costs nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Transaction:
    """What goes to the chain: an EIP-1559 transaction, unsigned.

    nonce, max_fee_per_gas: None means "the sender's next" and "whatever the
    block asks for, plus the tip"; `complete` fills them in.
    to: None creates a contract from `data`.
    what: for people, e.g. "router.swap"; no part of the transaction's identity.
    """

    sender: Address
    to: Address | None
    data: bytes = b""
    value: int = 0
    gas_limit: int = DEFAULT_GAS_LIMIT
    max_priority_fee_per_gas: int = 0
    max_fee_per_gas: int | None = None
    nonce: int | None = None
    access_list: AccessList = ()
    what: str = field(default="", compare=False)

    @property
    def is_complete(self) -> bool:
        """Whether nonce and fee are fixed, as an engine needs them."""
        return self.nonce is not None and self.max_fee_per_gas is not None

    def complete(self, *, nonce: int, base_fee: int) -> Transaction:
        """This transaction with its open fields filled in.

        nonce: used where the transaction names none.
        base_fee: of the block (wei per gas); a missing `max_fee_per_gas`
            becomes `base_fee + max_priority_fee_per_gas`.
        """
        if self.is_complete:
            return self
        fee = self.max_fee_per_gas
        return make_transaction(
            sender=self.sender,
            to=self.to,
            data=self.data,
            value=self.value,
            gas_limit=self.gas_limit,
            max_priority_fee_per_gas=self.max_priority_fee_per_gas,
            max_fee_per_gas=base_fee + self.max_priority_fee_per_gas if fee is None else fee,
            nonce=nonce if self.nonce is None else self.nonce,
            access_list=self.access_list,
            what=self.what,
        )

    def changed(self, **fields: Any) -> Transaction:
        """This transaction with other values in some fields; as `dataclasses.replace`, only faster."""
        new = object.__new__(Transaction)
        for name in Transaction.__slots__:
            object.__setattr__(new, name, fields[name] if name in fields else getattr(self, name))
        return new

    def effective_tip(self, base_fee: int) -> int:
        """Wei per gas that go to the block's builder (EIP-1559); negative: cannot be included."""
        if self.max_fee_per_gas is None:
            return self.max_priority_fee_per_gas
        return min(self.max_priority_fee_per_gas, self.max_fee_per_gas - base_fee)


make_transaction = constructor(Transaction)
"""`Transaction(...)`, only faster."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockEnv:
    """What a transaction can see of the block that it stands in.

    timestamp: seconds since 1970. base_fee: wei per gas, burnt.
    coinbase: who receives the tips. prev_randao: EIP-4399's value.
    """

    number: int
    timestamp: int
    base_fee: int
    gas_limit: int
    coinbase: Address
    prev_randao: int = 0


@dataclass(frozen=True, slots=True)
class Log:
    """One event as the EVM records it."""

    address: Address
    topics: tuple[bytes, ...]
    data: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What became of one transaction in a block.

    transaction: complete, as executed. tx_hash: 32 bytes.
    status: True when it succeeded.
    gas_used: after refunds, intrinsic gas included. gas_refunded: as granted (EIP-3529 cap applied).
    effective_gas_price: wei per gas that the sender paid.
    output: returned data, or revert data; None where a node does not tell.
    contract_address: of the contract that this transaction created, else None.
    halt: why the EVM stopped when it was not the contract that reverted
        ("out of gas", "invalid opcode", ...), else "".
    """

    transaction: Transaction
    tx_hash: bytes
    status: bool
    gas_used: int
    gas_refunded: int
    effective_gas_price: int
    logs: tuple[Log, ...]
    output: bytes | None
    contract_address: Address | None = None
    halt: str = ""

    @property
    def fee(self) -> int:
        """Wei that the sender paid for gas, burnt part and tip together."""
        return self.gas_used * self.effective_gas_price


@dataclass(frozen=True, slots=True, kw_only=True)
class CallResult:
    """What became of a read: a call that changes nothing."""

    status: bool
    output: bytes
    gas_used: int
    halt: str = ""


@dataclass(frozen=True, slots=True)
class StorageWrite:
    """One SSTORE: the slot of the frame's storage, and what it held before and after."""

    slot: int
    before: int
    after: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Steps:
    """What one frame executed, instruction by instruction.

    positions: in the frame's code (the program counter). gas: left before the
        instruction; both of one length.
    writes: of storage, in order, undone ones too.
    hashes: what was hashed of two words, by hash: the places of mapping entries.
    calls: for each call of the frame, in order, which step made it.
    """

    positions: Sequence[int]
    gas: Sequence[int]
    writes: tuple[StorageWrite, ...]
    hashes: Mapping[int, bytes]
    calls: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CallFrame:
    """One node of a call tree. gas_used excludes intrinsic gas; error is "" on success.

    code: what ran; of a creation the init code. steps: only where they were asked for.
    """

    kind: Literal["CALL", "STATICCALL", "DELEGATECALL", "CALLCODE", "CREATE", "CREATE2"]
    sender: Address
    to: Address | None
    value: int
    gas: int
    gas_used: int
    input: bytes
    output: bytes
    error: str
    logs: tuple[Log, ...]
    calls: tuple[CallFrame, ...]
    code: bytes = field(default=b"", repr=False)
    steps: Steps | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A finished block: its environment and the receipts in order."""

    env: BlockEnv
    receipts: tuple[Receipt, ...]

    @property
    def gas_used(self) -> int:
        """Gas of all transactions."""
        return sum(receipt.gas_used for receipt in self.receipts)
