"""The rows of the table `transactions`."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import NamedTuple

from dexsim.chain.reasons import revert_reason
from dexsim.chain.types import AccessList, Receipt
from dexsim.making import tuple_constructor
from dexsim.results.columns import WeiCells
from dexsim.results.derived_rows import Cells, DerivedRows, each
from dexsim.results.tables import TRANSACTIONS


class Executed(NamedTuple):
    """A transaction in its block, and what is known of it beside its receipt; see the table."""

    block: int
    position: int
    base_fee: int
    receipt: Receipt
    agent: str
    role: str
    kind: str
    visibility: str
    bundle: int | None
    submitted_block: int
    arrival_ms: int


make_executed = tuple_constructor(Executed)
"""`Executed(...)`, only faster."""


def transaction_rows() -> DerivedRows[Executed]:
    """None yet."""
    own = each("block", "position", "agent", "role", "kind", "visibility", "bundle")
    own |= each("submitted_block", "arrival_ms")
    of_receipt = each("status", "gas_used", "effective_gas_price", of="receipt")
    of_tx = each("what", "sender", "to", "nonce", "data", "gas_limit", of="receipt.transaction")
    of_tx |= each("max_fee_per_gas", "max_priority_fee_per_gas", of="receipt.transaction")
    made: dict[str, Cells[Executed]] = {
        "tx_hash": _hashes,
        "reason": _reasons,
        "tip": _tips,
        "value": _values,
        "access_list": _access_lists,
    }
    return DerivedRows(TRANSACTIONS, own | of_receipt | of_tx | made)


def _hashes(done: Sequence[Executed]) -> list[str]:
    return ["0x" + each.receipt.tx_hash.hex() for each in done]


def _reasons(done: Sequence[Executed]) -> list[str]:
    return ["" if each.receipt.status else _reason(each.receipt) for each in done]


def _reason(receipt: Receipt) -> str:
    return receipt.halt or revert_reason(receipt.output)


def _tips(done: Sequence[Executed]) -> WeiCells:
    return WeiCells([each.receipt.fee - each.base_fee * each.receipt.gas_used for each in done])


def _values(done: Sequence[Executed]) -> WeiCells:
    return WeiCells([each.receipt.transaction.value for each in done])


def _access_lists(done: Sequence[Executed]) -> list[bytes]:
    return [_access_list(each.receipt.transaction.access_list) for each in done]


def _access_list(entries: AccessList) -> bytes:
    if not entries:
        return b""
    return json.dumps(
        [[address, [hex(slot) for slot in slots]] for address, slots in entries]
    ).encode()
