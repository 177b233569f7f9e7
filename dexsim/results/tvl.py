"""What lies in pools and what is staked, at a block's prices and over time."""

from __future__ import annotations

from collections.abc import Callable, Collection
from fractions import Fraction
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dexsim.results.arm import Arm

_MS_A_DAY = 86_400_000
ZERO = Fraction(0)


def tvl_at(arm: Arm, block: int, markets: Collection[str]) -> Fraction:
    """Reserves of these markets at the end of a block, in whole numeraire tokens."""
    prices = arm.prices_at(block)
    return sum(
        (
            row[f"{side}_reserve"] * prices.get(row[side], ZERO)
            for row in arm.at_block("pools", block)
            if row["market"] in markets
            for side in ("base", "quote")
        ),
        ZERO,
    )


def staked_at(arm: Arm, block: int) -> Fraction:
    """What is staked in all gauges at the end of a block, in whole numeraire tokens."""
    pools = {row["market"]: row for row in arm.at_block("pools", block)}
    stakes = {r["gauge"]: (r["market"], r["total_staked"]) for r in arm.at_block("gauges", block)}
    return sum(
        (
            tvl_at(arm, block, {market}) * Fraction(amount, pools[market]["lp_supply"])
            for market, amount in stakes.values()
            if amount
        ),
        ZERO,
    )


def value_days(arm: Arm, value_at: Callable[[int], Fraction]) -> Fraction:
    """A value over the run, in numeraire days: each block's until the next block."""
    times = {row["block"]: row["time_ms"] for row in arm.rows("blocks")}
    held = (value_at(block) * (times[block + 1] - times[block]) for block in range(arm.last_block))
    return sum(held, ZERO) / _MS_A_DAY
