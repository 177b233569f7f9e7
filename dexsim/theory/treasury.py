"""What a company that holds a token can do for those who own it."""

from __future__ import annotations

from fractions import Fraction


def units_per_share(premium: Fraction, issued: Fraction) -> Fraction:
    """Units behind a share after an issue, as a multiple of before: (1 + m x) / (1 + x).

    premium: m, the share's price over the value behind it; issued: x, new
    shares per old one, all proceeds spent on units at their price. Below 1
    (dilution) exactly when the premium is below 1.
    """
    return (1 + premium * issued) / (1 + issued)


def rebalancing_gain(volatility: float, time: float) -> float:
    """Log growth that half and half, rebalanced without cost, earns over the geometric mean of the two.

    s**2 t / 8 with s the relative volatility; a pool of x * y = k keeps the
    geometric mean, so it is what its providers give up.
    """
    return volatility**2 * time / 8


def trading_cost(turnover: float, fee: float, impact: float, gas: float) -> float:
    """What trading without skill costs: turnover * (fee + impact) + gas."""
    return turnover * (fee + impact) + gas


def slippage_with(own_liquidity: Fraction) -> Fraction:
    """Price impact of users as a share of before, when the treasury adds so much of the pool: 1 / (1 + a)."""
    return 1 / (1 + own_liquidity)
