"""Which transactions a block may hold: the checks that come before execution."""

from __future__ import annotations

from typing import NamedTuple

from dexsim.chain.intrinsic import needed_gas
from dexsim.chain.types import BlockEnv, Transaction
from dexsim.errors import EngineError, TransactionRejected

MAX_INITCODE_BYTES = 49_152
MAX_NONCE = 2**64 - 1
DELEGATION_PREFIX = b"\xef\x01\x00"
DELEGATION_BYTES = 23


class Sender(NamedTuple):
    """What a block knows of the account that a transaction comes from."""

    nonce: int
    balance: int
    code: bytes


def admit(
    tx: Transaction,
    block: BlockEnv,
    sender: Sender,
    *,
    prague: bool,
    contract_may_send: bool = False,
) -> None:
    """Raise TransactionRejected, saying why, unless the block may hold the transaction.

    contract_may_send: whether a sender may have code, which EIP-3607 forbids.
    """
    if tx.nonce is None or tx.max_fee_per_gas is None:
        raise EngineError(f"{_who(tx)} has no nonce or no fee yet: complete it first")
    _check_fees(tx, tx.max_fee_per_gas, block)
    _check_gas(tx, block, prague=prague)
    _check_nonce(tx, tx.nonce, sender.nonce)
    if not contract_may_send:
        _check_sender(tx, sender.code, prague=prague)
    _check_funds(tx, tx.max_fee_per_gas, sender.balance)


def _check_fees(tx: Transaction, max_fee: int, block: BlockEnv) -> None:
    if max_fee < block.base_fee:
        raise TransactionRejected(
            f"{_who(tx)} pays at most {max_fee} wei per gas, "
            f"block {block.number} asks for {block.base_fee}"
        )
    if tx.max_priority_fee_per_gas > max_fee:
        raise TransactionRejected(
            f"{_who(tx)} tips {tx.max_priority_fee_per_gas} wei per gas, "
            f"more than the {max_fee} that it pays at most"
        )


def _check_gas(tx: Transaction, block: BlockEnv, *, prague: bool) -> None:
    if tx.gas_limit > block.gas_limit:
        raise TransactionRejected(
            f"{_who(tx)} has a gas limit of {tx.gas_limit}, "
            f"block {block.number} one of {block.gas_limit}"
        )
    needed = needed_gas(tx, prague=prague)
    if tx.gas_limit < needed:
        raise TransactionRejected(
            f"{_who(tx)} has a gas limit of {tx.gas_limit}, it needs {needed} to begin with"
        )
    if tx.to is None and len(tx.data) > MAX_INITCODE_BYTES:
        raise TransactionRejected(
            f"{_who(tx)} has {len(tx.data)} bytes of initcode, {MAX_INITCODE_BYTES} are allowed"
        )


def _check_nonce(tx: Transaction, nonce: int, expected: int) -> None:
    if nonce != expected:
        low_or_high = "low" if nonce < expected else "high"
        raise TransactionRejected(
            f"{_who(tx)} has nonce {nonce}, too {low_or_high}: the sender's next is {expected}"
        )
    if nonce >= MAX_NONCE:
        raise TransactionRejected(f"{_who(tx)} has nonce {nonce}, the last is {MAX_NONCE - 1}")


def _check_sender(tx: Transaction, code: bytes, *, prague: bool) -> None:
    delegated = len(code) == DELEGATION_BYTES and code.startswith(DELEGATION_PREFIX)
    if code and not (prague and delegated):
        raise TransactionRejected(f"{_who(tx)} comes from a contract, which cannot send (EIP-3607)")


def _check_funds(tx: Transaction, max_fee: int, balance: int) -> None:
    needed = tx.gas_limit * max_fee + tx.value
    if balance < needed:
        raise TransactionRejected(
            f"{_who(tx)} needs {needed} wei (gas limit {tx.gas_limit} x {max_fee} "
            f"+ value {tx.value}), the sender has {balance}"
        )


def _who(tx: Transaction) -> str:
    what = tx.what or ("a transaction" if tx.to else "a deployment")
    return f"{what} from {tx.sender}"
