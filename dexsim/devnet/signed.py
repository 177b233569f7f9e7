"""Signed transactions as raw bytes: types 0, 1 and 2."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from eth_hash.auto import keccak

from dexsim.chain.address import from_bytes
from dexsim.chain.types import AccessList, Address, Transaction
from dexsim.devnet.faults import REFUSED, Fault, bad_params
from dexsim.devnet.ledger import Arrival
from dexsim.devnet.requests import DYNAMIC_FEE, LEGACY, WITH_ACCESS_LIST

Rlp: TypeAlias = "bytes | list[Rlp]"

_TYPED_BELOW = 0x80  # the first byte of a legacy transaction is that of an RLP list
_HALF_ORDER = 0x7FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF5D576E7357A4501DDFE92F46681B20A0


@dataclass(frozen=True, kw_only=True)
class Signed:
    """A signed transaction. chain_id: None where its signature holds on every chain."""

    tx: Transaction
    arrival: Arrival
    chain_id: int | None


def read_signed(raw: bytes) -> Signed:
    """Raw bytes as a transaction with its sender. Raises Fault for what is none."""
    kind = raw[0] if raw and raw[0] < _TYPED_BELOW else LEGACY
    if kind > DYNAMIC_FEE:
        raise Fault(REFUSED, f"transactions of type {kind} are not supported; 0, 1 and 2 are")
    sender = _sender(raw)
    parts = _rlp(raw[1:] if kind else raw)[0]
    signed = (_legacy if kind == LEGACY else _typed)(parts, kind, sender, keccak(raw))
    # EIP-2: of the two signatures that fit, only the lower is valid; eth-account takes both.
    if signed.arrival.s > _HALF_ORDER:
        raise Fault(REFUSED, "the signature's s is in the upper half of the curve (EIP-2)")
    return signed


def _sender(raw: bytes) -> Address:
    """Who signed. This checks the encoding too, so that what follows can trust it."""
    from eth_account import Account

    try:
        return str(Account.recover_transaction(raw))
    except Exception as error:  # noqa: BLE001 - the decoders below it raise whatever they like
        told = str(error) or type(error).__name__
        raise bad_params(f"these bytes are no signed transaction: {told}") from None


def _legacy(parts: Any, kind: int, sender: Address, tx_hash: bytes) -> Signed:
    nonce, price, gas, to, value, data, v, r, s = parts
    tx = _transaction(sender, (price, price), (nonce, gas, to, value, data))
    v = _int(v)
    chain_id = (v - 35) // 2 if v >= 35 else None  # EIP-155
    arrival = Arrival(tx_hash=tx_hash, kind=kind, v=v, r=_int(r), s=_int(s))
    return Signed(tx=tx, arrival=arrival, chain_id=chain_id)


def _typed(parts: Any, kind: int, sender: Address, tx_hash: bytes) -> Signed:
    if kind == WITH_ACCESS_LIST:
        chain_id, nonce, price, *rest = parts
        fees = (price, price)
    else:
        chain_id, nonce, tip, most, *rest = parts
        fees = (most, tip)
    gas, to, value, data, listed, v, r, s = rest
    access = tuple((from_bytes(address), tuple(map(_int, slots))) for address, slots in listed)
    tx = _transaction(sender, fees, (nonce, gas, to, value, data), access)
    arrival = Arrival(tx_hash=tx_hash, kind=kind, v=_int(v), r=_int(r), s=_int(s))
    return Signed(tx=tx, arrival=arrival, chain_id=_int(chain_id))


def _transaction(
    sender: Address,
    fees: tuple[bytes, bytes],
    parts: Sequence[bytes],
    access_list: AccessList = (),
) -> Transaction:
    nonce, gas, to, value, data = parts
    return Transaction(
        sender=sender,
        nonce=_int(nonce),
        max_fee_per_gas=_int(fees[0]),
        max_priority_fee_per_gas=_int(fees[1]),
        gas_limit=_int(gas),
        to=from_bytes(to) if to else None,
        value=_int(value),
        data=data,
        access_list=access_list,
    )


def _int(raw: bytes) -> int:
    return int.from_bytes(raw, "big")


def _rlp(raw: bytes) -> tuple[Rlp, bytes]:
    """The first item of an encoding that was checked already, and what comes after it."""
    first = raw[0]
    if first < 0x80:
        return raw[:1], raw[1:]
    base = 0x80 if first < 0xC0 else 0xC0
    start, length = 1, first - base
    if length > 55:
        start = 1 + length - 55
        length = _int(raw[1:start])
    content, rest = raw[start : start + length], raw[start + length :]
    if base == 0x80:
        return content, rest
    items: list[Rlp] = []
    while content:
        item, content = _rlp(content)
        items.append(item)
    return items, rest
