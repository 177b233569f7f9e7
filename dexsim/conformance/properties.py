"""What is promised of a pool: every property with its id, its name and what it says."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Property:
    """One promise. says: the statement, in the pool's own numbers (r: reserves, S: all shares)."""

    id: str
    name: str
    says: str


XYK = (
    Property(
        "P01", "balances cover the reserves", "balance >= reserve of both tokens, at all times"
    ),
    Property("P03", "k falls only in a burn", "r0 r1 never falls in any other call"),
    Property(
        "P05", "nothing for nothing", "no closed sequence of one actor gives more than it took"
    ),
    Property("P07", "one more is refused", "the quoted output passes, and one unit more does not"),
    Property("P10", "tokens are neither made nor lost", "the sum over all holders is constant"),
    Property(
        "P12", "reserves fit 112 bits", "more is refused, and skim makes the pool usable again"
    ),
    Property(
        "P14",
        "one second counts once",
        "two calls in one second add to the sums of prices once",
    ),
    Property(
        "P16",
        "the last k changes with liquidity only",
        "swap, sync and skim never write kLast",
    ),
    Property("P21", "a gift takes from nobody", "after a gift and sync no holder's part is less"),
    Property("P23", "views agree", "quotes and reserves are what swaps and balances then are"),
    Property(
        "P30",
        "a refusal says why",
        "by the reason that users of the interface know; an exchange's own words are taken as they are",
    ),
    Property("R02", "solvency", "all that is owed is there and can be paid"),
    Property("R03", "rewards are proportional", "equal stake over equal time earns equally"),
    Property("R04", "checkpoints change nothing", "but for rounding down, whoever makes them"),
    Property("R06", "stakes are safe", "whoever staked shares gets exactly these back, always"),
    Property("R07", "nothing is claimed twice", "a second claim in the same second pays nothing"),
)
"""Of a pool under Uniswap v2's interface: the 36 of the invariants recorded for it, and what the faults
made on purpose showed to be missing there (from P29 on)."""
