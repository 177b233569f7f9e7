# pragma version ~=0.4.3
# SPDX-License-Identifier: MIT
"""
@title Calls to tokens that keep to ERC-20 more or less
@license MIT
@notice Each function says whether the token did what it was told. Tokens without a
        return value did; False, a revert and a short answer mean that they did not.
"""


@internal
def _transfer(token: address, to: address, amount: uint256) -> bool:
    success: bool = False
    answer: Bytes[32] = b""
    success, answer = raw_call(
        token,
        abi_encode(to, amount, method_id=method_id("transfer(address,uint256)")),
        max_outsize=32,
        revert_on_failure=False,
    )
    if len(answer) == 0:
        return success
    return success and len(answer) == 32 and convert(answer, uint256) != 0


@internal
def _transfer_from(token: address, owner: address, to: address, amount: uint256) -> bool:
    success: bool = False
    answer: Bytes[32] = b""
    success, answer = raw_call(
        token,
        abi_encode(
            owner, to, amount, method_id=method_id("transferFrom(address,address,uint256)")
        ),
        max_outsize=32,
        revert_on_failure=False,
    )
    if len(answer) == 0:
        return success
    return success and len(answer) == 32 and convert(answer, uint256) != 0
