"""Why a contract reverted, in words."""

from __future__ import annotations

_ERROR = bytes.fromhex("08c379a0")  # Error(string)
_PANIC = bytes.fromhex("4e487b71")  # Panic(uint256)

# Solidity documentation, "Panic via assert and error via require".
_PANICS = {
    0x01: "assertion failed",
    0x11: "arithmetic overflow",
    0x12: "division by zero",
    0x21: "bad enum value",
    0x22: "bad storage byte array",
    0x31: "pop from an empty array",
    0x32: "index out of range",
    0x41: "out of memory",
    0x51: "call of an empty function",
}


def revert_reason(data: bytes | None) -> str:
    """The reason in revert data.

    "" where there is none; a panic by its name; a custom error as its
    selector and arguments in hexadecimal. `Error(string)` is read leniently:
    some published contracts leave dirty padding behind the text.
    """
    if not data:
        return ""
    if data[:4] == _ERROR and len(data) >= 68:
        length = int.from_bytes(data[36:68], "big")
        return data[68 : 68 + min(length, len(data))].decode("utf-8", "replace")
    if data[:4] == _PANIC and len(data) >= 36:
        code = int.from_bytes(data[4:36], "big")
        return f"panic: {_PANICS.get(code, hex(code))}"
    return "0x" + data.hex()
