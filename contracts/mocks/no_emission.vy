# pragma version ~=0.4.3
# SPDX-License-Identifier: MIT
"""
@title A schedule that emits nothing
@license MIT
@notice A mock for tests. Answers what a gauge asks of its token, with a rate of zero.
"""

cap: public(constant(uint256)) = 10**20
rate: public(constant(uint256)) = 0
start: public(constant(uint256)) = 0
