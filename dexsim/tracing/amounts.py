"""Values in words: addresses by name, amounts in their tokens."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dexsim.artifacts.abi import Parameter
from dexsim.chain.address import checksum
from dexsim.tracing.units_of_values import TOKENS_OF_OWN, units_of_value
from dexsim.tracing.witness import Token, Witness
from dexsim.units import format_wei

_MAX = 2**256 - 1
# Beyond this a number is no amount: packed fields, fixed-point numbers, hashes.
_READABLE = 10**30
_DIGITS = 6
_BYTES = 32


class Speaker:
    """Values in words, for one contract."""

    def __init__(self, witness: Witness, contract: str) -> None:
        self._witness = witness
        self._contract = contract

    def values(
        self,
        parameters: Sequence[Parameter],
        values: Sequence[Any],
        *,
        names: Sequence[str] = (),
        beside: Mapping[str, Any] | None = None,
    ) -> dict[str, str]:
        """Every value in words, by name; unnamed ones by position.

        names: what the values are, where the ABI has no names. beside: other values of the same
        call by name, which can say what an amount is counted in.
        """
        called = [part.name or str(place) for place, part in enumerate(parameters)]
        meant = list(names) or called
        known = {**(beside or {}), **dict(zip(meant, values, strict=False))}
        return {
            name: self._told(part.type, value, what, known)
            for name, what, part, value in zip(called, meant, parameters, values, strict=False)
        }

    def _told(self, kind: str, value: Any, name: str, known: Mapping[str, Any]) -> str:
        units = units_of_value(name, known, self._contract, self._witness.tokens_of)
        if isinstance(value, (tuple, list)) and len(units) == len(value) > 0:
            pairs = zip(value, units, strict=True)
            return f"[{', '.join(self.show('uint256', each, self._unit(u)) for each, u in pairs)}]"
        return self.show(kind, value, self._unit(units[0]) if len(units) == 1 else None)

    def _unit(self, address: str) -> Token | None:
        return self._witness.native if address == "native" else self._witness.token(address)

    def show(self, kind: str, value: Any, token: Token | None = None) -> str:
        """One value in words; `token` is what it is counted in."""
        if isinstance(value, bool):
            return str(value)
        if isinstance(value, int):
            return _number(value, token)
        if isinstance(value, (tuple, list)):
            return f"[{', '.join(self.show(_inner(kind), each, token) for each in value)}]"
        if isinstance(value, bytes):
            shown = value.hex() if len(value) <= _BYTES else f"{value[:_BYTES].hex()}…"
            return f"0x{shown}" + (f" ({len(value)} bytes)" if len(value) > _BYTES else "")
        is_address = kind == "address" or (kind == "tuple" and _looks_like_address(value))
        return self._witness.name(value) if is_address else repr(value)

    def word(self, kind: str, value: int, variable: str = "") -> str:
        """A storage word of a type of the language, in words; `variable`: what it lies in."""
        if kind == "address":
            return self._witness.name(checksum(f"0x{value:040x}"))
        if kind == "bool":
            return str(bool(value))
        if kind.startswith(("bytes", "Bytes", "String")):
            return f"0x{value:064x}"
        if kind.startswith("int") and value >> 255:
            value -= 2**256
        stem = variable.partition("[")[0].rpartition(".")[2]
        own = self._witness.token(self._contract) if stem in TOKENS_OF_OWN else None
        return _number(value, own)


def _number(value: int, token: Token | None) -> str:
    if value == _MAX:
        return "max"
    if token is None:
        return hex(value) if abs(value) > _READABLE else f"{value:_}"
    return f"{amount(value, token.decimals)} {token.symbol}"


def amount(wei: int, decimals: int) -> str:
    """An amount in whole tokens: exact where 6 digits are enough or would show nothing but zeros."""
    if wei > _READABLE * 10**decimals:
        return hex(wei)
    rounded = format_wei(wei, decimals, digits=min(_DIGITS, decimals))
    exact = decimals <= _DIGITS or wei % 10 ** (decimals - _DIGITS) == 0
    if exact:
        return rounded.rstrip("0").rstrip(".") if "." in rounded else rounded
    return rounded if rounded.strip("-0.") else format_wei(wei, decimals)


def _inner(kind: str) -> str:
    return kind[: kind.rindex("[")] if kind.endswith("]") else "tuple"


def _looks_like_address(value: object) -> bool:
    return isinstance(value, str) and value.startswith("0x") and len(value) == 42
