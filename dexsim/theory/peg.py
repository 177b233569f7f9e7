"""Where an issuer who mints and redeems holds a token's price, and what a run on it pays.

Prices are cash per token; fees of the issuer are paid on top of a deposit
(mint) and taken from a payout (redemption).
"""

from __future__ import annotations

from fractions import Fraction
from math import sqrt

_BPS = 10_000


def band(mint_fee_bps: int, redeem_fee_bps: int, pool_fee_bps: int) -> tuple[Fraction, Fraction]:
    """Pool prices between which neither minting nor redeeming pays: ((1 - r) g, (1 + m) / g)."""
    kept = 1 - Fraction(pool_fee_bps, _BPS)
    low = (1 - Fraction(redeem_fee_bps, _BPS)) * kept
    high = (1 + Fraction(mint_fee_bps, _BPS)) / kept
    return low, high


def upper_with_gas(mint_fee_bps: int, pool_fee_bps: int, *, gas: float, reserve: float) -> float:
    """The price above which minting and selling pays for `gas` too.

    gas: in cash; reserve: tokens in the pool. (sqrt((1 + m) / g) + sqrt(c / T))**2.
    """
    high = band(mint_fee_bps, 0, pool_fee_bps)[1]
    return (sqrt(high) + sqrt(gas / reserve)) ** 2


def lifted_price(bought: Fraction | float, reserve: Fraction | float) -> Fraction | float:
    """The price after `bought` cash came into a pool with `reserve` cash, from 1 and without a fee.

    (1 + D / Q)**2: what a flight into the token does where nobody can mint.
    """
    return (1 + bought / reserve) ** 2


def tokens_to_redeem(reserve: float, price: float, low: float) -> float:
    """Tokens to buy from a pool and redeem until its price is back at `low`: T0 (1 - sqrt(P0 / P)).

    reserve: tokens in the pool at `price`.
    """
    return reserve * (1 - sqrt(price / low))


def first_come(coverage: Fraction, claims: list[int]) -> list[Fraction]:
    """What each claim is paid when all want out, in this order, and the reserve covers a part.

    coverage: reserve as a share of all claims. The first get everything, the last nothing.
    """
    left = coverage * sum(claims)
    paid = []
    for claim in claims:
        paid.append(min(Fraction(claim), left))
        left -= paid[-1]
    return paid


def pro_rata(coverage: Fraction, claims: list[int]) -> list[Fraction]:
    """What each claim is paid when all are paid alike: its share of the reserve, at most itself."""
    return [min(coverage, Fraction(1)) * claim for claim in claims]


def blocks_to_redeem(supply: int, cap: int) -> int:
    """Blocks until everything is redeemed at `cap` a block: ceil(S / c)."""
    return -(-supply // cap)
