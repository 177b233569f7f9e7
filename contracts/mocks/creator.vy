# pragma version ~=0.4.3
# SPDX-License-Identifier: MIT
"""
@title A maker of contracts
@license MIT
@notice A mock for tests. What is created and destroyed in one transaction is gone after it;
        the same code then finds the same address free.
"""


@external
def create(init_code: Bytes[512]) -> address:
    """
    @notice Creates a contract by CREATE2 without salt.
    @return Where it is.
    """
    return raw_create(init_code, salt=empty(bytes32))
