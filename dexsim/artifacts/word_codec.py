"""A short way through the ABI for values of one word each, and for lists of those.

A simulation encodes and decodes the same few signatures millions of times: numbers, addresses,
booleans, short bytes, and paths of addresses. For those an argument is 32 bytes at a known place.
Whatever is out of the ordinary (another type, a value out of range, padding that is not zero) is
left to eth-abi, which knows what to accept and how to refuse: the answers are the same.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeAlias

from eth_abi.abi import encode
from eth_utils.address import to_checksum_address

WORD = 32
REMEMBERED = 65_536

Put: TypeAlias = Callable[[Any], bytes]
Get: TypeAlias = Callable[[bytes], Any]


class OutOfTheOrdinary(Exception):
    """A value or a word that eth-abi should look at."""


@dataclass(frozen=True, slots=True)
class Kind:
    """How a type is written and read; of a list: what it consists of."""

    put: Put
    get: Get
    is_list: bool


class WordCodec:
    """Encodes and decodes a list of such types; see `codec_of`."""

    def __init__(self, kinds: Sequence[Kind]) -> None:
        self._kinds = kinds
        self._lists = any(kind.is_list for kind in kinds)
        self._places = [
            (kind, WORD * place, WORD * place + WORD) for place, kind in enumerate(kinds)
        ]
        self._size = WORD * len(kinds)

    def encode(self, values: Sequence[Any]) -> bytes:
        """The bytes of as many values. Raises OutOfTheOrdinary."""
        if self._lists:
            return self._encode_with_lists(values)
        return b"".join([kind.put(value) for kind, value in zip(self._kinds, values, strict=True)])

    def _encode_with_lists(self, values: Sequence[Any]) -> bytes:
        heads, tails, offset = [], [], self._size
        for kind, value in zip(self._kinds, values, strict=True):
            if not kind.is_list:
                heads.append(kind.put(value))
                continue
            if type(value) is not list and type(value) is not tuple:
                raise OutOfTheOrdinary
            heads.append(offset.to_bytes(WORD, "big"))
            tails += [len(value).to_bytes(WORD, "big"), *map(kind.put, value)]
            offset += WORD * (1 + len(value))
        return b"".join((*heads, *tails))

    def decode(self, data: bytes) -> list[Any]:
        """The values, addresses checksummed; what follows them is ignored. Raises OutOfTheOrdinary."""
        if len(data) < self._size:
            raise OutOfTheOrdinary
        if not self._lists:
            return [kind.get(data[start:end]) for kind, start, end in self._places]
        return [
            self._listed(kind, data, start) if kind.is_list else kind.get(data[start:end])
            for kind, start, end in self._places
        ]

    def _listed(self, kind: Kind, data: bytes, at: int) -> tuple[Any, ...]:
        start = int.from_bytes(data[at : at + WORD], "big") + WORD
        count = int.from_bytes(data[start - WORD : start], "big")
        end = start + WORD * count
        if not self._size + WORD <= start <= end <= len(data):
            raise OutOfTheOrdinary
        return tuple([kind.get(data[item : item + WORD]) for item in range(start, end, WORD)])


@lru_cache(maxsize=REMEMBERED)
def codec_of(types: tuple[str, ...]) -> WordCodec | None:
    """The codec of these types; None where one of them is something else."""
    kinds = [_kind_of(kind) for kind in types]
    found = [kind for kind in kinds if kind is not None]
    return WordCodec(found) if len(found) == len(kinds) else None


def _kind_of(kind: str) -> Kind | None:
    word = _word_of(kind.removesuffix("[]"))
    return None if word is None else Kind(*word, is_list=kind.endswith("[]"))


def _word_of(kind: str) -> tuple[Put, Get] | None:
    """How a type is written and read; None for one that takes more than a word."""
    if kind == "address":
        return _put_address, _get_address
    if kind == "bool":
        return _put_bool, _get_bool
    number = re.fullmatch(r"(uint|int|bytes)(\d+)", kind)
    if number is None:
        return None
    size = int(number[2])
    match number[1]:
        case "uint":
            return _integer(0, 2**size - 1), _unsigned(2**size)
        case "int":
            return _integer(-(2 ** (size - 1)), 2 ** (size - 1) - 1), _signed(2 ** (size - 1))
    return _put_bytes(size), _get_bytes(size)


def _integer(least: int, most: int) -> Put:
    signed = least < 0

    def put(value: Any) -> bytes:
        if type(value) is not int or not least <= value <= most:
            raise OutOfTheOrdinary
        return value.to_bytes(WORD, "big", signed=signed)

    return put


def _unsigned(bound: int) -> Get:
    if bound == 2 ** (8 * WORD):
        return int.from_bytes  # highest byte first, and every word is one

    def get(word: bytes) -> int:
        value = int.from_bytes(word, "big")
        if value >= bound:
            raise OutOfTheOrdinary
        return value

    return get


def _signed(bound: int) -> Get:
    def get(word: bytes) -> int:
        value = int.from_bytes(word, "big", signed=True)
        if not -bound <= value < bound:
            raise OutOfTheOrdinary
        return value

    return get


def _put_bool(value: Any) -> bytes:
    if value is True or value is False:
        return value.to_bytes(WORD, "big")
    raise OutOfTheOrdinary


def _get_bool(word: bytes) -> bool:
    value = int.from_bytes(word, "big")
    if value > 1:
        raise OutOfTheOrdinary
    return value == 1


def _put_bytes(size: int) -> Put:
    def put(value: Any) -> bytes:
        if type(value) is not bytes or len(value) > size:
            raise OutOfTheOrdinary
        return value.ljust(WORD, b"\x00")

    return put


def _get_bytes(size: int) -> Get:
    def get(word: bytes) -> bytes:
        if any(word[size:]):
            raise OutOfTheOrdinary
        return word[:size]

    return get


def _put_address(value: Any) -> bytes:
    if type(value) is not str:
        raise OutOfTheOrdinary
    return _address_word(value)


@lru_cache(maxsize=REMEMBERED)
def _address_word(address: str) -> bytes:
    # Of a text that is no address eth-abi says so, each time: an error is not remembered.
    word: bytes = encode(["address"], [address])
    return word


@lru_cache(maxsize=REMEMBERED)
def _get_address(word: bytes) -> str:
    if any(word[:12]):
        raise OutOfTheOrdinary
    return str(to_checksum_address(word[12:]))
