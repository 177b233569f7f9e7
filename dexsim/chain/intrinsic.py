"""What a transaction costs before its first instruction."""

from __future__ import annotations

from dexsim.chain.types import Transaction

GAS_BASE = 21_000
GAS_CREATE = 32_000
GAS_ZERO_BYTE = 4
GAS_NONZERO_BYTE = 16
GAS_LISTED_ADDRESS = 2_400
GAS_LISTED_SLOT = 1_900
GAS_INITCODE_WORD = 2
GAS_FLOOR_TOKEN = 10
TOKENS_NONZERO_BYTE = 4


def intrinsic_gas(tx: Transaction) -> int:
    """Gas that a transaction costs before its first instruction (EIP-2028, 2930, 3860)."""
    return sum(intrinsic_parts(tx).values())


def intrinsic_parts(tx: Transaction) -> dict[str, int]:
    """The same by what it is for."""
    zeros = tx.data.count(0)
    calldata = GAS_ZERO_BYTE * zeros + GAS_NONZERO_BYTE * (len(tx.data) - zeros)
    creation = GAS_CREATE + GAS_INITCODE_WORD * ((len(tx.data) + 31) // 32)
    listed = sum(GAS_LISTED_ADDRESS + GAS_LISTED_SLOT * len(slots) for _, slots in tx.access_list)
    return {
        "transaction": GAS_BASE,
        "calldata": calldata,
        "creation": creation if tx.to is None else 0,
        "access list": listed,
    }


def floor_gas(data: bytes) -> int:
    """The least that a transaction with this calldata costs from Prague on (EIP-7623)."""
    zeros = data.count(0)
    return GAS_BASE + GAS_FLOOR_TOKEN * (zeros + TOKENS_NONZERO_BYTE * (len(data) - zeros))


def needed_gas(tx: Transaction, *, prague: bool) -> int:
    """The least gas limit with which a transaction can begin under a fork's rules."""
    needed = intrinsic_gas(tx)
    return max(needed, floor_gas(tx.data)) if prague else needed
