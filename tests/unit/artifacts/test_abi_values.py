"""Values as the ABI's codec gives them, made readable."""

from __future__ import annotations

from eth_abi.abi import encode

from dexsim.artifacts.abi import Function, Parameter

RAW = "0x" + "ab" * 20
CHECKSUMMED = "0xABaBaBaBABabABabAbAbABAbABabababaBaBABaB"


def test_every_address_is_checksummed_wherever_it_stands():
    kinds = [
        "address",
        "address[]",
        "(uint256,address)",
        "(address[2],(bool,address))[]",
        "bytes32",
    ]
    values = [RAW, [RAW], (1, RAW), [([RAW, RAW], (True, RAW))], b"\x01" * 32]
    function = Function("f", (), tuple(Parameter("", kind) for kind in kinds), "view")
    assert function.decode_output(encode(kinds, values)) == (
        CHECKSUMMED,
        (CHECKSUMMED,),
        (1, CHECKSUMMED),
        (((CHECKSUMMED, CHECKSUMMED), (True, CHECKSUMMED)),),
        b"\x01" * 32,
    )
