"""From names, signatures and scripts to what an exchange's ABI takes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from eth_abi import encode
from eth_hash.auto import keccak
from eth_keys.datatypes import PrivateKey

from tests.differential.operation import Script, Signature

if TYPE_CHECKING:
    from tests.differential.exchange import Exchange

CURVE_ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141


class Unnamed(LookupError):
    """A name that stands for nothing yet."""


def at(exchange: Exchange, name: str) -> str:
    """The address of a name, or the literal address itself. Raises Unnamed."""
    known = exchange.address.get(name)
    if known is None and ("/" in name or not name.startswith("0x")):
        raise Unnamed(name)
    return known or name


def plain(exchange: Exchange, args: Iterable[Any]) -> list[Any]:
    """The arguments of one call."""
    values: list[Any] = []
    for arg in args:
        if isinstance(arg, Signature):
            values += sign(exchange, arg)
        else:
            values.append(_value(exchange, arg))
    return values


def _value(exchange: Exchange, arg: Any) -> Any:
    if isinstance(arg, str):
        return at(exchange, arg)
    if isinstance(arg, list):
        return [_value(exchange, each) for each in arg]
    if isinstance(arg, Script):
        return _callback_data(exchange, arg)
    return arg


def _callback_data(exchange: Exchange, script: Script) -> bytes:
    steps = [
        (
            int(exchange.address[target], 16) + must * 2**160,
            exchange.calldata(target, function, args),
        )
        for target, must, function, args in script.steps
    ]
    return encode(["(uint256,bytes)[]"], [steps])


def sign(exchange: Exchange, permit: Signature) -> tuple[int, bytes, bytes]:
    """(v, r, s): EIP-2612 over the pool's own domain, with the nonce that it has now."""
    at(exchange, permit.pool)
    domain = exchange.ask(permit.pool, "DOMAIN_SEPARATOR")
    words = [
        exchange.address[permit.owner],
        exchange.address[permit.spender],
        permit.amount,
        exchange.ask(permit.pool, "nonces", permit.owner) + permit.nonce_ahead,
        permit.deadline,
    ]
    kinds = ["bytes32", "address", "address", "uint256", "uint256", "uint256"]
    typehash = exchange.ask(permit.pool, "PERMIT_TYPEHASH")
    message = keccak(encode(kinds, [typehash, *words]))
    key = exchange.keys[permit.signer or permit.owner].key
    signed = PrivateKey(key).sign_msg_hash(bytes(keccak(b"\x19\x01" + domain + message)))
    v, r, s = signed.v + 27, signed.r, signed.s
    if permit.flaw == "high s":
        v, s = 55 - v, CURVE_ORDER - s
    elif permit.flaw == "low v":
        v -= 27
    elif permit.flaw == "zero r":
        r = 0
    return v, r.to_bytes(32, "big"), s.to_bytes(32, "big")
