"""The best way to divide a few wei over several places, found by trying all of them."""

from __future__ import annotations

from collections.abc import Sequence


def least_sum(costs: Sequence[Sequence[int]], total: int) -> tuple[int, ...]:
    """Parts that sum to `total` at the least sum of costs; the lexicographically smallest of them.

    costs: of each place, what the parts 0, 1, ... cost there; `total` + 1 numbers. Goes from the
    last place to the first: at most places * total^2 / 2 additions.
    """
    rest: list[int] = list(costs[-1][: total + 1])
    chosen: list[list[int]] = []
    for cost in reversed(costs[:-1]):
        best = [min((cost[a] + rest[t - a], a) for a in range(t + 1)) for t in range(total + 1)]
        rest = [value for value, _ in best]
        chosen.append([part for _, part in best])
    parts = []
    for choice in reversed(chosen):
        parts.append(choice[total])
        total -= parts[-1]
    return (*parts, total)
