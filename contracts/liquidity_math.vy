# pragma version ~=0.4.3
# SPDX-License-Identifier: MIT
"""
@title What liquidity is worth
@license MIT
@notice Never refuses, whatever the numbers: where the pool's own arithmetic would overflow,
        the pool refuses to mint and to burn, and shares here are zero.
"""


@internal
@pure
def _protocol_fee(root: uint256, root_last: uint256, supply: uint256) -> uint256:
    # Liquidity for one sixth of the growth of sqrt(k), whose roots are below 2**112. Where its
    # amount overflows, more than there can be.
    if root_last == 0 or root <= root_last:
        return 0
    if supply > unsafe_div(max_value(uint256), unsafe_sub(root, root_last)):
        return max_value(uint256)
    parts: uint256 = unsafe_add(unsafe_mul(root, 5), root_last)
    return self._part(supply, unsafe_sub(root, root_last), parts)


@internal
@pure
def _share(liquidity: uint256, balance: uint256, supply: uint256, fee: uint256) -> uint256:
    # What burning pays of a balance, after the protocol's fee has been minted.
    if fee > unsafe_sub(max_value(uint256), supply):
        return 0
    return self._part(balance, liquidity, unsafe_add(supply, fee))


@internal
@pure
def _part(amount: uint256, numerator: uint256, denominator: uint256) -> uint256:
    # amount * numerator / denominator rounded down.
    if denominator == 0 or numerator == 0:
        return 0
    if amount > unsafe_div(max_value(uint256), numerator):
        return 0
    return unsafe_div(unsafe_mul(amount, numerator), denominator)
