# pragma version ~=0.4.3
# SPDX-License-Identifier: MIT
"""
@title A receiver of flash swaps that is told what to do by their data
@license MIT
@notice A mock for tests. It keeps nothing between calls: the data of the swap is the list
        of the calls that it makes in its callback, and it logs what they answered.
"""


struct Call:
    target: address
    data: Bytes[164]


event Called:
    sender: indexed(address)
    amount0: uint256
    amount1: uint256


event Answered:
    target: indexed(address)
    answer: Bytes[96]


@external
def uniswapV2Call(sender: address, amount0: uint256, amount1: uint256, data: Bytes[2048]):
    """
    @notice The callback of a flash swap. A call that is refused refuses the whole.
    """
    log Called(sender=sender, amount0=amount0, amount1=amount1)
    calls: DynArray[Call, 6] = abi_decode(data, DynArray[Call, 6])
    for call: Call in calls:
        answer: Bytes[96] = raw_call(call.target, call.data, max_outsize=96)
        log Answered(target=call.target, answer=answer)
