"""A short way through the ABI for values of one word each: numbers, addresses, booleans, short bytes.

A simulation encodes and decodes the same few signatures millions of times, nearly all of them
without a dynamic part. For those an argument is 32 bytes at a known place. Whatever is out of the
ordinary (another type, a value out of range, padding that is not zero) is left to eth-abi, which
knows what to accept and how to refuse: the answers are the same.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
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


class StaticCodec:
    """Encodes and decodes a list of one-word types; see `codec_of`."""

    def __init__(self, puts: Sequence[Put], gets: Sequence[Get]) -> None:
        self._puts = puts
        self._gets = [(get, WORD * place, WORD * (place + 1)) for place, get in enumerate(gets)]
        self._size = WORD * len(gets)

    def encode(self, values: Sequence[Any]) -> bytes:
        """The words of as many values. Raises OutOfTheOrdinary."""
        return b"".join([put(value) for put, value in zip(self._puts, values, strict=True)])

    def decode(self, data: bytes) -> list[Any]:
        """The values, addresses checksummed; what follows them is ignored. Raises OutOfTheOrdinary."""
        if len(data) < self._size:
            raise OutOfTheOrdinary
        return [get(data[start:end]) for get, start, end in self._gets]


@lru_cache(maxsize=REMEMBERED)
def codec_of(types: tuple[str, ...]) -> StaticCodec | None:
    """The codec of these types; None where one of them takes more than a word."""
    pairs = [_word_of(kind) for kind in types]
    found = [pair for pair in pairs if pair is not None]
    if len(found) < len(pairs):
        return None
    return StaticCodec([put for put, _ in found], [get for _, get in found])


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
