"""Which token an argument is counted in, told by its name: the field's names are few and old."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dexsim.artifacts.abi import Parameter
from dexsim.chain.address import checksum
from dexsim.chain.types import Address
from dexsim.tracing.witness import Witness
from dexsim.units import format_wei

_MAX = 2**256 - 1
_OWN = {"value", "amount", "wad", "liquidity", "_value", "_amount"}
_DIGITS = 6


class Speaker:
    """Values in words, for one contract: addresses by name, amounts in tokens."""

    def __init__(self, witness: Witness, contract: Address) -> None:
        self._witness = witness
        self._contract = contract

    def values(self, parameters: Sequence[Parameter], values: Sequence[Any]) -> dict[str, str]:
        """Every value in words, by name; unnamed ones by position."""
        named = {
            part.name or str(place): (part, value)
            for place, (part, value) in enumerate(zip(parameters, values, strict=True))
        }
        plain = {name: value for name, (_, value) in named.items()}
        return {
            name: self.show(part.type, value, self._token(name, plain))
            for name, (part, value) in named.items()
        }

    def show(self, kind: str, value: Any, token: tuple[str, int] | None = None) -> str:
        """One value in words; `token` is what it is counted in."""
        if isinstance(value, bool):
            return str(value)
        if isinstance(value, int):
            return self._number(kind, value, token)
        if isinstance(value, (tuple, list)):
            return f"[{', '.join(self.show(_inner(kind), each, token) for each in value)}]"
        if isinstance(value, bytes):
            return "0x" + (
                value.hex() if len(value) <= 32 else f"{value[:32].hex()}… {len(value)} bytes"
            )
        if kind == "address":
            return self._witness.name(value)
        return repr(value)

    def word(self, kind: str, value: int) -> str:
        """A storage word of a type of the language, in words."""
        if kind == "address":
            return self._witness.name(checksum(f"0x{value:040x}"))
        if kind == "bool":
            return str(bool(value))
        if kind.startswith("bytes"):
            return f"0x{value:064x}"
        return self._number("uint256", value, None)

    @staticmethod
    def _number(kind: str, value: int, token: tuple[str, int] | None) -> str:
        if kind == "uint256" and value == _MAX:
            return "max"
        if token is None:
            return f"{value:_}" if value >= 10_000 else str(value)
        symbol, decimals = token
        return f"{format_wei(value, decimals, digits=min(_DIGITS, decimals))} {symbol}"

    def _token(self, name: str, others: Mapping[str, Any]) -> tuple[str, int] | None:
        """What an argument of this name is counted in, beside these others."""
        address = self._counted_in(name, others)
        if address == "native":
            return self._witness.native
        return self._witness.token(address) if address else None

    def _counted_in(self, name: str, others: Mapping[str, Any]) -> Address | None:
        if "0" in name or "1" in name:
            pair = self._witness.tokens_of(self._contract)
            return pair["1" in name] if pair else None
        path = others.get("path")
        if path and name.startswith(("amountIn", "amountOut")):
            return str(path[0 if name.startswith("amountIn") else -1])
        for prefix, token in (
            ("amountA", "tokenA"),
            ("amountB", "tokenB"),
            ("amountToken", "token"),
        ):
            if name.startswith(prefix) and token in others:
                return str(others[token])
        if name.startswith("amountETH"):
            return "native"
        if name in _OWN and self._witness.token(self._contract):
            return self._contract
        return None


def _inner(kind: str) -> str:
    return kind[: kind.rindex("[")] if kind.endswith("]") else "tuple"
