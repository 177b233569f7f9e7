"""What no EVM takes: numbers out of range and texts that are no addresses, told alike by every engine."""

from __future__ import annotations

from dexsim.chain.address import to_bytes
from dexsim.chain.types import BlockEnv, Transaction
from dexsim.errors import EngineError

WORD_BITS = 256
FEE_BITS = 128
"""Of a price of gas: more is more money than all accounts together can hold."""

COUNT_BITS = 64
"""Of gas, nonces and a block's base fee."""


def check_word(value: int, what: str) -> None:
    """Raise EngineError unless a number fits into a slot."""
    _check(value, WORD_BITS, f"a {what}")


def check_block(block: BlockEnv) -> None:
    """Raise EngineError for a number that no block can have, ScenarioError for a wrong coinbase."""
    of_block = f"of block {block.number}"
    to_bytes(block.coinbase)
    for name in ("number", "timestamp", "prev_randao"):
        _check(getattr(block, name), WORD_BITS, f"the {name} {of_block}")
    for name in ("base_fee", "gas_limit"):
        _check(getattr(block, name), COUNT_BITS, f"the {name} {of_block}")


def check_transaction(tx: Transaction) -> None:
    """Raise EngineError for a number that no transaction can have, ScenarioError for a wrong address."""
    check_read(tx)
    if tx.nonce is not None:
        _check(tx.nonce, COUNT_BITS, "the nonce", tx)
    for fee in (tx.max_fee_per_gas, tx.max_priority_fee_per_gas):
        if fee is not None:
            _check(fee, FEE_BITS, "a fee", tx)


def check_read(tx: Transaction) -> None:
    """The same for a read, which has neither nonce nor fees."""
    to_bytes(tx.sender)
    if tx.to is not None:
        to_bytes(tx.to)
    _check(tx.value, WORD_BITS, "the value", tx)
    _check(tx.gas_limit, COUNT_BITS, "the gas limit", tx)
    for address, slots in tx.access_list:
        to_bytes(address)
        for slot in slots:
            _check(slot, WORD_BITS, "a slot in the access list", tx)


def _check(value: int, bits: int, what: str, tx: Transaction | None = None) -> None:
    if value < 0 or value.bit_length() > bits:
        whose = f" of {tx.what or 'a transaction'} from {tx.sender}" if tx is not None else ""
        raise EngineError(f"{what}{whose} lies between 0 and 2**{bits} - 1, not at {value}")
