"""Random values for the arguments of a call, by their ABI types."""

from __future__ import annotations

import random
from typing import Any

from eth_abi.grammar import ABIType, TupleType, parse

CORNERS = (0, 1, 2, 999, 1_000, 10**18, 2**112 - 1, 2**112, 2**128, 2**255, 2**256 - 2, 2**256 - 1)


def amount(rng: random.Random, most: int = 10**22) -> int:
    """From 1 to `most`, every order of magnitude as likely as the next."""
    return min(most, 1 + int(2 ** rng.uniform(0, most.bit_length())))


def value_of(rng: random.Random, kind: str, addresses: list[str]) -> Any:
    """Some value of a type; addresses are drawn from a list."""
    return _value(rng, parse(kind), addresses)


def _value(rng: random.Random, kind: ABIType, addresses: list[str]) -> Any:
    if kind.is_array:
        size = kind.arrlist[-1]
        count = size[0] if size else rng.choice((0, 1, 2, 3, 9))
        return [_value(rng, kind.item_type, addresses) for _ in range(count)]
    if isinstance(kind, TupleType):
        return tuple(_value(rng, part, addresses) for part in kind.components)
    return _plain(rng, kind, addresses)


def _plain(rng: random.Random, kind: ABIType, addresses: list[str]) -> Any:
    match kind.base:
        case "address":
            return rng.choice(addresses)
        case "bool":
            return rng.random() < 0.5
        case "uint":
            drawn = rng.choice(CORNERS) if rng.random() < 0.4 else amount(rng)
            return drawn % 2**kind.sub
        case "int":
            return rng.choice(CORNERS) % 2**kind.sub - 2 ** (kind.sub - 1)
        case "string":
            return "".join(rng.choices("abcxyz ", k=rng.choice((0, 3, 32, 65))))
        case "bytes":
            return rng.randbytes(kind.sub or rng.choice((0, 1, 4, 36, 100, 300)))
    raise AssertionError(f"no values of {kind.to_type_str()}")
