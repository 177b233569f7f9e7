"""Contract ABI: calls to bytes and back, logs to named events.

The codec is eth-abi; here is only what a JSON ABI adds to it: names, overloads
by number of arguments (as Vyper's default arguments make them), selectors.
Source: the Solidity contract ABI specification.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from eth_abi.abi import decode, encode
from eth_abi.exceptions import DecodingError, EncodingError
from eth_abi.grammar import TupleType, parse
from eth_hash.auto import keccak
from eth_utils.address import to_checksum_address

from dexsim.artifacts.word_codec import OutOfTheOrdinary, codec_of
from dexsim.errors import AmountTypeError, ArtifactError


def _type_name(parameter: Mapping[str, Any]) -> str:
    kind: str = parameter["type"]
    if not kind.startswith("tuple"):
        return kind
    inner = ",".join(_type_name(part) for part in parameter["components"])
    return f"({inner}){kind.removeprefix('tuple')}"


@dataclass(frozen=True)
class Parameter:
    """One argument, result or event field."""

    name: str
    type: str
    indexed: bool = False

    @classmethod
    def of(cls, entry: Mapping[str, Any]) -> Parameter:
        """From its JSON ABI entry."""
        return cls(entry.get("name", ""), _type_name(entry), bool(entry.get("indexed")))


@dataclass(frozen=True)
class Function:
    """One function of a contract, or its constructor (name "__init__")."""

    name: str
    inputs: tuple[Parameter, ...]
    outputs: tuple[Parameter, ...]
    mutability: str

    @cached_property
    def signature(self) -> str:
        """For example "transfer(address,uint256)"."""
        return f"{self.name}({','.join(part.type for part in self.inputs)})"

    @cached_property
    def selector(self) -> bytes:
        """The first four bytes of the signature's hash."""
        return bytes(keccak(self.signature.encode())[:4])

    @cached_property
    def _output_types(self) -> tuple[str, ...]:
        return tuple(part.type for part in self.outputs)

    @cached_property
    def input_types(self) -> tuple[str, ...]:
        """Types of the arguments in order."""
        return tuple(part.type for part in self.inputs)

    def encode_arguments(self, args: Sequence[Any]) -> bytes:
        """The arguments alone. Raises TypeError naming the argument that does not fit."""
        if len(args) != len(self.inputs):
            named = ", ".join(f"{part.name}: {part.type}" for part in self.inputs)
            raise TypeError(f"{self.name} takes ({named}), got {len(args)} arguments")
        try:
            return _encoded(self.input_types, args)
        except (EncodingError, TypeError, ValueError, OverflowError) as error:
            raise self._argument_error(args, error) from None

    def encode(self, args: Sequence[Any]) -> bytes:
        """Selector and arguments: a call's data."""
        return self.selector + self.encode_arguments(args)

    def decode_output(self, data: bytes) -> Any:
        """The result: None, one value, or a tuple of them; addresses checksummed."""
        try:
            values = _decoded(self._output_types, data)
        except (DecodingError, OverflowError) as error:
            raise ArtifactError(f"{self.name}: the answer does not fit its ABI: {error}") from None
        if not values:
            return None
        return values[0] if len(values) == 1 else tuple(values)

    def decode_arguments(self, data: bytes) -> tuple[Any, ...] | None:
        """The arguments of a call's data behind the selector; None where they do not fit."""
        try:
            return tuple(_decoded(self.input_types, data))
        except (DecodingError, OverflowError):
            return None

    def _argument_error(self, args: Sequence[Any], error: Exception) -> TypeError:
        for part, arg in zip(self.inputs, args, strict=True):
            if isinstance(arg, float):
                return AmountTypeError(
                    f"{self.name}: argument {part.name!r} is the float {arg!r}; amounts are integers in wei"
                )
            try:
                encode([part.type], [arg])
            except (EncodingError, TypeError, ValueError, OverflowError):
                return TypeError(
                    f"{self.name}: argument {part.name!r} ({part.type}) cannot be {arg!r}"
                )
        return TypeError(f"{self.name}: {error}")


@dataclass(frozen=True)
class EventType:
    """One event that a contract can log."""

    name: str
    fields: tuple[Parameter, ...]

    @cached_property
    def topic(self) -> bytes:
        """Hash of the signature: the log's first topic."""
        signature = f"{self.name}({','.join(part.type for part in self.fields)})"
        return bytes(keccak(signature.encode()))

    @cached_property
    def indexed(self) -> int:
        """How many of the fields are topics of the log."""
        return sum(part.indexed for part in self.fields)

    @cached_property
    def _types(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Of the topics, and of the data."""
        topics = tuple(_topic_type(part.type) for part in self.fields if part.indexed)
        return topics, tuple(part.type for part in self.fields if not part.indexed)

    @cached_property
    def _order(self) -> list[tuple[str, int]]:
        """Every field's name, and the place of its value: the topics come first."""
        topics, rest = iter(range(self.indexed)), iter(range(self.indexed, len(self.fields)))
        return [(part.name, next(topics if part.indexed else rest)) for part in self.fields]

    def decode(self, topics: Sequence[bytes], data: bytes) -> dict[str, Any]:
        """Field values by name; an indexed dynamic field stays the hash that the log holds."""
        in_topics, in_data = self._types
        values = [*_decoded(in_topics, b"".join(topics[1:])), *_decoded(in_data, data)]
        return {name: values[place] for name, place in self._order}


@dataclass(frozen=True)
class Event:
    """A decoded log."""

    name: str
    address: str
    fields: Mapping[str, Any]


class Interface:
    """What an ABI says, looked up by name, selector or topic."""

    def __init__(self, abi: Iterable[Mapping[str, Any]]) -> None:
        self.functions: dict[str, list[Function]] = {}
        self.events: dict[bytes, EventType] = {}
        self.constructor = Function("__init__", (), (), "nonpayable")
        for entry in abi:
            self._add(entry)

    def _add(self, entry: Mapping[str, Any]) -> None:
        inputs = tuple(Parameter.of(part) for part in entry.get("inputs", ()))
        match entry.get("type"):
            case "function":
                outputs = tuple(Parameter.of(part) for part in entry.get("outputs", ()))
                function = Function(
                    entry["name"], inputs, outputs, entry.get("stateMutability", "")
                )
                self.functions.setdefault(function.name, []).append(function)
            case "event":
                event = EventType(entry["name"], inputs)
                self.events[event.topic] = event
            case "constructor":
                self.constructor = Function(
                    "__init__", inputs, (), entry.get("stateMutability", "")
                )

    def function(self, name: str, arguments: int) -> Function:
        """The function of that name that takes so many arguments.

        Raises AttributeError naming the functions there are.
        """
        overloads = self.functions.get(name)
        if not overloads:
            known = ", ".join(sorted(self.functions)) or "no functions"
            raise AttributeError(f"no function {name!r}; the contract has: {known}")
        for function in overloads:
            if len(function.inputs) == arguments:
                return function
        shapes = " or ".join(function.signature for function in overloads)
        raise TypeError(f"{name} takes {shapes}, got {arguments} arguments")

    def decode_log(self, address: str, topics: Sequence[bytes], data: bytes) -> Event | None:
        """The log as an event, or None where this ABI does not know it."""
        kind = self.events.get(topics[0]) if topics else None
        if kind is None or len(topics) - 1 != kind.indexed:
            return None
        try:
            return Event(kind.name, address, kind.decode(topics, data))
        except (DecodingError, OverflowError):
            return None  # another contract's event with the same signature and another layout


@lru_cache(maxsize=65_536)
def _checksum(address: str) -> str:
    return str(to_checksum_address(address))


def _topic_type(kind: str) -> str:
    """As what a topic is read: a value of more than a word stands there as its hash."""
    if kind in {"string", "bytes"} or kind.endswith("]") or kind.startswith("("):
        return "bytes32"
    return kind


def _encoded(types: tuple[str, ...], values: Sequence[Any]) -> bytes:
    codec = codec_of(types)
    if codec is not None:
        try:
            return codec.encode(values)
        except OutOfTheOrdinary:
            pass
    return bytes(encode(types, values))


def _decoded(types: tuple[str, ...], data: bytes) -> list[Any]:
    """Values with their addresses checksummed. Raises DecodingError or OverflowError."""
    codec = codec_of(types)
    if codec is not None:
        try:
            return codec.decode(data)
        except OutOfTheOrdinary:
            pass
    values = decode(types, data)
    return [_readable(kind, value) for kind, value in zip(types, values, strict=True)]


def _readable(kind: str, value: Any) -> Any:
    """A decoded value with every address in it checksummed, arrays and structs included."""
    if kind == "address":
        return _checksum(value)
    return _readable_parts(parse(kind), value) if "address" in kind else value


def _readable_parts(kind: Any, value: Any) -> Any:
    if kind.is_array:
        return tuple(_readable_parts(kind.item_type, each) for each in value)
    if isinstance(kind, TupleType):
        pairs = zip(kind.components, value, strict=True)
        return tuple(_readable_parts(part, each) for part, each in pairs)
    return _checksum(value) if kind.base == "address" else value
