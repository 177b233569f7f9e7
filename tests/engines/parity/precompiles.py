"""Input for the precompiled contracts, good and bad."""

from __future__ import annotations

import random
from collections.abc import Callable
from functools import cache
from hashlib import sha256

from assembly import code, push
from eth.vm import opcode_values as op
from eth_keys.datatypes import PrivateKey

ORDER = 21888242871839275222246405745257275088548364400416034343698204186575808495617
INFINITE_G1 = b"\xc0" + bytes(47)
POINT_EVALUATION = 0xA
LARGEST = 0x11
"""The last precompiled contract of Prague; of earlier forks the last ones are plain accounts."""


def address(number: int) -> str:
    """A precompiled contract's address."""
    return f"0x{number:040x}"


def forwarder(kind: int = op.CALL) -> bytes:
    """Code that calls the address in the first byte of its calldata with the rest of it.

    It stores whether that went well, and returns the answer.
    """
    paid = code(op.PUSH0) if kind == op.CALL else b""
    return code(
        *(push(1), op.CALLDATASIZE, op.SUB, push(1), op.PUSH0, op.CALLDATACOPY),
        *(op.PUSH0, op.PUSH0, push(1), op.CALLDATASIZE, op.SUB, op.PUSH0, paid),
        *(op.PUSH0, op.CALLDATALOAD, push(248), op.SHR, op.GAS, kind),
        *(push(1), op.ADD, op.PUSH0, op.SSTORE),
        *(op.RETURNDATASIZE, op.PUSH0, op.PUSH0, op.RETURNDATACOPY),
        *(op.RETURNDATASIZE, op.PUSH0, op.RETURN),
    )


def drawn(rng: random.Random, *, proofs: bool) -> tuple[int, bytes]:
    """A precompiled contract's number and input: half of it good, the rest spoilt or noise.

    proofs: with EIP-4844's, for which an engine reads its setup once, in seconds.
    """
    number = rng.choice([*range(1, 0xB)] * 3 + [*range(0xB, LARGEST + 1)])
    kind = rng.random()
    if kind < 0.1:
        return number, rng.randbytes(rng.choice((0, 1, 31, 64, 128, 192, 213, 256, 384)))
    good = GOOD[number](rng)
    data = good if kind < 0.6 else rng.choice((_bent, _cut, _longer))(rng, good)
    # A proof of another commitment is refused before anything is read.
    return number, data if proofs or number != POINT_EVALUATION else b"\x02" + data[1:]


def _bent(rng: random.Random, data: bytes) -> bytes:
    if not data:
        return b"\x01"
    place = rng.randrange(len(data))
    return data[:place] + bytes([data[place] ^ (1 << rng.randrange(8))]) + data[place + 1 :]


def _cut(rng: random.Random, data: bytes) -> bytes:
    return data[: rng.randrange(len(data) + 1)]


def _longer(rng: random.Random, data: bytes) -> bytes:
    return data + rng.randbytes(rng.choice((1, 32)))


@cache
def _signature() -> bytes:
    signed = PrivateKey(b"\x07" * 32).sign_msg_hash(b"\x2a" * 32)
    parts = (signed.v + 27, signed.r, signed.s)
    return b"\x2a" * 32 + b"".join(part.to_bytes(32, "big") for part in parts)


def _words(*values: int) -> bytes:
    return b"".join(value.to_bytes(32, "big") for value in values)


def _modexp(rng: random.Random) -> bytes:
    sizes = [rng.choice((0, 1, 5, 32, 33)) for _ in range(3)]
    return _words(*sizes) + b"".join(rng.randbytes(size) for size in sizes)


def _point(rng: random.Random) -> bytes:
    return rng.choice((_words(1, 2), bytes(64), _words(1, 2), _words(1, 3)))


def _pairing(rng: random.Random) -> bytes:
    # A pairing takes py-evm half a second, even with points at infinity.
    return bytes(192) * (rng.random() < 0.05)


def _blake(rng: random.Random) -> bytes:
    rounds, final = rng.choice((0, 1, 12)), rng.choice((0, 1, 2))
    return rounds.to_bytes(4, "big") + rng.randbytes(64 + 128 + 16) + bytes([final])


def _blob_point(rng: random.Random) -> bytes:
    # The polynomial that is zero everywhere: commitment and proof are the point at infinity.
    versioned = b"\x01" + sha256(INFINITE_G1).digest()[1:]
    where = rng.randbytes(32) if rng.random() < 0.3 else bytes(31) + rng.randbytes(1)
    return versioned + where + bytes(32) + INFINITE_G1 + INFINITE_G1


def _zeros(size: int) -> Callable[[random.Random], bytes]:
    return lambda rng: bytes(size)


GOOD: dict[int, Callable[[random.Random], bytes]] = {
    0x1: lambda rng: _signature(),
    **{number: lambda rng: rng.randbytes(rng.randrange(200)) for number in (2, 3, 4)},
    0x5: _modexp,
    0x6: lambda rng: _point(rng) + _point(rng),
    0x7: lambda rng: _point(rng) + _words(rng.choice((0, 1, 9, ORDER - 1, ORDER, 2**256 - 1))),
    0x8: _pairing,
    0x9: _blake,
    0xA: _blob_point,
    # EIP-2537, with points at infinity; noise is refused.
    0xB: _zeros(256),
    0xC: _zeros(160),
    0xD: _zeros(512),
    0xE: _zeros(288),
    0xF: _zeros(384),
    0x10: _zeros(64),
    0x11: _zeros(128),
}
