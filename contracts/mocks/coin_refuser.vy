# pragma version ~=0.4.3
# SPDX-License-Identifier: MIT
"""
@title A contract that takes no coins
@license MIT
@notice A mock for tests. It passes coins on, and refuses those that come back.
"""


@external
@payable
def run(target: address, data: Bytes[1024]):
    """
    @notice Makes one call as this contract with the coins that came with it; its refusal is passed on.
    """
    raw_call(target, data, value=msg.value)
