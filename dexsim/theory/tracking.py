"""How far a token's price may run from what it stands for."""

from __future__ import annotations

from math import log, sqrt

_BPS = 10_000


def free_error(volatility: float, noise: float, time: float) -> float:
    """Standard deviation of the log gap without any link: both prices walk freely.

    volatility, noise: of the reference and of the pool, for a unit of `time`.
    """
    return sqrt(volatility**2 + noise**2) * sqrt(time)


def closed_error(volatility: float, time: float) -> float:
    """Standard deviation of the log gap after the link was shut for `time`: the reference's own walk."""
    return volatility * sqrt(time)


def linked_error(pool_fee_bps: int, link_fee_bps: int, block_volatility: float) -> float:
    """Stationary root mean square of the log gap after arbitrage, blocks at random times.

    sqrt((1 - P) G**2 / 3 + P G**2), G = -ln(1 - f) + m half the band's width,
    P = 1 / (1 + sqrt(2) G / s) the share of blocks with a trade, s =
    block_volatility for a mean block (the stationary law of Milionis,
    Moallemi and Roughgarden 2023, arXiv 2305.14604, for a band of that width).
    """
    half = -log(1 - pool_fee_bps / _BPS) + link_fee_bps / _BPS
    trades = 1 / (1 + sqrt(2) * half / block_volatility)
    return half * sqrt((1 - trades) / 3 + trades)
