"""Searching by asking: the largest input that passes, and the most profitable one.

For pools of no known shape. Every question costs an execution, so that each
search has a bound on how often it asks; the answers are integers, and the
same questions are asked in the same order every time.
"""

from __future__ import annotations

from collections.abc import Callable

LIMIT_QUESTIONS = 40
"""The most that `largest_passing` asks."""

PEAK_QUESTIONS = 48
"""The most that `peak` asks."""

_GOLDEN = (618_034, 1_000_000)
_EXACT = 2**36
_CLOSE = 2**14  # a bracket of such a part of its place is narrow enough: profit is flat at its peak


def largest_passing(margin: Callable[[int], int], most: int) -> int:
    """The largest input of 1..most with `margin(input)` >= 0, which falls in the input; 0 for none.

    By false position with the Illinois rule, bisecting every third time. The answer passes, and
    is at most a 2^36th part, or 1, below the exact one, unless the questions run out.
    """
    if most < 1:
        return 0
    high, above = most, margin(most)
    if above >= 0:
        return most
    low, below = 0, margin(0)
    if below < 0:
        return 0
    side = 0
    for asked in range(LIMIT_QUESTIONS - 2):
        if high - low <= max(1, high // _EXACT):
            break
        middle = (low + high) // 2
        if asked % 3 != 2:
            middle = low + (high - low) * below // (below - above)
        middle = min(max(middle, low + 1), high - 1)
        value = margin(middle)
        if value >= 0:
            low, below = middle, value
            above = above // 2 if side > 0 else above
            side = 1
        else:
            high, above = middle, value
            below = below // 2 if side < 0 else below
            side = -1
    return low


def peak(gain: Callable[[int], int], most: int) -> tuple[int, int]:
    """(input, gain) of the greatest gain found in 1..most; (0, 0) where none is above zero.

    By golden section, for a gain that rises to one peak and falls behind it. It first looks
    whether the gain still rises at `most` (then that is the peak), and how small the peak may be.
    """
    asked: dict[int, int] = {}

    def ask(amount: int) -> int:
        if amount not in asked:
            asked[amount] = gain(amount)
        return asked[amount]

    if most < 1:
        return 0, 0
    low, high = 0, most
    if ask(most) <= ask(max(1, most - max(1, most // _CLOSE))):
        low, high = _bracket(ask, most)
    else:
        low = high
    inner, outer = _inner(low, high), _outer(low, high)
    while high - low > max(2, high // _CLOSE) and len(asked) < PEAK_QUESTIONS - 2:
        if ask(inner) < ask(outer):
            low, inner, outer = inner, outer, _outer(inner, high)
        else:
            high, outer, inner = outer, inner, _inner(low, outer)
    ask(max(1, low))
    ask(max(1, (low + high) // 2))
    best = max(asked, key=lambda amount: (asked[amount], -amount))
    return (best, asked[best]) if asked[best] > 0 else (0, 0)


def _bracket(ask: Callable[[int], int], most: int) -> tuple[int, int]:
    """Bounds of the peak, found downwards in steps of sixteen."""
    high, middle = most, most
    while middle > 1:
        lower = max(1, middle // 16)
        if ask(lower) <= ask(middle):
            return lower, high
        high, middle = middle, lower
    return 0, high


def _inner(low: int, high: int) -> int:
    return high - (high - low) * _GOLDEN[0] // _GOLDEN[1]


def _outer(low: int, high: int) -> int:
    return low + (high - low) * _GOLDEN[0] // _GOLDEN[1]
