"""The smallest integer of greatest score, where a bound on every interval is known."""

from __future__ import annotations

from collections.abc import Callable


def first_best(  # noqa: PLR0917 - a search is its two functions, its range and its start
    score: Callable[[int], int],
    bound: Callable[[int, int], int],
    low: int,
    high: int,
    best: int,
    steps: int | None = None,
) -> int:
    """The smallest argument in low..high of greatest `score`, starting from the incumbent `best`.

    bound(l, h) must be at least every score in l..h. Halves intervals, the smaller half first,
    and drops those that can hold nothing better. Exact; after `steps` intervals it gives up and
    returns the best seen, which is never worse than `best`.
    """
    level, open_ = score(best), [(low, high)]
    while open_ and steps != 0:
        steps = None if steps is None else steps - 1
        left, right = open_.pop()
        limit = bound(left, right) if left <= right else level - 1
        if limit < level or (limit == level and left >= best):
            continue
        middle = (left + right) // 2
        if (-score(middle), middle) < (-level, best):
            level, best = score(middle), middle
        if left < right:
            open_ += [(middle + 1, right), (left, middle - 1)]
    return best


def peak(score: Callable[[int], int], low: int, high: int) -> int:
    """Where an integer ternary search over low..high ends; the last three are all looked at."""
    while high - low > 2:
        third = (high - low) // 3
        if score(low + third) < score(high - third):
            low += third
        else:
            high -= third
    return max(range(low, high + 1), key=lambda a: (score(a), -a))
