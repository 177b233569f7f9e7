"""What market structures are measured by: delay, order, and what is burnt for nobody's trade."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Sequence
from fractions import Fraction
from statistics import fmean
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dexsim.results.arm import Arm, Row

_BPS = 10_000
_TRADER = "trader"
_SEARCHERS = frozenset({"searcher", "arbitrageur"})


def inclusion_delay_seconds(arm: Arm) -> float:
    """From when traders sent what was executed until its block: mean, in seconds; 0 without any."""
    times = {row["block"]: row["time_ms"] for row in arm.rows("blocks")}
    waited = [times[row["block"]] - row["arrival_ms"] for row in _traders(arm)]
    return fmean(waited) / 1000 if waited else 0.0


def reorder_distance(arm: Arm) -> float:
    """Of two transactions of one block, how often the later one comes first, in percent.

    Kendall's tau distance between the order of arrival and that of execution, over all pairs of
    all blocks that did not arrive at once; whoever sent them, what builders pay left out. 0 without pairs.
    """
    blocks: dict[int, list[int]] = defaultdict(list)
    for row in arm.rows("transactions"):
        if row["block"] > 0 and row["role"] != "builder":
            blocks[row["block"]].append(row["arrival_ms"])
    swapped = sum(_swapped(times) for times in blocks.values())
    pairs = sum(_pairs(times) for times in blocks.values())
    return 100 * swapped / pairs if pairs else 0.0


def _swapped(times: Sequence[int]) -> int:
    """Pairs of which the one that stands later arrived earlier; n log n."""
    seen: list[int] = []
    found = 0
    for time in reversed(times):
        found += bisect_left(seen, time)
        insort(seen, time)
    return found


def _pairs(times: Sequence[int]) -> int:
    """Pairs that did not arrive at the same time."""
    equal: dict[int, int] = defaultdict(int)
    for time in times:
        equal[time] += 1
    return (len(times) ** 2 - sum(count**2 for count in equal.values())) // 2


def deadweight(arm: Arm) -> float:
    """Base fees that were burnt for no user's trade: searchers' gas, and everybody's that failed.

    In the numeraire at the end's prices.
    """
    fees = {row["block"]: int(row["base_fee"]) for row in arm.rows("blocks")}
    lost = sum(
        row["gas_used"] * fees[row["block"]]
        for row in arm.rows("transactions")
        if row["block"] > 0 and (row["role"] in _SEARCHERS or not row["status"])
    )
    return float(arm.value("ETH", lost))


def retail_refund_bps(arm: Arm) -> float:
    """What builders paid back to traders, in basis points of what they sold."""
    roles = _roles(arm)
    back = sum(
        int(row["refund"]) for row in arm.rows("bundles") if roles.get(row["refunded"]) == _TRADER
    )
    sold = sum(
        (
            arm.value(row["token_in"], row["amount_in"])
            for row in arm.rows("swaps")
            if row["role"] == _TRADER
        ),
        Fraction(0),
    )
    return float(_BPS * arm.value("ETH", back) / sold) if sold else 0.0


def retail_unfilled(arm: Arm) -> float:
    """Traders' orders that were not executed by the end of the run, or failed, in percent of all."""
    roles = _roles(arm)
    made = sum(roles.get(row["agent"]) == _TRADER for row in arm.rows("orders"))
    swaps = [row for row in arm.rows("swaps") if row["role"] == _TRADER]
    filled = len({(row["block"], row["position"]) for row in swaps})
    return 100 * (1 - filled / made) if made else 0.0


def _roles(arm: Arm) -> dict[str, str]:
    return {row["agent"]: row["role"] for row in arm.rows("agents")}


def _traders(arm: Arm) -> list[Row]:
    """Traders' transactions."""
    rows = arm.rows("transactions")
    return [row for row in rows if row["block"] > 0 and row["role"] == _TRADER]


BLOCK_MEASURES = (
    inclusion_delay_seconds,
    reorder_distance,
    deadweight,
    retail_refund_bps,
    retail_unfilled,
)
"""Of structures, in the order in which they are told."""
