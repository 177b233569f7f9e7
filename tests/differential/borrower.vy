# pragma version ~=0.4.3
# SPDX-License-Identifier: MIT
"""
@title A borrower that does what its callback data says
@license MIT
@notice For tests. Logs what it was called with, and what each of its calls answered. A call
        that is refused is logged without its reason, which differs between exchanges.
"""


struct Step:
    # The address, and 2**160 more where the call must succeed: one word, as data is bounded.
    target: uint256
    data: Bytes[164]


event Called:
    sender: address
    amount0: uint256
    amount1: uint256


event Answered:
    success: bool
    answer: Bytes[96]


@external
def uniswapV2Call(sender: address, amount0: uint256, amount1: uint256, data: Bytes[1024]):
    """
    @notice The callback of a flash swap.
    """
    log Called(sender=sender, amount0=amount0, amount1=amount1)
    steps: DynArray[Step, 3] = abi_decode(data, DynArray[Step, 3])
    for step: Step in steps:
        target: address = convert(step.target & (2**160 - 1), address)
        success: bool = False
        answer: Bytes[96] = b""
        success, answer = raw_call(
            target, step.data, max_outsize=96, revert_on_failure=False
        )
        assert success or step.target < 2**160, "borrower: a step failed"
        log Answered(success=success, answer=answer if success else b"")
