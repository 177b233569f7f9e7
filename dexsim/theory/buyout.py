"""What it costs to buy a whole token back from a pool, and what a rule for the last ones changes."""

from __future__ import annotations

from fractions import Fraction

_BPS = 10_000


def cost_to_buy(share: Fraction, pool_fee_bps: int = 30) -> Fraction:
    """Cost of buying a share of a pool's tokens, as a multiple of its money: t / ((1 - t) g).

    Without bound as the share comes near 1; raises ZeroDivisionError at 1: a
    pool of x * y = k is never empty.
    """
    kept = 1 - Fraction(pool_fee_bps, _BPS)
    return share / ((1 - share) * kept)


def cost_with_squeeze(
    threshold: Fraction, squeeze_price: Fraction, *, tokens: int, money: int, pool_fee_bps: int = 30
) -> Fraction:
    """Cost of everything when the rest can be squeezed out above a threshold.

    tokens, money: the pool's; squeeze_price: money per token for the rest.
    """
    rest = (1 - threshold) * tokens
    return money * cost_to_buy(threshold, pool_fee_bps) + rest * squeeze_price


def everybody_agrees(chance: Fraction, holders: int) -> Fraction:
    """Probability that `holders` who each accept with `chance` accept together."""
    return chance**holders
