"""Transactions as fields: what eth_call, eth_estimateGas and eth_sendTransaction are given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from dexsim.chain.types import DEFAULT_GAS_LIMIT, Address, Transaction
from dexsim.devnet.faults import bad_params
from dexsim.devnet.params import (
    read_access_list,
    read_address,
    read_bytes,
    read_fields,
    read_int,
)

LEGACY, WITH_ACCESS_LIST, DYNAMIC_FEE = 0, 1, 2
_DYNAMIC = ("maxFeePerGas", "maxPriorityFeePerGas")
_GAS_BOUND = 2**63
_NOBODY = "0x" + "00" * 20


@dataclass(frozen=True, kw_only=True)
class Request:
    """A transaction as somebody asks for it.

    tx: its gas limit stands for nothing where `gas` is None: the sender named none.
    kind: EIP-2718's type. chain_id: as named, if it was.
    """

    tx: Transaction
    kind: int
    gas: int | None
    chain_id: int | None

    def with_gas(self, gas: int) -> Transaction:
        """The transaction with this gas limit."""
        return replace(self.tx, gas_limit=gas)


def read_request(value: object) -> Request:
    """The fields of a transaction that is not signed."""
    fields = read_fields(value, "transaction")
    kind = _kind(fields)
    max_fee, tip = _fees(fields, kind)
    gas = _optional(fields, "gas", below=_GAS_BOUND)
    tx = Transaction(
        sender=read_address(fields.get("from", _NOBODY), "from"),
        to=_recipient(fields),
        data=_data(fields),
        value=_optional(fields, "value") or 0,
        gas_limit=DEFAULT_GAS_LIMIT if gas is None else gas,
        max_fee_per_gas=max_fee,
        max_priority_fee_per_gas=tip,
        nonce=_optional(fields, "nonce", below=2**64),
        access_list=read_access_list(fields.get("accessList", [])),
    )
    return Request(tx=tx, kind=kind, gas=gas, chain_id=_optional(fields, "chainId"))


def _optional(fields: Mapping[str, Any], name: str, **limit: int) -> int | None:
    return read_int(fields[name], name, **limit) if name in fields else None


def _recipient(fields: Mapping[str, Any]) -> Address | None:
    to = fields.get("to", "0x")
    return None if to in ("", "0x") else read_address(to, "to")


def _data(fields: Mapping[str, Any]) -> bytes:
    """`data` is the old name of `input`; clients send either, or both."""
    given = {read_bytes(fields[name], name) for name in ("input", "data") if name in fields}
    if len(given) > 1:
        raise bad_params("input and data are two names of one thing, and differ here")
    return given.pop() if given else b""


def _kind(fields: Mapping[str, Any]) -> int:
    """The type as named, or the oldest one that has all the fields given."""
    named = _optional(fields, "type")
    if named is None:
        if "gasPrice" not in fields:
            return DYNAMIC_FEE
        return WITH_ACCESS_LIST if "accessList" in fields else LEGACY
    if named > DYNAMIC_FEE:
        raise bad_params(f"transactions of type {named} are not supported; 0, 1 and 2 are")
    return named


def _fees(fields: Mapping[str, Any], kind: int) -> tuple[int | None, int]:
    """Most and tip in wei per gas; a gas price is both, and no price leaves it to the block."""
    foreign = ("gasPrice",) if kind == DYNAMIC_FEE else _DYNAMIC
    for name in foreign:
        if name in fields:
            raise bad_params(f"{name} does not belong to a transaction of type {kind}")
    if kind == DYNAMIC_FEE:
        return _optional(fields, _DYNAMIC[0]), _optional(fields, _DYNAMIC[1]) or 0
    price = _optional(fields, "gasPrice")
    return price, price or 0
