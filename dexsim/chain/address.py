"""Addresses: EIP-55 checksummed strings above an engine, 20 bytes inside one.

Both conversions are cached, because a simulation uses the same few hundred
addresses millions of times.
"""

from __future__ import annotations

import re
from functools import lru_cache

from eth_hash.auto import keccak

from dexsim.chain.types import Address
from dexsim.errors import ScenarioError

ADDRESS_BYTES = 20
CACHED_ADDRESSES = 65_536

_HEX = re.compile(r"0x[0-9a-fA-F]{40}")


def checksum(address: str | bytes) -> Address:
    """The EIP-55 form of an address given as text or as 20 bytes.

    Raises ScenarioError for anything else, and for mixed case that does not
    match its checksum: that is a mistyped address.
    """
    if isinstance(address, bytes):
        return from_bytes(address)
    return from_bytes(to_bytes(address))


@lru_cache(maxsize=CACHED_ADDRESSES)
def from_bytes(raw: bytes) -> Address:
    """The checksummed string of 20 bytes."""
    if len(raw) != ADDRESS_BYTES:
        raise ScenarioError(
            f"an address has {ADDRESS_BYTES} bytes, this has {len(raw)}: 0x{raw.hex()}"
        )
    digits = raw.hex()
    digest = keccak(digits.encode("ascii")).hex()
    return "0x" + "".join(
        digit.upper() if nibble >= "8" else digit
        for digit, nibble in zip(digits, digest, strict=False)
    )


@lru_cache(maxsize=CACHED_ADDRESSES)
def to_bytes(address: Address) -> bytes:
    """The 20 bytes of an address written as text; lower or upper case passes unchecked."""
    if not _HEX.fullmatch(str(address)):
        raise ScenarioError(f"not an address: {address!r} (wanted: 0x and 40 hexadecimal digits)")
    raw = bytes.fromhex(address[2:])
    digits = address[2:]
    if digits not in (digits.lower(), digits.upper()) and address != from_bytes(raw):
        raise ScenarioError(
            f"the checksum of address {address} is wrong (EIP-55): mistyped, or meant as {from_bytes(raw)}?"
        )
    return raw
