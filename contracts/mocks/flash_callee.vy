# pragma version ~=0.4.3
# SPDX-License-Identifier: MIT
"""
@title A receiver of flash swaps
@license MIT
@notice A mock for tests. Does in its callback what it was told to do beforehand, and
        remembers what it was called with and what the calls answered.
"""


struct Call:
    target: address
    data: Bytes[1024]


sender: public(address)
amount0: public(uint256)
amount1: public(uint256)
data: public(Bytes[1024])
answers: public(DynArray[Bytes[96], 16])
_calls: DynArray[Call, 16]


@external
def add_call(target: address, data: Bytes[1024]):
    """
    @notice Adds a call to those that the callback makes, in order.
    """
    self._calls.append(Call(target=target, data=data))


@external
def run(target: address, data: Bytes[1024]):
    """
    @notice Makes one call now, as this contract; its refusal is passed on.
    """
    raw_call(target, data)


@external
def uniswapV2Call(sender: address, amount0: uint256, amount1: uint256, data: Bytes[1024]):
    """
    @notice The callback of a flash swap. A call that is refused refuses the whole.
    """
    self.sender = sender
    self.amount0 = amount0
    self.amount1 = amount1
    self.data = data
    self._make_calls()


@external
def run_calls():
    """
    @notice Makes the calls now, outside of a flash swap.
    """
    self._make_calls()


@internal
def _make_calls():
    for call: Call in self._calls:
        self.answers.append(raw_call(call.target, call.data, max_outsize=96))
