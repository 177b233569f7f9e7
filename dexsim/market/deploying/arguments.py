"""Arguments as a plan's file writes them, as the ABI takes them.

An address is a name of the plan, "deployer", or 0x and 40 digits. A whole number is one, or
text: its digits, or whole tokens of the plan ("1000 USDC", "0.5 ETH"). Bytes are 0x and digits.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from eth_abi.grammar import ABIType, BasicType, TupleType, parse

from dexsim.artifacts.abi import Function
from dexsim.chain.address import checksum
from dexsim.chain.types import Address
from dexsim.description import unknown
from dexsim.errors import ScenarioError
from dexsim.units import to_wei

NATIVE = "ETH"
_NATIVE_DECIMALS = 18


class Names:
    """What arguments may name: addresses, and tokens with their decimals."""

    def __init__(self) -> None:
        self.addresses: dict[str, Address] = {}
        self.decimals: dict[str, int] = {NATIVE: _NATIVE_DECIMALS}

    def arguments(self, function: Function, written: Sequence[Any]) -> list[Any]:
        """A function's arguments. Raises ScenarioError naming the one that does not fit."""
        if len(written) != len(function.inputs):
            wanted = ", ".join(f"{part.name}: {part.type}" for part in function.inputs)
            raise ScenarioError(f"takes ({wanted}), and {len(written)} are given", key="arguments")
        found = []
        for part, each in zip(function.inputs, written, strict=True):
            try:
                found.append(self._value(parse(part.type), each))
            except ScenarioError as error:
                raise error.within(f"arguments.{part.name}") from None
        return found

    def address(self, written: object) -> Address:
        """An address by its name or its digits. Raises ScenarioError."""
        if isinstance(written, str) and written in self.addresses:
            return self.addresses[written]
        if isinstance(written, str) and written.startswith("0x"):
            return checksum(written)
        raise ScenarioError(unknown(str(written), list(self.addresses), "contract"))

    def _value(self, kind: ABIType, written: Any) -> Any:
        if kind.is_array:
            return [self._value(kind.item_type, each) for each in _list(written)]
        if isinstance(kind, TupleType):
            parts = _list(written)
            if len(parts) != len(kind.components):
                raise ScenarioError(f"expected a list of {len(kind.components)}, not {written!r}")
            pairs = zip(kind.components, parts, strict=True)
            return tuple(self._value(part, each) for part, each in pairs)
        assert isinstance(kind, BasicType)
        return self._basic(kind, written)

    def _basic(self, kind: BasicType, written: Any) -> Any:
        if kind.base == "address":
            return self.address(written)
        if kind.base in {"uint", "int"}:
            return self._number(written)
        if kind.base == "bytes":
            return _bytes(written)
        wanted: Mapping[str, type] = {"bool": bool, "string": str}
        if not isinstance(written, wanted.get(kind.base, object)):
            raise ScenarioError(f"expected {kind.base}, not {written!r}")
        return written

    def _number(self, written: Any) -> int:
        if isinstance(written, int) and not isinstance(written, bool):
            return written
        if not isinstance(written, str):
            raise ScenarioError(f"expected a whole number, or text as {_EXAMPLES}, not {written!r}")
        amount, _, symbol = written.strip().partition(" ")
        if symbol:
            if symbol not in self.decimals:
                raise ScenarioError(unknown(symbol, list(self.decimals), "token"))
            return to_wei(amount, self.decimals[symbol])
        try:
            return int(amount)
        except ValueError:
            raise ScenarioError(
                f"expected a whole number or {_EXAMPLES}, not {written!r}"
            ) from None


_EXAMPLES = '"1000 USDC"'


def _list(written: Any) -> list[Any]:
    if not isinstance(written, list):
        raise ScenarioError(f"expected a list, not {written!r}")
    return written


def _bytes(written: Any) -> bytes:
    try:
        if isinstance(written, str) and written.startswith("0x"):
            return bytes.fromhex(written[2:])
    except ValueError:
        pass
    raise ScenarioError(f"expected bytes as 0x and digits, not {written!r}")
