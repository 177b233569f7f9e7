"""What claims about depth and fragmentation are measured by: functions of the tables."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from fractions import Fraction
from math import log, nan
from statistics import fmean
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dexsim.results.arm import Arm, Row

_BPS = 10_000
_BUYER = "buyer"


def premium_bps(arm: Arm) -> float:
    """What buyers paid above the pool's price at the quote: fee, price impact and attacks.

    In basis points of what they got at that price, over all purchases of agents
    of the role `buyer`; with several quote tokens by what those are worth at the
    end. NaN where nobody bought.
    """
    quotes = {row["market"]: row["quote"] for row in arm.at_block("pools", 0)}
    paid = worth = 0.0
    for row in _purchases(arm):
        quote = quotes[row["market"]]
        unit = float(arm.value(quote, 10 ** arm.decimals[quote])) or 1.0
        mid = row["mid_before"] if row["mid_quoted"] is None else row["mid_quoted"]
        pays_quote = row["token_in"] == quote
        paid += unit * row["amount_in_tokens"] * (1 if pays_quote else mid)
        worth += unit * row["amount_out_tokens"] * (mid if pays_quote else 1)
    return _BPS * (paid / worth - 1) if worth else nan


def fair_premium_bps(arm: Arm) -> float:
    """What buyers paid above outside prices, block by block, in basis points of what they got.

    In it are the fee, the price impact, and how far the pool had gone astray
    before. NaN where nobody bought at a price that is known.
    """
    paid = worth = Fraction(0)
    for row in _purchases(arm):
        prices = arm.prices_at(row["block"])
        paid += row["amount_in"] * prices.get(row["token_in"], Fraction(0))
        worth += row["amount_out"] * prices.get(row["token_out"], Fraction(0))
    return _BPS * float(paid / worth - 1) if worth else nan


def price_gap_bps(arm: Arm) -> float:
    """How far the pools of one pair are apart: the log of the dearest price by the cheapest.

    Mean over the ends of all blocks, of the pair that is furthest apart in a
    block; 0 where every pair has one pool.
    """
    gaps = [_gap(arm.at_block("pools", block)) for block in range(1, arm.last_block + 1)]
    return _BPS * fmean(gaps)


def _gap(pools: list[Row]) -> float:
    by_pair = defaultdict(list)
    for row in pools:
        if row["price"]:
            by_pair[row["base"], row["quote"]].append(row["price"])
    return max((log(max(prices) / min(prices)) for prices in by_pair.values()), default=0.0)


def _purchases(arm: Arm) -> Iterator[Row]:
    return (row for row in arm.rows("swaps") if row["role"] == _BUYER)


BUYER_MEASURES = (premium_bps, fair_premium_bps, price_gap_bps)
"""All of them, in the order in which they are told."""
