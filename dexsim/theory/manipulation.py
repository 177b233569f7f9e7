"""What it costs to move a pool's price, and an average of it, while others trade it back.

Costs are multiples of the pool's money (its quote reserve), without a fee.
"""

from __future__ import annotations

from math import sqrt


def push_cost(factor: float) -> float:
    """Loss of moving the price by a factor that arbitrage undoes: sqrt(k) + 1 / sqrt(k) - 2."""
    return sqrt(factor) + 1 / sqrt(factor) - 2


def average_in_one_block(target: float, blocks: int) -> float:
    """Loss of moving the arithmetic average of `blocks` blocks by `target` in one of them."""
    return push_cost(1 + blocks * (target - 1))


def average_in_every_block(target: float, blocks: int) -> float:
    """Loss of moving every one of `blocks` blocks by `target`."""
    return blocks * push_cost(target)


def capital(factor: float) -> float:
    """Money needed to move the price up by a factor: sqrt(k) - 1."""
    return sqrt(factor) - 1
