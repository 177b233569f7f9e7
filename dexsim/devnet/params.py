"""Parameters as they come over JSON-RPC, read into Python's values; what is wrong is told."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, TypeAlias, cast

from dexsim.chain.address import checksum
from dexsim.chain.types import AccessList, Address
from dexsim.devnet.faults import bad_params

Tag: TypeAlias = Literal["earliest", "latest", "pending", "safe", "finalized"]
TAGS = ("earliest", "latest", "pending", "safe", "finalized")
WORD_LIMIT = 2**256
HASH_BYTES = 32


def read_int(value: object, what: str, *, below: int = WORD_LIMIT) -> int:
    """A quantity: hexadecimal text, or a plain number as some clients send it."""
    number = value if isinstance(value, int) and not isinstance(value, bool) else _hex(value, what)
    if not 0 <= number < below:
        raise bad_params(f"{what} lies outside 0 to {below - 1}: {_shown(value)}")
    return number


def _hex(value: object, what: str) -> int:
    if isinstance(value, str) and value.startswith("0x") and "_" not in value:
        try:
            return int(value, 16)
        except ValueError:
            pass
    raise bad_params(f"{what} is a quantity such as 0x1f, not {_shown(value)}")


def read_bytes(value: object, what: str) -> bytes:
    """Bytes as 0x and an even number of hexadecimal digits."""
    if isinstance(value, str) and value.startswith("0x") and not any(map(str.isspace, value)):
        try:
            return bytes.fromhex(value[2:])
        except ValueError:
            pass
    raise bad_params(f"{what} is data such as 0x00ff, not {_shown(value)}")


def read_hash(value: object, what: str) -> bytes:
    """32 bytes."""
    found = read_bytes(value, what)
    if len(found) != HASH_BYTES:
        raise bad_params(f"{what} has {HASH_BYTES} bytes, not {len(found)}")
    return found


def read_address(value: object, what: str) -> Address:
    """An address; mixed case has to match its checksum."""
    if not isinstance(value, str):
        raise bad_params(f"{what} is an address, not {_shown(value)}")
    return checksum(value)


def read_flag(value: object, what: str) -> bool:
    """True or false."""
    if not isinstance(value, bool):
        raise bad_params(f"{what} is true or false, not {_shown(value)}")
    return value


def read_list(value: object, what: str) -> list[Any]:
    """A JSON array."""
    if not isinstance(value, list):
        raise bad_params(f"{what} is a list, not {_shown(value)}")
    return value


def read_fields(value: object, what: str) -> dict[str, Any]:
    """A JSON object; an entry that is null is the same as none."""
    if not isinstance(value, dict):
        raise bad_params(f"{what} is an object, not {_shown(value)}")
    return {key: entry for key, entry in value.items() if entry is not None}


def read_block(value: object) -> int | Tag:
    """A block's number, or one of the words for blocks."""
    if value in TAGS:
        return cast("Tag", value)
    if isinstance(value, str) and not value.startswith("0x"):
        raise bad_params(f"block is a quantity or one of {', '.join(TAGS)}, not {_shown(value)}")
    return read_int(value, "block")


def read_access_list(value: object) -> AccessList:
    """EIP-2930's list of addresses and slots."""
    return tuple(_listed(entry) for entry in read_list(value, "accessList"))


def _listed(entry: object) -> tuple[Address, tuple[int, ...]]:
    fields: Mapping[str, Any] = read_fields(entry, "an entry of accessList")
    slots = read_list(fields.get("storageKeys", []), "storageKeys")
    address = read_address(fields.get("address"), "address in accessList")
    return address, tuple(read_int(slot, "a storage key") for slot in slots)


def _shown(value: object) -> str:
    """A value as a message can hold it."""
    told = repr(value)
    return told if len(told) <= 80 else f"{told[:77]}..."
