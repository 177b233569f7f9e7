"""py-evm's precompiled contracts, with the specification's answer and order where it has another."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, TypeAlias

from eth import exceptions as evm
from eth.precompiles import point_evaluation as kzg
from eth.precompiles.modexp import extract_lengths

Precompile: TypeAlias = Callable[[Any], Any]

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
    computation.consume_gas(kzg.POINT_EVALUATION_PRECOMPILE_GAS, reason="point evaluation")
    data = computation.msg.data_as_bytes
    versioned_hash, z, y = data[:32], data[32:64], data[64:96]
    commitment, proof = data[96:144], data[144:]
    if len(data) != 192 or kzg.kzg_to_versioned_hash(commitment) != versioned_hash:
        raise evm.VMError("point evaluation of something else")
    try:
        proved = kzg.verify_kzg_proof(commitment, z, y, proof, _trusted_setup())
    except RuntimeError:  # numbers or points that are none
        proved = False
    if not proved:
        raise evm.VMError("point evaluation: wrong proof")
    answer = (kzg.FIELD_ELEMENTS_PER_BLOB, kzg.BLS_MODULUS)
    computation.output = b"".join(number.to_bytes(32, "big") for number in answer)
    return computation


@cache
def _trusted_setup() -> Any:
    return kzg.load_trusted_setup(kzg.TRUSTED_SETUP_PATH, 0)


def _paid_first(original: Precompile, price: Callable[[int], int]) -> Precompile:
    # py-evm looks at the input's length before it asks for the gas. Both failures cost all of it.
    def paid(computation: Any) -> Any:
        needed = price(len(computation.msg.data))
        if computation.get_gas_remaining() < needed:
            raise evm.OutOfGas(f"needed {needed}")
        return original(computation)

    return paid


PRICES: dict[int, Callable[[int], int]] = {
    # EIP-1108, EIP-2537.
    0x8: lambda size: 45_000 + 34_000 * (size // 192),
    0xB: lambda size: 375,
    0xD: lambda size: 600,
    0x10: lambda size: 5_500,
    0x11: lambda size: 23_800,
}
"""Gas by the input's length in bytes, of precompiles that py-evm charges too late."""


def _address(number: int) -> bytes:
    return number.to_bytes(20, "big")
