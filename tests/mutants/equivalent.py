"""Edits that nobody can see from outside, each with the reason: they are no faults, and do not count.

All of them can be made at once.
"""

from __future__ import annotations

from tests.mutants.mutant import Mutant

EQUIVALENT = [
    # No time, no sum. The EVM divides by zero to zero, and zero by anything to zero.
    Mutant(
        "prices are added up where no time has passed or a reserve is empty",
        "pool.vy",
        "if unsafe_mul(elapsed, unsafe_mul(reserve0, reserve1)) > 0:",
        "if True:",
    ),
    # A block's time is not below an earlier one's, and that is not below its own lower 32 bits.
    Mutant(
        "the elapsed time is subtracted with a check",
        "pool.vy",
        "unsafe_sub(block.timestamp, packed >> 224) & _MAX_TIME",
        "(block.timestamp - (packed >> 224)) & _MAX_TIME",
    ),
    # A price is below 2**224 and the elapsed time below 2**32.
    Mutant(
        "a price is weighed by the time with a check",
        "pool.vy",
        "self.price0CumulativeLast, unsafe_mul(price0, elapsed)",
        "self.price0CumulativeLast, price0 * elapsed",
    ),
    # The update before it has refused balances of more than 112 bits.
    Mutant(
        "k after a mint is multiplied with a check",
        "pool.vy",
        "        self.kLast = unsafe_mul(balance0, balance1)\n    log IPool.Mint(",
        "        self.kLast = balance0 * balance1\n    log IPool.Mint(",
    ),
    # Zero is written over zero: only the gas tells.
    Mutant(
        "kLast is cleared again and again",
        "pool.vy",
        "        if k_last > 0:\n            self.kLast = 0\n",
        "        self.kLast = 0\n",
    ),
    # Equal roots make a fee of nothing, which is not minted.
    Mutant(
        "a protocol's fee is worked out where nothing has grown",
        "pool.vy",
        "if root > root_last:",
        "if root >= root_last:",
    ),
    # The outputs have been found to be below the reserves.
    Mutant(
        "the outputs are taken off the reserves with a check",
        "pool.vy",
        "unsafe_sub(reserve0, amount0Out)",
        "reserve0 - amount0Out",
    ),
    # Whoever could sign so often that a nonce wraps would need 2**256 transactions.
    Mutant(
        "a nonce is counted with a check",
        "erc20.vy",
        "self.nonces[owner] = unsafe_add(nonce, 1)",
        "self.nonces[owner] = nonce + 1",
    ),
]
