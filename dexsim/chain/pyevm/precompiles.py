"""py-evm's precompiled contracts, with the specification's answer and order where it has another."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, TypeAlias

from ckzg import load_trusted_setup, verify_kzg_proof
from eth import exceptions as evm
from eth.precompiles.modexp import extract_lengths
from eth.precompiles.point_evaluation import TRUSTED_SETUP_PATH, kzg_to_versioned_hash
from eth.vm.forks.cancun.constants import (
    BLS_MODULUS,
    FIELD_ELEMENTS_PER_BLOB,
    POINT_EVALUATION_PRECOMPILE_GAS,
)

Precompile: TypeAlias = Callable[[Any], Any]

BLAKE_BYTES = 213
HEAD_BYTES = 96
"""Of MODEXP's input: three lengths, before the numbers."""


def own_precompiles(precompiles: Mapping[bytes, Precompile]) -> dict[bytes, Precompile]:
    """A fork's precompiles by address, with ours in the place of some."""
    own = {**precompiles, _address(0x5): _modexp(precompiles[_address(0x5)])}
    if _address(0xA) in own:
        own[_address(0xA)] = _point_evaluation
    for number, price in PRICES.items():
        if _address(number) in own:
            own[_address(number)] = _paid_first(own[_address(number)], price)
    return own


def _modexp(original: Precompile) -> Precompile:
    # Of a base of no bytes py-evm says that every power is 0; by EIP-198 that base is 0, and
    # 0**0 is 1.
    def modexp(computation: Any) -> Any:
        original(computation)
        data = computation.msg.data_as_bytes
        base, exponent, modulus = extract_lengths(data)
        if base == 0 and modulus > 0:
            power = int.from_bytes(data[HEAD_BYTES : HEAD_BYTES + exponent], "big")
            divisor = data[HEAD_BYTES + exponent : HEAD_BYTES + exponent + modulus]
            number = int.from_bytes(divisor.ljust(modulus, b"\x00"), "big")
            answer = 1 if power == 0 and number > 1 else 0
            computation.output = answer.to_bytes(modulus, "big")
        return computation

    return modexp


def _point_evaluation(computation: Any) -> Any:
    # py-evm's own reads the trusted setup from its file for every proof, which takes a second.
    computation.consume_gas(POINT_EVALUATION_PRECOMPILE_GAS, reason="point evaluation")
    data = computation.msg.data_as_bytes
    versioned_hash, z, y = data[:32], data[32:64], data[64:96]
    commitment, proof = data[96:144], data[144:]
    if len(data) != 192 or kzg_to_versioned_hash(commitment) != versioned_hash:
        raise evm.VMError("point evaluation of something else")
    try:
        proved = verify_kzg_proof(commitment, z, y, proof, _trusted_setup())
    except RuntimeError:  # numbers or points that are none
        proved = False
    if not proved:
        raise evm.VMError("point evaluation: wrong proof")
    answer = (FIELD_ELEMENTS_PER_BLOB, BLS_MODULUS)
    computation.output = b"".join(number.to_bytes(32, "big") for number in answer)
    return computation


@cache
def _trusted_setup() -> Any:
    return load_trusted_setup(TRUSTED_SETUP_PATH, 0)


def _paid_first(original: Precompile, price: Callable[[bytes], int]) -> Precompile:
    # py-evm looks at the input before it asks for the gas. Both failures cost all of it.
    def paid(computation: Any) -> Any:
        needed = price(computation.msg.data_as_bytes)
        if computation.get_gas_remaining() < needed:
            raise evm.OutOfGas(f"needed {needed}")
        return original(computation)

    return paid


def _rounds(data: bytes) -> int:
    # Input of another length has no rounds, and is refused as it is.
    return int.from_bytes(data[:4], "big") if len(data) == BLAKE_BYTES else 0


PRICES: dict[int, Callable[[bytes], int]] = {
    # EIP-1108, EIP-152, EIP-2537.
    0x8: lambda data: 45_000 + 34_000 * (len(data) // 192),
    0x9: _rounds,
    0xB: lambda data: 375,
    0xD: lambda data: 600,
    0x10: lambda data: 5_500,
    0x11: lambda data: 23_800,
}
"""Gas by input, of precompiles that py-evm charges too late."""


def _address(number: int) -> bytes:
    return number.to_bytes(20, "big")
