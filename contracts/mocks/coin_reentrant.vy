# pragma version ~=0.4.3
# SPDX-License-Identifier: MIT
"""
@title A contract that does something when it gets coins
@license MIT
@notice A mock for tests. The call is chosen beforehand and made once.
"""

target: public(address)
data: public(Bytes[1024])


@external
def set_call(target: address, data: Bytes[1024]):
    """
    @notice What the next coins make it call; the zero address: nothing.
    """
    self.target = target
    self.data = data


@external
@payable
def run(target: address, data: Bytes[1024]):
    """
    @notice Makes one call with the coins sent, as this contract; its refusal is passed on.
    """
    raw_call(target, data, value=msg.value)


@external
@payable
def __default__():
    """
    @notice Takes coins and makes the call.
    """
    target: address = self.target
    if target != empty(address):
        self.target = empty(address)
        raw_call(target, self.data)
